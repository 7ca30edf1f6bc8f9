import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { countCodePoints, Locator, offsetOfCodePoint, positionAt } from "../../src/core/position.ts";

const text = fc.array(fc.constantFrom("a", "é", "🐘", "\n", "\r", "'"), { maxLength: 40 }).map((units) =>
  units.join("")
);

Deno.test("positionAt() counts lines and code points from 1", () => {
  assertEquals(positionAt("", 0), { line: 1, column: 1 });
  assertEquals(positionAt("a\n🐘b", 4), { line: 2, column: 2 });
  assertEquals(positionAt("a\n", 2), { line: 2, column: 1 });
  assertEquals(positionAt("a\nb", 99), { line: 2, column: 2 });
});

Deno.test("positionAt() agrees with counting one by one", () => {
  fc.assert(fc.property(text, fc.nat(40), (text, codePoints) => {
    const before = Array.from(text).slice(0, codePoints);
    const lines = before.join("").split("\n");
    assertEquals(positionAt(text, before.join("").length), {
      line: lines.length,
      column: Array.from(lines.at(-1)!).length + 1,
    });
  }));
});

Deno.test("Locator finds the same places in any order", () => {
  fc.assert(fc.property(text, fc.array(fc.nat(40)), (text, points) => {
    const offsets = points.map((point) => Array.from(text).slice(0, point).join("").length);
    const locator = new Locator(text);
    assertEquals(offsets.map((offset) => locator.at(offset)), offsets.map((offset) => positionAt(text, offset)));
  }));
});

Deno.test("offsetOfCodePoint() is the inverse of countCodePoints()", () => {
  fc.assert(fc.property(text, fc.nat(40), (text, point) => {
    const offset = Array.from(text).slice(0, point).join("").length;
    assertEquals(offsetOfCodePoint(text, countCodePoints(text, 0, offset) + 1), offset);
  }));
  assertEquals(offsetOfCodePoint("'🐘' x", 5), 5);
  assertEquals(offsetOfCodePoint("ab", 99), 2);
  assertEquals(offsetOfCodePoint("ab", 0), 0);
});

Deno.test("countCodePoints() counts half of a pair as one", () => {
  assertEquals(countCodePoints("\ud800a"), 2);
  assertEquals(countCodePoints("🐘🐘"), 2);
});
