import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import postgres from "postgres";
import { MigrationError } from "../../src/core/error.ts";
import { memoryReader } from "../../src/core/reader.ts";
import { quoteLiteral } from "../../src/core/quote.ts";
import { SqlError } from "../../src/core/sql_error.ts";
import { pgliteDatabase } from "../../src/database/pglite.ts";
import { postgresDatabase } from "../../src/database/postgres.ts";
import { openDatabase } from "../../src/database/open.ts";
import { MigrationRunner, type RunnerOptions } from "../../src/runner/runner.ts";
import { databasePlatform } from "../../src/runtime/platform.ts";
import { atOnce } from "../support/at_once.ts";
import { query, sharedServer, withDatabase } from "../support/databases.ts";
import { startPglite } from "../support/pglite.ts";
import { startSlowLink } from "../support/slow_link.ts";

const DROP = "DROP TABLE public.canary; --";
const CANARY = "CREATE TABLE public.canary (id int); INSERT INTO public.canary VALUES (1);";

/** What would end a constant if a backslash meant something in it, or nothing. */
const TEXTS = [`\\'; ${DROP}`, `\\\\'; ${DROP}`, `'; ${DROP}`, "a\\", `é\\'; ${DROP}`];

/** A file that says a text in its header, in a constant and in an error. */
function fileOf(text: string): string {
  return `-- Description: ${text}\n-- Depends: (none)\nCREATE TABLE said AS SELECT '${
    text.replaceAll("'", "''")
  }'::text AS text;\nCREATE FUNCTION f() RETURNS text LANGUAGE sql RETURN '${
    text.replaceAll("'", "''")
  }';\n-- ROLLBACK\nDROP FUNCTION f();\nDROP TABLE said;\n`;
}

function raising(text: string): string {
  return `DO ${quoteLiteral(`BEGIN RAISE EXCEPTION USING MESSAGE = ${quoteLiteral(text)}; END`)};`;
}

function runnerOf(
  url: string,
  files: Readonly<Record<string, string>>,
  rest: Partial<RunnerOptions> = {},
): MigrationRunner {
  const entries = Object.entries(files).map(([name, text]) => [`m/${name}`, text]);
  return new MigrationRunner({
    migrationsDir: "m",
    database: () => openDatabase(url, { platform: databasePlatform(() => undefined) }),
    reader: memoryReader(Object.fromEntries(entries)),
    ...rest,
  });
}

type Rows = (sql: string) => Promise<readonly Record<string, unknown>[]>;

/** Runs all that writes texts into the history, and looks whether they arrived. */
async function checkTexts(
  rows: Rows,
  runner: (files: Readonly<Record<string, string>>) => MigrationRunner,
): Promise<void> {
  await rows(CANARY);
  for (const text of TEXTS) {
    const files = { "001_a.sql": fileOf(text) };
    await runner(files).applyPending();
    const said = await rows("SELECT text, f() AS body FROM said");
    assertEquals(said.map((row) => [row.text, row.body]), [[text, text]]);
    const [record] = await runner(files).getAppliedMigrations();
    assertEquals(record?.description, text);
    assertEquals((await runner(files).show("001_a")).source, files["001_a.sql"]);
    const edited = { "001_a.sql": files["001_a.sql"].replace("AS text", "AS  text") };
    await runner(edited).repair();
    assertEquals((await runner(edited).show("001_a")).source, edited["001_a.sql"]);
    const broken = { ...edited, "002_b.sql": raising(text) };
    const error = await assertRejects(() => runner(broken).applyPending(), SqlError) as SqlError;
    assertEquals(error.serverMessage, text);
    assertStringIncludes(String((await rows("SELECT error FROM metapg_migrations WHERE version = 2"))[0]?.error), text);
    await runner(edited).rollbackMigration("001_a");
    await rows("DELETE FROM metapg_migrations");
  }
  assertEquals((await rows("SELECT id FROM public.canary")).map((row) => row.id), [1]);
}

const SETTINGS = ["standard_conforming_strings = off", "backslash_quote = off"];

for (const major of [14, 18] as const) {
  Deno.test(`texts arrive whatever a database sets for strings, on PostgreSQL ${major}`, async () => {
    await withDatabase(async (url) => {
      const name = new URL(url).pathname.slice(1);
      await query(url, SETTINGS.map((setting) => `ALTER DATABASE ${name} SET ${setting};`).join("\n"));
      assertEquals((await query(url, "SHOW standard_conforming_strings"))[0], { standard_conforming_strings: "off" });
      await checkTexts((sql) => query(url, sql), (files) => runnerOf(url, files));
    }, { major });
  });
}

for (const setting of SETTINGS) {
  Deno.test(`texts arrive over sessions that begin with ${setting}`, async () => {
    await withDatabase(async (url) => {
      const started = `${url}?options=${encodeURIComponent(`-c ${setting.replaceAll(" ", "")}`)}`;
      await checkTexts((sql) => query(url, sql), (files) => runnerOf(started, files));
    }, { major: 18 });
  });

  Deno.test(`texts arrive over a client of the caller's that was set to ${setting}, and it stays so`, async () => {
    await withDatabase(async (url) => {
      const [name = ""] = setting.split(" = ");
      const client = postgres(url, { max: 1, onnotice: () => {} });
      try {
        await client.unsafe(`SET ${setting}`);
        const database = postgresDatabase(client);
        await checkTexts((sql) => query(url, sql), (files) => runnerOf("", files, { database }));
        assertEquals((await client.unsafe(`SHOW ${name}`))[0]?.[name], setting.split(" = ")[1]);
      } finally {
        await client.end();
      }
    }, { major: 18 });
  });
}

