import { assert, assertEquals } from "@std/assert";
import { compareLines } from "../../src/report/line_difference.ts";
import { pgliteDatabase } from "../../src/database/pglite.ts";
import { MigrationRunner } from "../../src/runner/runner.ts";
import { diskReader } from "../../src/runtime/file_reader.ts";
import { spreadArrayCast } from "../../src/schema/array_cast.ts";
import { schemaSql } from "../../src/schema/schema_sql.ts";
import { query } from "../support/databases.ts";
import { dumpSchema, findClient } from "../support/schema_text.ts";
import { SAMPLE, SAMPLE_ROLES } from "./sample.ts";
import { differences, embeddedDatabase, onServer, rebuild, type SchemaDatabase } from "./schema_database.ts";

/** Kinds that the sample has none of: an extension would differ from server to server, a subscription would connect. */
const ABSENT = ["subscription"];

/** pg_dump takes a language whose handler an extension brought for one that the server knows by name. */
const WITHOUT_LANGUAGE = "DROP LANGUAGE sample_language;";

/** What every engine's sample is as SQL. */
const texts = new Map<string, string>();

async function roundTrip(name: string, first: SchemaDatabase, second: SchemaDatabase): Promise<void> {
  await first.send(SAMPLE);
  await second.send(SAMPLE_ROLES);
  texts.set(name, await rebuild(first, second));
}

for (const major of [14, 18] as const) {
  Deno.test(`schemaSql() makes an equal schema of every kind on PostgreSQL ${major}`, () =>
    onServer(major, (first) => onServer(major, (second) => roundTrip(`${major}`, first, second))));
}

Deno.test("schemaSql() makes an equal schema of every kind on PGlite", async () => {
  await roundTrip("PGlite", await embeddedDatabase(), await embeddedDatabase());
});

Deno.test("schemaSql() is the same text on PostgreSQL 14, 18 and PGlite", () => {
  assertEquals([...texts.keys()], ["14", "18", "PGlite"]);
  const different = (one: string, other: string) =>
    compareLines(texts.get(one)!, texts.get(other)!).filter(({ text }) => text !== "…").map(({ mark, text }) =>
      mark + text
    );
  assertEquals(different("14", "18"), []);
  assertEquals(different("PGlite", "18"), []);
});

Deno.test("the sample has something of every kind", async () => {
  const source = await Deno.readTextFile(new URL("../../src/schema/schema.ts", import.meta.url));
  const kinds = [...source.slice(0, source.indexOf("/** One object. */")).matchAll(/ {2}\| "([^"]+)"/g)].map((
    [, kind],
  ) => kind!);
  await onServer(18, async (database) => {
    await database.send(SAMPLE);
    const found = new Set((await database.read()).objects.map(({ kind }) => kind as string));
    assertEquals(kinds.filter((kind) => !found.has(kind)), ABSENT);
  });
});

Deno.test("schemaSql() hides the passwords of foreign servers and user mappings", () => {
  const sql = texts.get("18")!;
  assertEquals(sql.includes("hunter2"), false);
  assert(sql.includes(`OPTIONS (password '***', "user" 'me')`));
});

Deno.test("pg_dump sees no difference between the sample and what schemaSql() makes of it", async () => {
  const path = await findClient("pg_dump", 14);
  if (path === undefined) return;
  await onServer(14, (first) =>
    onServer(14, async (second) => {
      await first.send(SAMPLE + WITHOUT_LANGUAGE);
      await second.send(schemaSql(await first.read()));
      const [before, after] = [await dumpSchema(path, first.url), await dumpSchema(path, second.url)];
      assertEquals(onlyIn(before, after), []);
      assertEquals(onlyIn(after, before), []);
    }));
});

Deno.test("what pg_dump writes makes an equal schema", async () => {
  const path = await findClient("pg_dump", 14);
  if (path === undefined) return;
  await onServer(14, (first) =>
    onServer(14, async (second) => {
      await first.send(SAMPLE + WITHOUT_LANGUAGE);
      // What pg_dump knows of later versions than the server it writes all the same.
      await query(second.url, (await dumpSchema(path, first.url)).replaceAll(/^ +LOGGED$/gm, ""));
      // A dump without --create says nothing of the database itself.
      assertEquals(
        differences(await first.read(), await second.read()).replace(/^~ database.*?(?=^[~+-] |$(?![\s\S]))/ms, ""),
        "",
      );
    }));
});

/** Statements of one dump that another has not, passwords and the cast of lists apart: some are in an order that identifiers decide. */
function onlyIn(dump: string, other: string): readonly string[] {
  const statements = (text: string) =>
    spreadArrayCast(text.replaceAll("hunter2", "***")).replaceAll(/^--.*$/gm, "").split(/;\n/);
  const known = new Set(statements(other).map((statement) => statement.trim()));
  return statements(dump).map((statement) => statement.trim()).filter((statement) => !known.has(statement));
}

for (const db of ["default", "analytics"]) {
  Deno.test(`schemaSql() makes an equal schema of the sample project ${db}`, async () => {
    const [first, second] = [await embeddedDatabase(), await embeddedDatabase()];
    const runner = new MigrationRunner({
      dbName: db,
      database: pgliteDatabase(first.instance),
      reader: diskReader(),
    });
    await runner.applyPending();
    const schema = await first.read();
    await second.send(schemaSql(schema));
    assertEquals(differences(schema, await second.read()), "");
    await runner.run({ type: "down", to: "0" });
    const empty = await embeddedDatabase();
    assertEquals(differences(await empty.read(), await first.read()), "");
  });
}
