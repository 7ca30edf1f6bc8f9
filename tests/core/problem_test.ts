import { assertEquals } from "@std/assert";
import { formatProblem, type Problem, sortProblems } from "../../src/core/problem.ts";

const problem: Problem = { code: "syntax", severity: "error", message: "Broken" };

Deno.test("formatProblem() leaves out what is not known", () => {
  assertEquals(formatProblem(problem), "Broken");
  assertEquals(formatProblem({ ...problem, path: "a.sql" }), "a.sql: Broken");
  assertEquals(formatProblem({ ...problem, path: "a.sql", line: 2, column: 3 }), "a.sql:2:3: Broken");
});

Deno.test("sortProblems() goes by file, line and column", () => {
  const at = (path: string, line: number, column: number): Problem => ({ ...problem, path, line, column });
  assertEquals(sortProblems([at("b", 1, 1), at("a", 2, 1), at("a", 1, 9), at("a", 1, 2)]).map(formatProblem), [
    "a:1:2: Broken",
    "a:1:9: Broken",
    "a:2:1: Broken",
    "b:1:1: Broken",
  ]);
});