Deno.test("texts arrive in a PGlite of the caller's without standard strings, and it stays so", async () => {
  const instance = await startPglite();
  try {
    await instance.exec("SET standard_conforming_strings = off; SET backslash_quote = off");
    const database = pgliteDatabase(instance);
    const rows: Rows = async (sql) => (await instance.exec(sql)).at(-1)?.rows ?? [];
    await checkTexts(rows, (files) => runnerOf("", files, { database }));
    assertEquals(await rows("SHOW standard_conforming_strings"), [{ standard_conforming_strings: "off" }]);
  } finally {
    await instance.close();
  }
});

/** A database of another encoding on a shared server. */
async function withEncoding(encoding: string, body: (url: string) => Promise<void>): Promise<void> {
  const server = await sharedServer(18);
  const name = `test_${crypto.randomUUID().replaceAll("-", "")}`;
  await query(server.url, `CREATE DATABASE ${name} TEMPLATE template0 ENCODING '${encoding}' LOCALE 'C'`);
  const url = new URL(server.url);
  url.pathname = `/${name}`;
  try {
    await body(url.href);
  } finally {
    await query(server.url, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  }
}

for (const encoding of ["LATIN1", "SQL_ASCII", "EUC_JP"]) {
  Deno.test(`texts arrive in a database of encoding ${encoding}`, () =>
    withEncoding(encoding, async (url) => {
      await query(url, CANARY);
      for (const text of TEXTS) {
        const files = { "001_a.sql": fileOf(text) };
        await runnerOf(url, files).applyPending();
        assertEquals((await query(url, "SELECT text FROM said"))[0], { text });
        assertEquals((await runnerOf(url, files).show("001_a")).source, files["001_a.sql"]);
        await runnerOf(url, files).rollbackMigration("001_a");
      }
      assertEquals((await query(url, "SELECT id FROM canary"))[0], { id: 1 });
    }));
}

/** Applies files of which the second has a character that LATIN1 lacks. */
async function checkRefusal(
  direct: string,
  url: string,
  apply: <T>(work: () => Promise<T>) => Promise<T>,
): Promise<void> {
  const a = "CREATE TABLE a (id int);";
  const b = "CREATE TABLE b (id int);";
  const refused = async (text: string) => {
    const files = { "001_a.sql": a, "002_b.sql": text, "003_c.sql": "CREATE TABLE c (id int);" };
    const error = await assertRejects(() => apply(() => runnerOf(url, files).applyPending()), SqlError) as SqlError;
    assertEquals([error.migration, error.code, error.sqlstate], ["002_b", "SQL_FAILED", "22P05"]);
    const left = await query(direct, "SELECT to_regclass('b') AS b, to_regclass('c') AS c");
    assertEquals(left, [{ b: null, c: null }]);
    return error;
  };
  const error = await refused(`${b}\n-- é 🐘\n`);
  assertEquals([error.place, error.applied], ["m/002_b.sql:2:6", ["001_a"]]);
  assertEquals((await refused(`${b}\n-- é \ufeff\n`)).place, "m/002_b.sql:2:6");
  // What only the history would keep of a file is refused, too.
  for (const header of ["", "-- Transaction: none\n"]) {
    const { message } = await refused(`${header}${b}\n-- ROLLBACK\nDROP TABLE b; -- 🐘\n`);
    assertStringIncludes(message, "when its history was written");
  }
  assertEquals(await runnerOf(url, { "001_a.sql": a, "002_b.sql": b }).applyPending(), ["002_b"]);
}

Deno.test("a character that the encoding of the database lacks fails its migration alone", () =>
  withEncoding("LATIN1", (url) => checkRefusal(url, url, atOnce)));

Deno.test("a character that the encoding of the database lacks fails its migration alone, in a message of several", () =>
  withEncoding("LATIN1", async (direct) => {
    const link = startSlowLink(direct, 10);
    try {
      await checkRefusal(direct, link.url, (work) => work());
    } finally {
      await link.close();
    }
  }));

const APPLICATIONS = [`\\'; ${DROP}`, `"; ${DROP} $$ % {} \\`];

for (const major of [14, 18] as const) {
  Deno.test(`an application of any name is in the log, and named where it holds the lock, on PostgreSQL ${major}`, () =>
    withDatabase(async (base) => {
      await query(base, CANARY);
      for (const [index, application] of APPLICATIONS.entries()) {
        const files = { "001_a.sql": "SELECT pg_sleep(0.3);" };
        const options = { table: `h${index}`, lockWaitMs: 0 };
        const other = runnerOf(base, files, options);
        const look = async () => {
          assertEquals((await other.lockStatus()).holder?.application, application);
          const error = await assertRejects(() => other.applyPending(), MigrationError) as MigrationError;
          assertEquals(error.code, "LOCK_TIMEOUT");
          assertStringIncludes(error.message, `application ${application}`);
        };
        let looked: Promise<void> | undefined;
        const url = `${base}?application_name=${encodeURIComponent(application)}`;
        const runner = runnerOf(url, files, {
          ...options,
          onEvent: ({ type }) => {
            if (type === "migration:start") looked = look();
          },
        });
        await runner.applyPending();
        await looked!;
        assertEquals((await runner.history()).at(-1)?.application, application);
      }
      assertEquals((await query(base, "SELECT id FROM canary"))[0], { id: 1 });
    }, { major }));
}
