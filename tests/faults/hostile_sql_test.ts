import { assert, assertEquals } from "@std/assert";
import { Lexer } from "../../src/core/lexer.ts";
import type { Migration } from "../../src/core/migration.ts";
import { type ParsedFile, parseFile } from "../../src/core/parse.ts";
import type { Problem } from "../../src/core/problem.ts";
import { memoryReader } from "../../src/core/reader.ts";
import type { Section } from "../../src/core/section.ts";
import { splitStatements, type Statement } from "../../src/core/statements.ts";
import { splitUnits } from "../../src/core/unit.ts";
import { pgliteDatabase } from "../../src/database/pglite.ts";
import { MigrationRunner } from "../../src/runner/runner.ts";
import { ourTokens, postgresCommentAt, postgresStatements, postgresTokens, sqlFiles } from "../core/_oracle.ts";
import { postgresVerdicts } from "../core/_refusal_oracle.ts";
import { hostileBytes, hostileFile } from "../support/hostile_sql.ts";
import { Random } from "../support/random.ts";
import { report, tries } from "./tally.ts";

const FILES = tries(3000, 30_000);

/** Other files come from another one: `METAPG_SEED=7`. A failure names the seed of its file. */
const FIRST_SEED = Number(Deno.env.get("METAPG_SEED") ?? 1) * 1_000_000;

/** No file is longer than some kilobytes, which take a millisecond; a busy machine may take its time. */
const TOO_LONG_MS = 5000;

const seeds = [...sqlFiles("tests/golden"), ...sqlFiles("migrations")].map(({ text }) => text);

function* hostileFiles(count: number): Generator<{ readonly seed: number; readonly text: string }> {
  for (let seed = FIRST_SEED; seed < FIRST_SEED + count; seed++) {
    yield { seed, text: hostileFile(new Random(seed), seeds) };
  }
}

/** Names the file in what a check says. */
async function judge<T>(seed: number, text: string, check: () => T | Promise<T>): Promise<T> {
  try {
    return await check();
  } catch (error) {
    throw new Error(`Seed ${seed}, file ${JSON.stringify(text)}`, { cause: error });
  }
}

async function read(text: string | Uint8Array): Promise<ParsedFile> {
  const start = performance.now();
  const file = await parseFile("001_x.sql", text);
  const ms = performance.now() - start;
  assert(ms < TOO_LONG_MS, `${Math.round(ms)} ms`);
  assertEquals(file.migration === undefined, file.problems.some(({ severity }) => severity === "error"));
  return file;
}

/** A problem is one line and stands in the file. */
function checkProblems(problems: readonly Problem[], text: string): void {
  const lines = text.split("\n");
  for (const { message, hint = "", line = 0, column = 0 } of problems) {
    assert(!/[\r\n]/.test(message + hint), message);
    const columns = lines[line - 1] === undefined ? 0 : [...lines[line - 1]!].length + 1;
    assert(column >= 1 && column <= columns, `${line}:${column}: ${message}`);
  }
}

const without = (text: string) => text.replace(/^\ufeff/, "").replaceAll("\r\n", "\n");

/** The parts of a file are its text; the marker is a comment to PostgreSQL too. */
function checkSections({ text, up, rollback }: Migration): void {
  assertEquals(up, { sql: text.slice(0, up.sql.length), start: 0 });
  if (rollback === undefined) return;
  assertEquals(rollback.sql, text.slice(rollback.start));
  const marker = text.slice(up.sql.length, rollback.start);
  assert(/^-- ROLLBACK[ \t]*(\([^)\n]*\))?[ \t]*\n?$/.test(marker), marker);
  assert(up.sql === "" || up.sql.endsWith("\n"));
  const [whole, above] = [postgresTokens(text), text.slice(0, rollback.start)];
  if (whole !== undefined) assertEquals(whole, [...ourTokens(up.sql), ...ourTokens(rollback.sql)]);
  if (postgresTokens(above) !== undefined) {
    assertEquals(postgresCommentAt(above, up.sql.length), marker.replace("\n", ""));
  }
}

/**
 * PostgreSQL sees the tokens that we see. Where its scanner refuses a text that we take (`1a`, `""`, an operator of 64
 * signs), the server refuses the whole message, so that only what comes before the error can matter.
 */
function checkTokens({ sql }: Section): "same" | "same until refused" {
  const expected = postgresTokens(sql);
  if (expected !== undefined) {
    assertEquals(ourTokens(sql), expected);
    return "same";
  }
  const ends: number[] = [0];
  const lexer = new Lexer(sql);
  for (let token = lexer.next(); token !== undefined; token = lexer.next()) ends.push(token.end);
  let [taken, refused] = [0, ends.length - 1];
  while (refused - taken > 1) {
    const middle = (taken + refused) >> 1;
    if (postgresTokens(sql.slice(0, ends[middle])) === undefined) refused = middle;
    else taken = middle;
  }
  const start = sql.slice(0, ends[taken]);
  assertEquals(ourTokens(start), postgresTokens(start));
  return "same until refused";
}

/** As PostgreSQL's grammar cuts and classifies them, where it takes the section: all of them, or those up to `end`. */
function checkStatements(
  section: Section,
  end?: (statements: readonly Statement[]) => number | undefined,
): readonly Statement[] | undefined {
  const expected = postgresStatements(section.sql);
  if (expected === undefined) return undefined;
  const all = splitStatements(section);
  const compared = end?.(all);
  const statements = all.slice(0, compared);
  assertEquals(statements.map(({ sql }) => ourTokens(sql)), expected.slice(0, compared));
  const kinds = statements.map(({ kind, alone }) =>
    kind !== "alone" ? kind : alone?.inTransaction === "refused" ? "refused" : "plain"
  );
  assertEquals(kinds, postgresVerdicts(section.sql)?.slice(0, compared).map(({ kind }) => kind));
  return statements;
}

