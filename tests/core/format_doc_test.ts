import { assert, assertEquals } from "@std/assert";
import { readFile } from "node:fs/promises";
import { parseFile } from "../../src/core/parse.ts";
import { formatProblem } from "../../src/core/problem.ts";

const page = await readFile(new URL("../../docs/format.md", import.meta.url), "utf8");
const examples = [...page.matchAll(/^```sql( refused)?\n([^]*?)^```$/gm)];

for (const [index, [, refused, sql = ""]] of examples.entries()) {
  Deno.test(`docs/format.md: example ${index + 1} is ${refused === undefined ? "taken" : "refused"}`, async () => {
    const problems = (await parseFile("004_example.sql", sql)).problems.map(formatProblem);
    if (refused === undefined) assertEquals(problems, []);
    else assert(problems.length > 0);
  });
}

Deno.test("docs/format.md has examples of both kinds", () => {
  assert(examples.some(([, refused]) => refused === undefined));
  assert(examples.some(([, refused]) => refused !== undefined));
});
