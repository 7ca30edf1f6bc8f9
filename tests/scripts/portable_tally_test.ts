import { assertEquals } from "@std/assert";
import { tallyOfOutcomes } from "../../scripts/portable_tally.ts";

function log(...outcomes: readonly [name: string, outcome: string][]): string {
  return outcomes.map(([name, outcome]) => `${JSON.stringify({ name, outcome })}\n`).join("");
}

Deno.test("tallyOfOutcomes() counts, ignored tests neither as passed nor as failed", () => {
  const run = { expected: ["a", "b", "c"], log: log(["a", "passed"], ["c", "ignored"], ["b", "failed"]), exitCode: 1 };
  assertEquals(tallyOfOutcomes(run), { passed: 1, failed: 1, complaints: ["Failed: b"] });
});

Deno.test("tallyOfOutcomes() counts every test as failed that Deno has and that did not end, also one of two of a name", () => {
  assertEquals(tallyOfOutcomes({ expected: ["a", "b", "b"], log: log(["b", "passed"]), exitCode: 0 }), {
    passed: 1,
    failed: 2,
    complaints: ["Did not come to its end: a", "Did not come to its end: b"],
  });
});

Deno.test("tallyOfOutcomes() counts a test that Deno does not know, and a Deno that knows none", () => {
  assertEquals(tallyOfOutcomes({ expected: ["a"], log: log(["a", "passed"], ["b", "passed"]), exitCode: 0 }), {
    passed: 2,
    failed: 1,
    complaints: ["Is no test of Deno: b"],
  });
  assertEquals(tallyOfOutcomes({ expected: [], log: "", exitCode: 0 }).failed, 1);
});

Deno.test("tallyOfOutcomes() counts an exit code that no failed test stands for as one", () => {
  assertEquals(tallyOfOutcomes({ expected: ["a"], log: log(["a", "passed"]), exitCode: 7 }), {
    passed: 1,
    failed: 1,
    complaints: ["All tests passed, but the run exited with 7"],
  });
});
