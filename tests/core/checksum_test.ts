import { assertEquals, assertNotEquals } from "@std/assert";
import fc from "fast-check";
import { createHash } from "node:crypto";
import { checksum, tokenChecksum } from "../../src/core/checksum.ts";

/** SHA-256 by another implementation. */
function sha256(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("hex");
}

Deno.test("checksum() is SHA-256 of the text as UTF-8", async () => {
  assertEquals(await checksum("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  await fc.assert(fc.asyncProperty(fc.string({ unit: "grapheme" }), async (text) => {
    assertEquals(await checksum(text), sha256(text));
  }));
});

Deno.test("tokenChecksum() hashes each token followed by LF", async () => {
  const sql = "-- Header\nSELECT  'a'\n  'b' /* c */, $$ x $$::text, E'é🐘' ; SELECT N'x';\n";
  const tokens = ["SELECT", "'a'\n  'b'", ",", "$$ x $$", "::", "text", ",", "E'é🐘'", ";", "SELECT", "N'x'"];
  assertEquals(await tokenChecksum(sql), `1:${sha256(tokens.map((token) => `${token}\n`).join(""))}`);
});

Deno.test("tokenChecksum() ignores one semicolon at the end", async () => {
  const one = `1:${sha256("SELECT\n1\n")}`;
  assertEquals(await tokenChecksum("SELECT 1"), one);
  assertEquals(await tokenChecksum("SELECT 1 ; -- done"), one);
  assertEquals(await tokenChecksum("SELECT 1;;"), `1:${sha256("SELECT\n1\n;\n")}`);
  assertEquals(await tokenChecksum("SELECT 1::"), `1:${sha256("SELECT\n1\n::\n")}`);
});

Deno.test("tokenChecksum() of nothing is that of the empty text", async () => {
  const empty = `1:${sha256("")}`;
  for (const sql of ["", "  \n", "-- comment", ";"]) assertEquals(await tokenChecksum(sql), empty, sql);
});

Deno.test("tokenChecksum() counts case and the inside of strings", async () => {
  const original = await tokenChecksum("SELECT $$a b$$");
  for (const sql of ["select $$a b$$", "SELECT $$a  b$$", "SELECT 'a b'", "SELECT $$a b$$, 1"]) {
    assertNotEquals(await tokenChecksum(sql), original, sql);
  }
});

Deno.test("tokenChecksum() hashes a long section as a whole", async () => {
  for (const count of [4095, 4096, 4097, 10_000]) {
    const tokens = Array.from({ length: count }, (_, index) => `w${index}`);
    assertEquals(await tokenChecksum(tokens.join(" ")), `1:${sha256(tokens.map((token) => `${token}\n`).join(""))}`);
  }
});

Deno.test("tokenChecksum() hashes what takes more room as bytes and line feeds than as text", async () => {
  for (const token of ["é", "🐘", "ДБ", ","]) {
    const tokens = Array.from({ length: 3_000 }, () => [token, "'🐘'", ","]).flat();
    assertEquals(await tokenChecksum(tokens.join("")), `1:${sha256(tokens.map((one) => `${one}\n`).join(""))}`);
  }
});

Deno.test("tokenChecksum() hashes tokens of any length, wherever they are not ASCII", async () => {
  for (let length = 58; length < 70; length++) {
    for (const end of ["", "é", "🐘", "🐘é"]) {
      const tokens = [`'${"x".repeat(length)}${end}'`, `'${end}${"x".repeat(length)}${end.repeat(70)}'`, "SELECT"];
      assertEquals(await tokenChecksum(tokens.join(",")), `1:${sha256(tokens.join("\n,\n") + "\n")}`);
    }
  }
});

Deno.test("tokenChecksum() does not change with comments and white space", async () => {
  const tokens = fc.array(fc.constantFrom("SELECT", "'a'", "$$b$$", ",", "(", ")", "1", "x", '"y"', ";", "||"));
  const gaps = fc.array(fc.constantFrom(" ", "\n", " /* c; */ ", " -- d\n", "\t"), { minLength: 1 });
  await fc.assert(fc.asyncProperty(tokens, gaps, async (tokens, gaps) => {
    // A semicolon between keeps two strings from becoming one.
    const list = tokens.flatMap((token) => [token, ";"]);
    const spaced = list.map((token, index) => token + gaps[index % gaps.length]).join("");
    assertEquals(await tokenChecksum(spaced), await tokenChecksum(list.join(" ")));
  }));
});
