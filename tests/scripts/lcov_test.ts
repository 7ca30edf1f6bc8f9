import { assertEquals } from "@std/assert";
import { parseLcov, percentage } from "../../scripts/lcov.ts";

const REPORT = `SF:/checkout/src/core/graph.ts
FNF:1
FNH:1
DA:2,1
DA:3,0
LH:1
LF:2
end_of_record
SF:/checkout/src/core/plan.ts
LH:6
LF:6
end_of_record
`;

Deno.test("parseLcov() reads the lines of every file", () => {
  assertEquals(parseLcov(REPORT), [
    { path: "/checkout/src/core/graph.ts", lines: 2, hit: 1 },
    { path: "/checkout/src/core/plan.ts", lines: 6, hit: 6 },
  ]);
  assertEquals(parseLcov(""), []);
});

Deno.test("percentage() weighs files by their lines", () => {
  assertEquals(percentage(parseLcov(REPORT)), 87.5);
  assertEquals(percentage([{ path: "a.ts", lines: 0, hit: 0 }]), 100);
});