const isCopyFromStdin = ({ sql }: Statement): boolean => /^copy .*from stdin/is.test(ourTokens(sql).join(" "));

/** The rows of `COPY … FROM STDIN`, up to a line `\.`, are stepped over: PostgreSQL's grammar reads them as statements. */
function afterCopyFromStdin(statements: readonly Statement[]): number | undefined {
  const copy = statements.findIndex(isCopyFromStdin);
  return copy < 0 ? undefined : copy + 1;
}

/** What PostgreSQL would refuse, or what would end the transaction, is not in a file that we take. */
function checkRefusals({ transaction }: Migration, { sql }: Section, statements: readonly Statement[]): void {
  const verdicts = postgresVerdicts(sql)!;
  assert(verdicts.every(({ never }) => !never));
  if (transaction === "none") return;
  const refused = statements.filter((_, index) => verdicts[index]!.kind !== "plain");
  // The one statement that another one before it makes fit for a transaction.
  const slotless = /set \( slot_name = none \)/i.test(ourTokens(sql).join(" "));
  assertEquals(refused.filter(({ alone }) => alone?.type !== "drop-subscription" || !slotless), []);
}

/** Units hold the statements of the section, without the words around a block. */
function checkUnits(section: Section, statements: readonly Statement[]): void {
  const units = splitUnits(section);
  assertEquals(
    units.flatMap((unit) => postgresStatements(unit.section.sql)),
    statements.filter(({ kind }) => kind !== "begin" && kind !== "commit").map(({ sql }) => ourTokens(sql)),
  );
  for (const { section: { sql, start } } of units) {
    assertEquals(section.sql.slice(start - section.start, start - section.start + sql.length), sql);
  }
}

/** In a file that we refuse the grammar is compared as well, and what PostgreSQL parses is no syntax error. */
function checkRefused(text: string, problems: readonly Problem[]): void {
  if (problems.some(({ code }) => code === "file-encoding")) return;
  const end = /^\\\.$/m.test(text) ? afterCopyFromStdin : undefined;
  if (checkStatements({ sql: text, start: 0 }, end) === undefined) return;
  if (problems.some(({ message }) => message.includes("FROM STDIN"))) return;
  const syntax = problems.filter(({ code, message }) => code === "syntax" && !message.endsWith("contains no SQL"));
  assertEquals(syntax, []);
}

Deno.test(`${FILES} hostile files are refused with a list of problems or cut where PostgreSQL cuts them`, async () => {
  const count = { accepted: 0, none: 0, tokens: 0, statements: 0, refusedLater: 0 };
  for (const { seed, text } of hostileFiles(FILES)) {
    await judge(seed, text, async () => {
      const { migration, problems } = await read(text);
      checkProblems(problems, without(text));
      if (migration === undefined) return checkRefused(without(text), problems);
      assertEquals(migration.text, without(text));
      count.accepted++;
      checkSections(migration);
      for (const section of [migration.up, migration.rollback]) {
        if (section === undefined) continue;
        count[checkTokens(section) === "same" ? "tokens" : "refusedLater"]++;
        const statements = checkStatements(section);
        if (statements === undefined) continue;
        count.statements++;
        checkRefusals(migration, section, statements);
        if (migration.transaction === "none") count.none++;
        if (migration.transaction === "none") checkUnits(section, statements);
      }
    });
  }
  const said = JSON.stringify(count);
  assert(count.accepted > FILES / 8 && count.tokens > FILES / 8 && count.statements > FILES / 10, said);
  assert(count.refusedLater > 0 && count.none > FILES / 200, said);
  report({ fault: "hostile files (inside: accepted)", tries: FILES, inside: count.accepted, survived: FILES });
});

Deno.test("damaged bytes are refused, or read as the text that they are", async () => {
  const random = new Random(FIRST_SEED);
  let utf8 = 0;
  for (const { seed, text } of hostileFiles(tries(500, 3000))) {
    const bytes = hostileBytes(random, text);
    await judge(seed, `${bytes}`, async () => {
      const { migration, problems } = await read(bytes);
      const decoded = decode(bytes);
      if (decoded === undefined) assertEquals(problems.map(({ code }) => code), ["file-encoding"]);
      if (migration === undefined) return;
      utf8++;
      assertEquals(migration.text, without(decoded!));
    });
  }
  assert(utf8 > 0);
});

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

Deno.test("validate() lists the problems of a folder of hostile files", async () => {
  const files = [...hostileFiles(tries(300, 2000))].map(({ seed, text }) => [`m/${seed}_x.sql`, text] as const);
  const runner = new MigrationRunner({
    migrationsDir: "m",
    database: pgliteDatabase({} as Parameters<typeof pgliteDatabase>[0]),
    reader: memoryReader(Object.fromEntries(files)),
  });
  const problems = await runner.validate();
  const broken = new Set(problems.filter(({ severity }) => severity === "error").map(({ path }) => path));
  for (const [path, text] of files) {
    const { problems } = await parseFile(path, text);
    if (problems.some(({ severity }) => severity === "error")) assert(broken.has(path), path);
  }
});
