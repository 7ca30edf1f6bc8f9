import { assertEquals } from "@std/assert";
import type { Problem } from "../../src/core/problem.ts";
import { countProblems, formatProblems } from "../../src/report/problems.ts";
import { plainStyle } from "../../src/report/style.ts";

const marker: Problem = {
  code: "marker",
  severity: "error",
  message: "Second rollback marker",
  path: "migrations/main/001_users.sql",
  line: 7,
  column: 1,
  hint: "Remove one of them",
};
const missing: Problem = { code: "missing", severity: "warning", message: 'Applied migration "002_x" has no file' };

Deno.test("formatProblems() prints place, message and fix, and marks warnings", () => {
  assertEquals(formatProblems([marker, missing], plainStyle), [
    "migrations/main/001_users.sql:7:1: Second rollback marker",
    "  Remove one of them",
    'Applied migration "002_x" has no file (warning)',
  ]);
});

Deno.test("countProblems() counts by severity", () => {
  assertEquals(countProblems([]), "No problems");
  assertEquals(countProblems([marker]), "1 error");
  assertEquals(countProblems([marker, marker, missing]), "2 errors, 1 warning");
});
