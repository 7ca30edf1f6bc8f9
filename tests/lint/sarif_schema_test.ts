import { assertEquals } from "@std/assert";
import schema from "@microsoft/jest-sarif/schema" with { type: "json" };
import Ajv from "ajv";
import draft from "ajv/draft-04" with { type: "json" };
import { parseFile } from "../../src/core/parse.ts";
import { fromProblem } from "../../src/lint/format_problem.ts";
import { RULES } from "../../src/lint/rules.ts";
import { sarifLog } from "../../src/report/lint_sarif.ts";
import { lintBlock } from "./linted.ts";

/** Judges a document; the package has no types that fit. */
interface Validator {
  (document: unknown): boolean;
  readonly errors?: readonly unknown[] | null;
}

/** The schema of OASIS, as the package of SARIF's makers ships it. */
function validator(): Validator {
  const judge = new Ajv({ schemaId: "auto", validateSchema: false });
  judge.addMetaSchema(draft);
  return judge.compile(schema) as Validator;
}

const TOOL = { name: "metapg-migration", version: "1.2.3", rules: RULES };

Deno.test("sarifLog() makes a document of the schema of SARIF 2.1.0", async () => {
  const judge = validator();
  const { findings } = await lintBlock("DROP TABLE 🐘;\nALTER TABLE users\n  ADD PRIMARY KEY (id);\n");
  const broken = (await parseFile("migrations/a b/001_x.sql", "BEGIN;")).problems.map(fromProblem);
  assertEquals([findings.length > 1, broken.length > 0], [true, true]);
  const document = sarifLog([...findings, ...broken], TOOL);
  assertEquals([judge(document), judge.errors ?? null], [true, null]);
  assertEquals(judge(sarifLog([], TOOL)), true);
  // What the schema does not allow is noticed at all.
  assertEquals(judge({ ...document, version: "2.0.0" }), false);
  assertEquals(judge(sarifLog([{ ...findings[0]!, line: 0 }], TOOL)), false);
});
