import { assertEquals } from "@std/assert";
import { compareLines } from "../../src/report/line_difference.ts";
import { differenceFields, formatDifferences } from "../../src/report/schema_differences.ts";
import { plainStyle } from "../../src/report/style.ts";
import type { SchemaDifference } from "../../src/schema/compare_schemas.ts";

const DIFFERENCES: readonly SchemaDifference[] = [
  { change: "added", kind: "index", identity: "app.users_name_idx", attributes: [] },
  { change: "removed", kind: "policy", identity: "app.users.mine", attributes: [] },
  {
    change: "changed",
    kind: "column",
    identity: "app.users.email",
    attributes: [{ name: "comment", before: "where to", after: null }, {
      name: "type",
      before: "text",
      after: "integer",
    }],
  },
  {
    change: "changed",
    kind: "function",
    identity: "app.total(integer)",
    attributes: [{ name: "body", before: "BEGIN\n  a;\n  b;\n  c;\nEND", after: "BEGIN\n  a;\n  x;\n  c;\nEND" }],
  },
];

Deno.test("formatDifferences() ends the line of the database, which has no name, with its kind", () => {
  const attributes = [{ name: "owner", before: "ann", after: "bob" }];
  assertEquals(
    formatDifferences([{ change: "changed", kind: "database", identity: "", attributes }], plainStyle),
    ["~ database", "    owner: ann → bob"],
  );
});

Deno.test("formatDifferences() prints short values beside each other and long ones line by line", () => {
  assertEquals(formatDifferences(DIFFERENCES, plainStyle), [
    "+ index app.users_name_idx",
    "- policy app.users.mine",
    "~ column app.users.email",
    "    comment: where to → (none)",
    "    type: text → integer",
    "~ function app.total(integer)",
    "    body:",
    "        BEGIN",
    "          a;",
    "      -   b;",
    "      +   x;",
    "          c;",
    "        END",
  ]);
});

Deno.test("formatDifferences() and differenceFields() hide secrets, and what would steer a terminal", () => {
  const body = "SELECT 1;\nCREATE ROLE x PASSWORD 'hunter2';\x1b[2J";
  const difference: SchemaDifference = {
    change: "changed",
    kind: "function",
    identity: "f()",
    attributes: [{ name: "body", before: null, after: body }],
  };
  assertEquals(formatDifferences([difference], plainStyle).slice(2), [
    "      + SELECT 1;",
    "      + CREATE ROLE x PASSWORD '***';\\x1b[2J",
  ]);
  assertEquals(JSON.stringify(differenceFields(difference)).includes("hunter2"), false);
});

Deno.test("compareLines() keeps two equal lines around, and a mark for what it leaves out", () => {
  const lines = Array.from({ length: 9 }, (_, index) => `line ${index}`);
  const other = lines.map((line) => line === "line 4" ? "other" : line);
  assertEquals(compareLines(lines.join("\n"), other.join("\n")).map(({ mark, text }) => mark + text), [
    " …",
    " line 2",
    " line 3",
    "-line 4",
    "+other",
    " line 5",
    " line 6",
    " …",
  ]);
});

Deno.test("compareLines() finds the fewest different lines", () => {
  const marks = compareLines("a\nb\nc\nd\ne", "a\nc\nd\nx\ne").map(({ mark, text }) => mark + text);
  assertEquals(marks, [" a", "-b", " c", " d", "+x", " e"]);
});
