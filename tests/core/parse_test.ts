import { assert, assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { MigrationError } from "../../src/core/error.ts";
import { longTexts } from "../support/long_texts.ts";
import { parseFile, parseStored } from "../../src/core/parse.ts";
import { formatProblem } from "../../src/core/problem.ts";

const encoder = new TextEncoder();

async function problems(content: string | Uint8Array, path = "001_a.sql"): Promise<string[]> {
  return (await parseFile(path, content)).problems.map(formatProblem);
}

Deno.test("parseFile() drops one byte order mark and makes LF of CRLF", async () => {
  const text = "-- Depends: 001_a\nSELECT 'é\nb';\n-- ROLLBACK\n";
  const plain = (await parseFile("002_b.sql", text)).migration!;
  for (const content of [`\ufeff${text}`, text.replaceAll("\n", "\r\n"), `\ufeff${text.replaceAll("\n", "\r\n")}`]) {
    for (const form of [content, encoder.encode(content)]) {
      assertEquals((await parseFile("002_b.sql", form)).migration, plain);
    }
  }
  assertEquals(plain.text, text);
  assertEquals(plain.rollbackSql, "");
});

Deno.test("parseFile() finds marker slips and the marker alike behind a byte order mark", async () => {
  assertEquals((await parseFile("001_a.sql", "\ufeff-- ROLLBACK\n")).problems.length, 1);
  assertEquals(await problems("\ufeff-- rollback\r\nSELECT 1;\r\n"), [
    '001_a.sql:1:1: "-- rollback" does not begin the rollback section',
  ]);
});

for (
  const comment of [
    "-- ROLLBACK: remove the column",
    "-- ROLLBACK section",
    "--ROLLBACK - drop",
    "-- rollback section",
    "-- Rollback Script:",
    "-- ROLLBACK (a) b",
  ]
) {
  Deno.test(`parseFile() warns of ${JSON.stringify(comment)} between statements of a file without a marker`, async () => {
    const warning = `001_a.sql:2:1: "${comment}" is a comment: what follows it is applied, too`;
    const { problems: found, migration } = await parseFile("001_a.sql", `SELECT 1;\n${comment}\nSELECT 2;\n`);
    assertEquals(found.map(formatProblem), [warning]);
    assertEquals([found[0]!.severity, migration === undefined], ["warning", false]);
    assertEquals(await problems(`SELECT 1;\n${comment}\nSELECT 2;\n-- ROLLBACK\nSELECT 3;\n`), []);
    assertEquals(await problems(`${comment}\nSELECT 1;\n`), []);
    assertEquals(await problems(`SELECT 1;\n${comment}\n`), []);
  });
}

Deno.test("parseFile() warns of a marker behind SQL", async () => {
  assertEquals(await problems("SELECT 1; -- ROLLBACK\nSELECT 2;\n"), [
    '001_a.sql:1:11: "-- ROLLBACK" is a comment: what follows it is applied, too',
  ]);
  assertEquals(await problems("SELECT 1; -- rollbacks\nSELECT 2; -- ROLLBACKS\nSELECT '-- ROLLBACK x';\n"), []);
  assertEquals(await problems("SELECT 1;\nSELECT (\n-- ROLLBACK x\n2);\nSELECT 3;\n"), []);
});

Deno.test("parseFile() names the place of what is not UTF-8", async () => {
  const wrong: readonly (readonly [readonly number[], string])[] = [
    [[0xc3, 0x28], "1:1"],
    [[0x61, 0x0a, 0x62, 0xff], "2:2"],
    [[0xef, 0xbb, 0xbf, 0x61, 0xff], "1:2"],
    [[0x61, 0x0d, 0x0a, 0xf0, 0x9f, 0x90, 0x98, 0xf0, 0x9f], "2:2"],
    [[0xed, 0xa0, 0x80], "1:1"],
  ];
  for (const [bytes, place] of wrong) {
    assertEquals(await problems(new Uint8Array(bytes)), [`001_a.sql:${place}: Not UTF-8`]);
  }
});

Deno.test("parseFile() refuses a text that is not well formed, and NUL", async () => {
  assertEquals(await problems("SELECT '🐘\ud800';"), ["001_a.sql:1:10: Half of a surrogate pair, which is not UTF-8"]);
  assertEquals(await problems("SELECT 1\0;"), ["001_a.sql:1:9: NUL character"]);
});

Deno.test("parseFile() reports a wrong name beside what is wrong inside", async () => {
  const { problems, migration } = await parseFile("db\\main/1_a.sql", "VACUUM;");
  assertEquals(migration, undefined);
  assertEquals(problems.map(formatProblem), [
    'db\\main/1_a.sql: "1_a.sql" is not the name of a migration file',
    "db\\main/1_a.sql:1:1: PostgreSQL refuses VACUUM in a transaction",
  ]);
  assertEquals((await parseFile("x.sql", new Uint8Array([0xff]))).problems.map(({ code }) => code), [
    "file-name",
    "file-encoding",
  ]);
});

Deno.test("parseFile() keeps warnings with the migration", async () => {
  const { migration, problems } = await parseFile("001_a.sql", "-- Depends: 000_a, 000_a\nSELECT 1;");
  assertEquals(migration?.dependencies, ["000_a"]);
  assertEquals(migration?.warnings, problems);
  assertEquals(problems.map(({ severity }) => severity), ["warning"]);
});

Deno.test("parseFile() lists problems in the order of the text", async () => {
  const text = "-- Depends: ?\nVACUUM;\n-- rollback\nBEGIN;\nSELECT (;\n-- Depends: 001_a\n-- ROLLBACK\n";
  const places = (await parseFile("001_a.sql", text)).problems.map(({ line }) => line);
  assertEquals(places, [1, 2, 3, 4, 5, 6]);
});

const PIECES = [
  "-- ROLLBACK\n",
  "-- Depends: 001_a\n",
  "-- rollback\n",
  "'",
  "$$",
  "(",
  ")",
  ";",
  "BEGIN ATOMIC ",
  "\\x ",
  "\n",
]
  .concat([
    "CREATE FUNCTION f() ",
    "END",
    "COPY t FROM STDIN;\n",
    "\\.\n",
    "SELECT 1",
    "/*",
    "*/",
    "🐘",
    "\ud800",
    "\0",
  ]);

Deno.test("parseFile() never throws, and gives a migration or an error", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...PIECES)), async (pieces) => {
      const text = pieces.join("");
      const { migration, problems } = await parseFile("001_a.sql", text);
      assertEquals(migration === undefined, problems.some(({ severity }) => severity === "error"));
      for (const { line, column } of problems) assert((line ?? 0) > 0 && (column ?? 0) > 0);
      if (migration === undefined) return;
      const { up, rollback } = migration;
      const rest = text.slice(up.sql.length);
      assertEquals(text.startsWith(up.sql), true);
      assertEquals(rollback === undefined ? rest : text.slice(rollback.start), rollback?.sql ?? "");
    }),
    { numRuns: 1000 },
  );
});

