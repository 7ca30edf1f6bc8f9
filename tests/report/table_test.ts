import { assertEquals } from "@std/assert";
import { ansiStyle, plainStyle } from "../../src/report/style.ts";
import { formatTable } from "../../src/report/table.ts";

Deno.test("formatTable() aligns columns, drops empty ones and leaves no trailing spaces", () => {
  const lines = formatTable(
    [{ title: "NAME" }, { title: "EMPTY" }, { title: "MS", align: "right" }, { title: "NOTE" }],
    [["日本", "", "7", ""], ["abcdefg", "", "120", "late"]],
    plainStyle,
  );
  assertEquals(lines, [
    "NAME      MS  NOTE",
    "日本       7",
    "abcdefg  120  late",
  ]);
});

Deno.test("formatTable() pads by the visible text when a cell has emphasis", () => {
  const lines = formatTable([{ title: "A" }, { title: "B" }], [[{ text: "x", paint: ansiStyle.red }, "y"]], plainStyle);
  assertEquals(lines, ["A  B", "\x1b[31mx\x1b[39m  y"]);
});
