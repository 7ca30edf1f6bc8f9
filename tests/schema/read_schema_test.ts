import { assert, assertEquals } from "@std/assert";
import postgres from "postgres";
import { postgresDatabase } from "../../src/database/postgres.ts";
import { readSchema } from "../../src/schema/read_schema.ts";
import { schemaSql } from "../../src/schema/schema_sql.ts";
import { SAMPLE } from "./sample.ts";
import { differences, embeddedDatabase, onServer } from "./schema_database.ts";

for (const major of [14, 18] as const) {
  Deno.test(`readSchema() reads the same with the right to connect alone, but for options of user mappings, which are not compared, on PostgreSQL ${major}`, () =>
    onServer(major, async ({ url, send, read }) => {
      await send(SAMPLE);
      const whole = await read();
      const client = postgres(url, { max: 1, onnotice: () => {} });
      try {
        await client.unsafe("SET SESSION AUTHORIZATION schema_owner");
        const connection = await postgresDatabase(client).connect();
        const seen = await readSchema(connection, { owner: "postgres" });
        await connection.close();
        assertEquals(differences(whole, seen), "");
        const [mapping] = seen.objects.filter(({ kind }) => kind === "user mapping");
        assertEquals(mapping?.attributes, { hidden: "options" });
      } finally {
        await client.end();
      }
    }));
}

Deno.test("readSchema() leaves the session as it was, in a transaction and outside", async () => {
  const { instance, read, send } = await embeddedDatabase();
  const state = async () =>
    (await instance.query(`SELECT current_setting('search_path') AS path, current_setting('DateStyle') AS dates,
      current_setting('jit') AS jit, pg_current_xact_id_if_assigned() IS NULL AS "isUnwritten"`)).rows[0];
  await send(`CREATE SCHEMA "o'dd"; SET search_path TO "o'dd", "$user", public; SET DateStyle = 'German'`);
  const before = await state();
  await read();
  assertEquals(await state(), before);
  await send("BEGIN; SET LOCAL search_path = ''");
  const inside = await state();
  await read();
  assertEquals(await state(), inside);
  await send("ROLLBACK");
  assertEquals(await state(), before);
});

Deno.test("readSchema() names the owner only where it is another one", async () => {
  const { send, read } = await embeddedDatabase();
  await send("CREATE ROLE app; CREATE TABLE t (id int); ALTER TABLE t OWNER TO app; GRANT SELECT ON t TO postgres");
  const table = (schema: Awaited<ReturnType<typeof read>>) =>
    schema.objects.find(({ kind }) => kind === "table")?.attributes;
  assertEquals(table(await read()), {
    "column order": "id",
    "owner": "app",
    "privileges": "GRANT SELECT TO CURRENT_ROLE",
  });
  assertEquals(table(await read({ owner: "app" })), { "column order": "id", "privileges": "GRANT SELECT TO postgres" });
});

Deno.test("readSchema() and schemaSql() do not depend on the order in which things were made", async () => {
  const statements = [
    "CREATE TABLE a (id int); CREATE INDEX i ON a (id); COMMENT ON TABLE a IS 'a'",
    "CREATE TYPE t AS ENUM ('x')",
    "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT 2'",
    "CREATE SCHEMA s; CREATE TABLE s.b (id int PRIMARY KEY)",
    "CREATE VIEW v AS SELECT 1 AS one",
  ];
  const [first, second] = [await embeddedDatabase(), await embeddedDatabase()];
  for (const sql of statements) await first.send(sql);
  for (const sql of statements.toReversed()) await second.send(sql);
  const [one, other] = [await first.read(), await second.read()];
  assertEquals(other.objects, one.objects);
  assertEquals(schemaSql(other), schemaSql(one));
});

Deno.test("readSchema() leaves out what extensions bring, and keeps what needs them after them", () =>
  onServer(18, (first) =>
    onServer(18, async (second) => {
      await first.send(`CREATE SCHEMA tools; CREATE EXTENSION citext SCHEMA tools; CREATE EXTENSION "uuid-ossp";
        CREATE TABLE users (id uuid DEFAULT uuid_generate_v4(), name tools.citext); CREATE INDEX ON users (name);`);
      const schema = await first.read();
      assertEquals(
        schema.objects.filter(({ kind }) => kind === "extension").map(({ name, attributes }) => [name[0], attributes]),
        [
          ["uuid-ossp", { schema: "public" }],
          ["citext", { schema: "tools" }],
          ["plpgsql", { schema: "pg_catalog" }],
        ],
      );
      assertEquals(
        schema.objects.filter(({ kind }) => kind === "function" || kind === "operator" || kind === "type"),
        [],
      );
      const sql = schemaSql(schema);
      assert(sql.indexOf("CREATE EXTENSION citext") < sql.indexOf("CREATE TABLE"), sql);
      await second.send(sql);
      assertEquals(differences(schema, await second.read()), "");
    })));

Deno.test("readSchema() leaves out what the embedded engine notes down in the options of columns", () =>
  onServer(18, async ({ send, read }) => {
    await send("CREATE TABLE t (id int, name text); ALTER TABLE t ALTER name SET (n_distinct = 5)");
    const before = await read();
    await send(`SET allow_system_table_mods = on; UPDATE pg_attribute
SET attoptions = array_prepend('pg_attver=24229080', attoptions) WHERE attrelid = 't'::regclass AND attnum > 0`);
    assertEquals(differences(before, await read()), "");
  }));