Deno.test("parseFile() takes any bytes", async () => {
  await fc.assert(fc.asyncProperty(fc.uint8Array(), async (bytes) => {
    const { migration, problems } = await parseFile("001_a.sql", bytes);
    assertEquals(migration === undefined, problems.some(({ severity }) => severity === "error"));
  }));
});

Deno.test("parseFile() counts columns in code points", async () => {
  assertEquals(await problems("SELECT '🐘é'; VACUUM;\n/* 🐘 */ BEGIN;"), [
    "001_a.sql:1:14: PostgreSQL refuses VACUUM in a transaction",
    "001_a.sql:2:9: Cannot use BEGIN in a transactional migration",
  ]);
});

Deno.test("parseFile() puts a comment of several lines into a message of one", async () => {
  for (const lineEnd of ["\n", "\r", "\r\n"]) {
    assertEquals(await problems(["SELECT 1;", "/*", "down", "*/", ""].join(lineEnd)), [
      `001_a.sql:${lineEnd === "\r" ? "1:11" : "2:1"}: "/* down */" does not begin the rollback section`,
    ]);
  }
});

for (const { what, text } of longTexts(1)) {
  Deno.test(`parseFile() reads to the end: ${what}`, async () => {
    const { migration, problems } = await parseFile("001_a.sql", text);
    assertEquals(migration === undefined, problems.length > 0);
  });
}

Deno.test("parseStored() does not look at rules that a text may have been applied without", async () => {
  const source = "-- Depend: x\n-- Depends: ?, 001_a\n-- Transaction: later\n-- Lock-Timeout: soon\nVACUUM;\n" +
    "\\x\n-- rollback\nSELECT );\n-- ROLLBACK\nBEGIN;\nDROP TABLE a;\n";
  const stored = await parseStored("002_b", source);
  assertEquals(stored.name, "002_b");
  assertEquals(stored.version, 2);
  assertEquals(stored.description, "b");
  assertEquals(stored.path, "002_b.sql");
  assertEquals(stored.text, source);
  assertEquals(stored.transaction, "single");
  assertEquals(stored.lockTimeoutMs, undefined);
  assertEquals(stored.rollbackSql, "BEGIN;\nDROP TABLE a;\n");
  assertEquals(stored.warnings, []);
});

Deno.test("parseStored() gives what parseFile() gave when it was applied", async () => {
  const text =
    "-- Description: Two\n-- Depends: 001_a\n-- Transaction: none\n-- Lock-Timeout: 1s\nVACUUM;\n-- ROLLBACK\n";
  const { migration } = await parseFile("002_b.sql", text);
  assertEquals(await parseStored("002_b", text), migration);
});

Deno.test("parseStored() takes names of other rules", async () => {
  assertEquals((await parseStored("12-Old_name", "SELECT 1;")).version, 12);
  assertEquals((await parseStored("12_Old_name", "SELECT 1;")).description, "Old name");
  assertEquals((await parseStored("x", "SELECT 1;")).version, 0);
});

Deno.test("parseStored() rejects what it cannot cut", async () => {
  for (const source of ["SELECT 1;\n-- ROLLBACK\n-- ROLLBACK\n", "SELECT '1;\n-- ROLLBACK\n", "SELECT 1; /*"]) {
    const error: MigrationError = await assertRejects(() => parseStored("001_a", source), MigrationError);
    assertEquals(error.code, "FILES_INVALID");
  }
});
