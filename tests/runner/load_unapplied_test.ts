import { assertEquals, assertRejects } from "@std/assert";
import { createHash } from "node:crypto";
import { isParsed } from "../../src/core/compare.ts";
import { MigrationError } from "../../src/core/error.ts";
import { memoryReader } from "../../src/core/reader.ts";
import { MigrationRecord } from "../../src/core/record.ts";
import { loadUnapplied, parseUnapplied } from "../../src/runner/load_unapplied.ts";

const SOUND = "-- Depends: 002_b\nSELECT 1;\n";
const BROKEN = "SELECT 1;\n-- rollback\nSELECT 2;\n";

function folder(files: Readonly<Record<string, string>>) {
  const entries = Object.entries(files).map(([name, text]) => [`m/${name}.sql`, text]);
  return { directory: "m", reader: memoryReader(Object.fromEntries(entries)) };
}

/** A row of the history for a text. */
function row(
  name: string,
  text: string,
  { appliedAt = "2026-01-02T03:04:05.678Z", depends = [] }: {
    readonly appliedAt?: string | null;
    readonly depends?: readonly string[];
  } = {},
): MigrationRecord {
  return MigrationRecord.from({
    depends,
    name,
    version: Number.parseInt(name),
    checksum: createHash("sha256").update(text).digest("hex"),
    tokenChecksum: "1:as-recorded",
    appliedAt,
    durationMs: 1,
  });
}

Deno.test("loadUnapplied() parses what the history does not hold as it is", async () => {
  const files = { "001_a": SOUND, "002_b": "SELECT 2;", "003_c": "SELECT 3;", "004_d": "SELECT 4;" };
  const history = [
    row("001_a", SOUND, { depends: ["002_b"] }),
    row("002_b", "SELECT 'other';"),
    row("003_c", "SELECT 3;", { appliedAt: null }),
  ];
  const { migrations, broken, problems } = await loadUnapplied(folder(files), Promise.resolve(history));
  assertEquals([broken, problems], [[], []]);
  assertEquals(migrations.map((file) => [file.name, isParsed(file)]), [
    ["001_a", false],
    ["002_b", true],
    ["003_c", true],
    ["004_d", true],
  ]);
  const [known] = migrations;
  assertEquals([known?.path, known?.version, known?.text], ["m/001_a.sql", 1, SOUND]);
  assertEquals([known?.dependencies, known?.tokenChecksum], [["002_b"], "1:as-recorded"]);
});

Deno.test("loadUnapplied() knows a file with CRLF line ends or a byte order mark by its text", async () => {
  const files = { "001_a": SOUND.replaceAll("\n", "\r\n"), "002_b": `\ufeff${SOUND}`, "003_c": `\ufeff\ufeff${SOUND}` };
  const bytes = Object.entries(files).map(([name, text]) => [`m/${name}.sql`, new TextEncoder().encode(text)]);
  const history = [row("001_a", SOUND), row("002_b", SOUND), row("003_c", `\ufeff${SOUND}`)];
  const reader = memoryReader(Object.fromEntries(bytes));
  const { migrations } = await loadUnapplied({ directory: "m", reader }, Promise.resolve(history));
  assertEquals(migrations.map((file) => [isParsed(file), file.text]), [
    [false, SOUND],
    [false, SOUND],
    [false, `\ufeff${SOUND}`],
  ]);
});

Deno.test("loadUnapplied() parses everything while the history is not known", async () => {
  const never = new Promise<never>(() => {});
  const { migrations } = await loadUnapplied(folder({ "001_a": SOUND, "002_b": "SELECT 2;" }), never);
  assertEquals(migrations.map(isParsed), [true, true]);
});

Deno.test("loadUnapplied() leaves alone what is applied as it is, whatever this release says of it", async () => {
  const late = new Promise<readonly MigrationRecord[]>((resolve) =>
    setTimeout(() => resolve([row("001_a", BROKEN)]), 50)
  );
  const { migrations, problems } = await loadUnapplied(folder({ "001_a": BROKEN }), late);
  assertEquals([migrations.map(({ name }) => name), problems], [["001_a"], []]);
});

Deno.test("loadUnapplied() reports the problems of all other files at once", async () => {
  const files = { "001_a": BROKEN, "002_b": BROKEN, "003_c": BROKEN, "4": "" };
  const history = Promise.resolve([row("001_a", BROKEN), row("002_b", SOUND)]);
  const error = await assertRejects(() => loadUnapplied(folder(files), history), MigrationError) as MigrationError;
  assertEquals(error.code, "FILES_INVALID");
  assertEquals(error.problems?.map(({ path }) => path), ["m/002_b.sql", "m/003_c.sql", "m/4.sql"]);
});

Deno.test("parseUnapplied() parses what was rolled back since", async () => {
  const history = [row("001_a", "SELECT 1;"), row("002_b", "SELECT 2;")];
  const files = folder({ "001_a": "SELECT 1;", "002_b": "SELECT 2;" });
  const { migrations } = await loadUnapplied(files, Promise.resolve(history));
  assertEquals(migrations.map(isParsed), [false, false]);
  assertEquals((await parseUnapplied(migrations, history.slice(0, 1))).map(isParsed), [false, true]);
});
