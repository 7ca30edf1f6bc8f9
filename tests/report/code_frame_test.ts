import { assertEquals } from "@std/assert";
import { formatCodeFrame } from "../../src/report/code_frame.ts";
import { plainStyle } from "../../src/report/style.ts";

Deno.test("formatCodeFrame() marks the line and puts the caret under the column", () => {
  const excerpt = [
    { line: 9, text: "CREATE TABLE a ();" },
    { line: 10, text: "INSERT INTO nope VALUES (1);" },
    { line: 11, text: "" },
    { line: 12, text: "COMMIT" },
    { line: 13, text: "" },
  ];
  assertEquals(formatCodeFrame({ excerpt, line: 10, column: 13 }, plainStyle), [
    "   9 │ CREATE TABLE a ();",
    "> 10 │ INSERT INTO nope VALUES (1);",
    "     │             ^",
    "  11 │",
    "  12 │ COMMIT",
  ]);
});

Deno.test("formatCodeFrame() counts tabs, wide characters and pairs of surrogates", () => {
  const excerpt = [{ line: 1, text: "\tSELECT '日🐘', nope;" }];
  const [line, caret] = formatCodeFrame({ excerpt, line: 1, column: 15 }, plainStyle);
  assertEquals(line, "> 1 │     SELECT '日🐘', nope;");
  assertEquals(caret, `    │ ${" ".repeat(4 + "SELECT '".length + 4 + "', ".length)}^`);
});

Deno.test("formatCodeFrame() shows control characters instead of sending them", () => {
  const [line, caret] = formatCodeFrame({ excerpt: [{ line: 1, text: "\x1b[2J x" }], line: 1, column: 6 }, plainStyle);
  assertEquals(line, "> 1 │ \\x1b[2J x");
  assertEquals(caret, "    │         ^");
});

Deno.test("formatCodeFrame() has no caret without a column and no lines without an excerpt", () => {
  assertEquals(formatCodeFrame({ excerpt: [{ line: 3, text: "x" }], line: 3 }, plainStyle), ["> 3 │ x"]);
  assertEquals(formatCodeFrame({ excerpt: [] }, plainStyle), []);
});

Deno.test("formatCodeFrame() shows of a long line what stands around the column", () => {
  const text = `${"🐘".repeat(5_000_000)} nope${", 1".repeat(1_000_000)}`;
  const excerpt = [{ line: 1, text }, { line: 2, text: "x".repeat(1000) }];
  const [line, caret, next] = formatCodeFrame({ excerpt, line: 1, column: 5_000_002 }, plainStyle);
  assertEquals(line, `> 1 │ …${"🐘".repeat(39)} nope${", 1".repeat(25)}, …`);
  assertEquals(caret, `    │ ${" ".repeat(1 + 78 + 1)}^`);
  assertEquals(next, `  2 │ ${"x".repeat(160)}…`);
});
