import { assertEquals } from "@std/assert";
import { sum, tallyOf, tallyOfReport, tallyOfSuite } from "../../scripts/tally.ts";

const REPORT = `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="deno test" tests="7" failures="2" errors="0" time="0.010">
    <testsuite name="./a_test.ts" tests="4" disabled="1" errors="0" failures="2">
    </testsuite>
    <testsuite name="./b_test.ts" tests="3" disabled="1" errors="0" failures="0">
    </testsuite>
</testsuites>`;

Deno.test("tallyOf() counts a check as one test", () => {
  assertEquals(tallyOf(0), { passed: 1, failed: 0 });
  assertEquals(tallyOf(2), { passed: 0, failed: 1 });
});

Deno.test("tallyOfReport() counts ignored tests neither as passed nor as failed", () => {
  assertEquals(tallyOfReport(REPORT, 1), { passed: 3, failed: 2 });
});

Deno.test("tallyOfReport() counts a failure outside the tests as one", () => {
  assertEquals(tallyOfReport(REPORT.replace(`failures="2"`, `failures="0"`), 1), { passed: 5, failed: 1 });
});

Deno.test("tallyOfReport() takes a run without a report for what its exit code says", () => {
  assertEquals(tallyOfReport("", 1), { passed: 0, failed: 1 });
});

Deno.test("sum() adds up", () => {
  assertEquals(sum([{ passed: 1, failed: 2 }, { passed: 3, failed: 4 }]), { passed: 4, failed: 6 });
  assertEquals(sum([]), { passed: 0, failed: 0 });
});

Deno.test("tallyOfSuite() counts one file", () => {
  assertEquals(tallyOfSuite(REPORT, "a_test.ts"), { passed: 1, failed: 2 });
  assertEquals(tallyOfSuite(REPORT, "b_test.ts"), { passed: 2, failed: 0 });
  assertEquals(tallyOfSuite(REPORT, "c_test.ts"), { passed: 0, failed: 0 });
});
