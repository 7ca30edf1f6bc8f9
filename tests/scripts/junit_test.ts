import { assertEquals } from "@std/assert";
import { tallyOfReport, testNames } from "../../scripts/junit.ts";

const REPORT = `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="deno test" tests="7" failures="2" errors="0" time="0.010">
    <testsuite name="./a_test.ts" tests="4" disabled="1" errors="0" failures="2">
        <testcase name="a() passes" classname="./a_test.ts" time="0.001" line="1" col="6">
        </testcase>
        <testcase name="a() fails &lt;twice&gt;" classname="./a_test.ts" time="0.016" line="2" col="6">
            <failure message="1 test step failed">1 test step failed.</failure>
        </testcase>
        <testcase name="a() fails &lt;twice&gt; &gt; step" classname="./a_test.ts" time="0.001" line="3" col="6">
            <failure message="Uncaught Error: 1 is
not &lt; 0">Error: 1 is
not &lt; 0
    at file:///a_test.ts:3:6</failure>
        </testcase>
    </testsuite>
    <testsuite name="./b_test.ts" tests="3" disabled="1" errors="0" failures="0">
    </testsuite>
</testsuites>`;

const NAMES = `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="deno test" tests="3" failures="0" errors="0" time="0.010">
    <testsuite name="./tests/core/a_test.ts" tests="3" disabled="3" errors="0" failures="0">
        <testcase name="a() reads &quot;x&quot; &amp; it&apos;s &lt;y&gt;" classname="./tests/core/a_test.ts" line="1" col="6">
            <skipped/>
        </testcase>
        <testcase name="a() twice&#x9;&#10;" classname="./tests/core/a_test.ts" line="9" col="6">
        </testcase>
        <testcase name="a() twice&#x9;&#10;" classname="./tests/core/a_test.ts" line="9" col="6">
        </testcase>
    </testsuite>
</testsuites>`;

Deno.test("tallyOfReport() says what failed, and counts ignored tests neither as passed nor as failed", () => {
  assertEquals(tallyOfReport(REPORT, 1), {
    passed: 3,
    failed: 2,
    complaints: [
      "./a_test.ts: a() fails <twice>\n  1 test step failed.",
      "./a_test.ts: a() fails <twice> > step\n  Error: 1 is\n  not < 0\n      at file:///a_test.ts:3:6",
    ],
  });
});

Deno.test("tallyOfReport() counts a failure outside the tests as one", () => {
  assertEquals(tallyOfReport(REPORT.replaceAll(`failures="2"`, `failures="0"`), 1), {
    passed: 5,
    failed: 1,
    complaints: ["Exited with 1"],
  });
});

Deno.test("tallyOfReport() takes a run without a report for what its exit code says", () => {
  assertEquals(tallyOfReport("", 1), { passed: 0, failed: 1, complaints: ["Exited with 1"] });
});

Deno.test("testNames() reads the names of all tests, as often as they are there", () => {
  assertEquals(testNames(NAMES), [`a() reads "x" & it's <y>`, "a() twice\t\n", "a() twice\t\n"]);
  assertEquals(testNames(""), []);
});
