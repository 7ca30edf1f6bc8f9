import { assert, assertEquals } from "@std/assert";
import { readFileSync } from "node:fs";
import { RULES } from "../../src/lint/rules.ts";
import { readBlock } from "./linted.ts";

const README = readFileSync(new URL("../../docs/rules/README.md", import.meta.url), "utf8");

/** The rows of the table below a heading, without its head. */
function rows(heading: string): readonly (readonly string[])[] {
  const section = README.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? "";
  return section.split("\n").filter((line) => line.startsWith("|")).slice(2).map((line) =>
    line.split("|").slice(1, -1).map((cell) => cell.trim())
  );
}

/** What a cell links to. */
function links(cell: string): readonly string[] {
  return [...cell.matchAll(/\[([^\]]+)\]\(([^)]+)\.md\)/g)].map(([, name, page]) => {
    assertEquals(name, page);
    return name!;
  });
}

/** What squawk has, by its documentation. */
const SQUAWK = `adding-field-with-default adding-foreign-key-constraint adding-not-nullable-field adding-required-field
  adding-serial-primary-key-field ban-add-composite-attribute ban-add-enum-value ban-alter-database-options
  ban-alter-domain-with-add-constraint ban-alter-extension ban-alter-function-options ban-alter-generated-expression
  ban-alter-identity ban-alter-policy-condition ban-alter-policy-roles ban-alter-role-options
  ban-alter-row-level-security ban-alter-sequence-values ban-alter-system-options ban-alter-view-options ban-char-field
  ban-concurrent-index-creation-in-transaction ban-create-domain-with-constraint ban-create-policy
  ban-detach-inheritance ban-disable-trigger ban-drop-column ban-drop-constraint ban-drop-database ban-drop-default
  ban-drop-domain ban-drop-extension ban-drop-function ban-drop-generated-expression ban-drop-index ban-drop-not-null
  ban-drop-policy ban-drop-schema ban-drop-sequence ban-drop-table ban-drop-trigger ban-drop-type ban-drop-view
  ban-duplicate-column-assignments ban-new-write-restriction ban-replace-view-function ban-replica-identity ban-revoke
  ban-set-default ban-set-schema ban-truncate-cascade ban-uncommitted-transaction changing-column-type
  constraint-missing-not-valid disallowed-unique-constraint identifier-too-long prefer-bigint-over-int
  prefer-bigint-over-smallint prefer-identity prefer-repack prefer-robust-stmts prefer-text-field prefer-timestamptz
  renaming-column renaming-object renaming-table require-concurrent-index-creation require-concurrent-index-deletion
  require-concurrent-partition-detach require-concurrent-reindex require-enum-value-ordering require-lock-timeout
  require-statement-timeout require-table-schema require-timeout-settings syntax-error transaction-nesting
  unused-ignore`.split(/\s+/);

const EUGENE = "E1 E2 E3 E4 E5 E6 E7 E8 E9 E10 E11 W12 W13 W14 E15".split(" ");

Deno.test("docs/rules/README.md lists every rule with its level, where it looks and what it finds", () => {
  assertEquals(
    rows("All rules").map(([rule = "", ...cells]) => [links(rule)[0], ...cells]),
    RULES.map(({ id, level, summary, sections }) => [id, level, sections === "both" ? "yes" : "", summary]),
  );
});

Deno.test("docs/rules/README.md has a rule of ours for each of squawk's and eugene's", () => {
  const table = rows("Names in other tools");
  const named = (tool: string) => table.filter(([name]) => name === tool).map(([, theirs = ""]) => theirs);
  assertEquals(named("squawk"), SQUAWK);
  assertEquals(named("eugene").map((name) => name.split(" ")[0]), EUGENE);
  assert(named("strong_migrations").length > 20);
  for (const [, theirs, ours = ""] of table) {
    const ids = links(ours);
    assertEquals(ids.length === 0, ours === "`refused-statement`", theirs);
    assert(ids.every((id) => RULES.some((rule) => rule.id === id)), `${theirs}: ${ours}`);
  }
});

Deno.test("what needs no rule is refused by the file format", async () => {
  const refused = {
    "ban-concurrent-index-creation-in-transaction": "CREATE INDEX CONCURRENTLY i ON users (id);",
    "ban-uncommitted-transaction": "BEGIN;\nALTER TABLE users ADD COLUMN mail text;",
    "transaction-nesting": "BEGIN;\nSELECT 1;\nCOMMIT;",
  };
  const moot = rows("Names in other tools").filter(([, , ours]) => ours === "`refused-statement`");
  assertEquals(moot.map(([, theirs]) => theirs), Object.keys(refused));
  for (const [theirs, sql] of Object.entries(refused)) {
    assertEquals((await readBlock(sql)).problems[0], "refused-statement", theirs);
  }
});
