import { assert, assertEquals } from "@std/assert";
import { dumpSchema, findClient } from "../support/schema_text.ts";
import { SAMPLE_ROLES } from "./sample.ts";
import { differences, embeddedDatabase, onServer, rebuild, type SchemaDatabase } from "./schema_database.ts";

/** What people change of what they did not make, what undoes it, and what is seen of it. */
type Case = readonly [change: string, undo: string, ...seen: readonly string[]];

const SERVER_CASES: readonly Case[] = [
  [
    "REVOKE EXECUTE ON FUNCTION pg_catalog.pg_sleep(double precision) FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION pg_catalog.pg_sleep(double precision) TO PUBLIC",
    "~ function pg_catalog.pg_sleep(double precision)",
    "    privileges: (none) → REVOKE EXECUTE FROM PUBLIC",
  ],
  [
    "GRANT EXECUTE ON FUNCTION pg_read_file(text) TO schema_reader",
    "REVOKE EXECUTE ON FUNCTION pg_read_file(text) FROM schema_reader",
    "~ function pg_catalog.pg_read_file(text)",
    "    privileges: (none) → GRANT EXECUTE TO schema_reader",
  ],
  [
    "GRANT EXECUTE ON FUNCTION pg_ls_dir(text) TO PUBLIC",
    "REVOKE EXECUTE ON FUNCTION pg_ls_dir(text) FROM PUBLIC",
    "~ function pg_catalog.pg_ls_dir(text)",
    "    privileges: (none) → GRANT EXECUTE TO PUBLIC",
  ],
  [
    "GRANT EXECUTE ON FUNCTION sum(int), count() TO schema_reader WITH GRANT OPTION",
    "REVOKE EXECUTE ON FUNCTION sum(int), count() FROM schema_reader",
    "~ aggregate pg_catalog.count()",
    "    privileges: (none) → GRANT EXECUTE TO schema_reader WITH GRANT OPTION",
    "~ aggregate pg_catalog.sum(integer)",
    "    privileges: (none) → GRANT EXECUTE TO schema_reader WITH GRANT OPTION",
  ],
  [
    "REVOKE ALL ON pg_catalog.pg_user FROM PUBLIC",
    "GRANT SELECT ON pg_catalog.pg_user TO PUBLIC",
    "~ view pg_catalog.pg_user",
    "    privileges: (none) → REVOKE SELECT FROM PUBLIC",
  ],
  [
    "GRANT SELECT ON pg_authid TO schema_reader",
    "REVOKE SELECT ON pg_authid FROM schema_reader",
    "~ table pg_catalog.pg_authid",
    "    privileges: (none) → GRANT SELECT TO schema_reader",
  ],
  [
    "GRANT SELECT (rolname, oid) ON pg_authid TO schema_reader",
    "REVOKE SELECT (oid, rolname) ON pg_authid FROM schema_reader",
    "~ column pg_catalog.pg_authid.oid",
    "    privileges: (none) → GRANT SELECT TO schema_reader",
    "~ column pg_catalog.pg_authid.rolname",
    "    privileges: (none) → GRANT SELECT TO schema_reader",
  ],
  [
    "REVOKE SELECT (subname) ON pg_subscription FROM PUBLIC",
    "GRANT SELECT (subname) ON pg_subscription TO PUBLIC",
    "~ column pg_catalog.pg_subscription.subname",
    "    privileges: (none) → REVOKE SELECT FROM PUBLIC",
  ],
  [
    "REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC; GRANT USAGE ON LANGUAGE plpgsql TO schema_owner",
    "GRANT USAGE ON LANGUAGE plpgsql TO PUBLIC; REVOKE USAGE ON LANGUAGE plpgsql FROM schema_owner",
    "~ language plpgsql",
    "    privileges:",
    "      + GRANT USAGE TO schema_owner",
    "      + REVOKE USAGE FROM PUBLIC",
  ],
  [
    "REVOKE USAGE ON LANGUAGE sql FROM PUBLIC",
    "GRANT USAGE ON LANGUAGE sql TO PUBLIC",
    "~ language sql",
    "    privileges: (none) → REVOKE USAGE FROM PUBLIC",
  ],
  [
    'REVOKE USAGE ON TYPE pg_catalog."char", box FROM PUBLIC',
    'GRANT USAGE ON TYPE box, pg_catalog."char" TO PUBLIC',
    "~ type pg_catalog.box",
    "    privileges: (none) → REVOKE USAGE FROM PUBLIC",
    "~ type pg_catalog.char",
    "    privileges: (none) → REVOKE USAGE FROM PUBLIC",
  ],
  [
    "GRANT CREATE ON SCHEMA pg_catalog TO schema_owner",
    "REVOKE CREATE ON SCHEMA pg_catalog FROM schema_owner",
    "~ schema pg_catalog",
    "    privileges: (none) → GRANT CREATE TO schema_owner",
  ],
  [
    "GRANT USAGE ON SCHEMA public TO schema_reader",
    "REVOKE USAGE ON SCHEMA public FROM schema_reader",
    "~ schema public",
    "    privileges: (none) → GRANT USAGE TO schema_reader",
  ],
  [
    "REVOKE USAGE ON SCHEMA information_schema FROM PUBLIC",
    "GRANT USAGE ON SCHEMA information_schema TO PUBLIC",
    "~ schema information_schema",
    "    privileges: (none) → REVOKE USAGE FROM PUBLIC",
  ],
  [
    "REVOKE SELECT ON information_schema.tables FROM PUBLIC; GRANT SELECT ON information_schema.transforms TO PUBLIC",
    "GRANT SELECT ON information_schema.tables TO PUBLIC; REVOKE SELECT ON information_schema.transforms FROM PUBLIC",
    "~ view information_schema.tables",
    "    privileges: (none) → REVOKE SELECT FROM PUBLIC",
    "~ view information_schema.transforms",
    "    privileges: (none) → GRANT SELECT TO PUBLIC",
  ],
  [
    "REVOKE USAGE ON DOMAIN information_schema.yes_or_no FROM PUBLIC",
    "GRANT USAGE ON DOMAIN information_schema.yes_or_no TO PUBLIC",
    "~ domain information_schema.yes_or_no",
    "    privileges: (none) → REVOKE USAGE FROM PUBLIC",
  ],
];

const EXTENSION_CASES: readonly Case[] = [
  [
    "GRANT EXECUTE ON FUNCTION tools.digest(text, text) TO schema_reader",
    "REVOKE EXECUTE ON FUNCTION tools.digest(text, text) FROM schema_reader",
    "~ function tools.digest(text, text)",
    "    privileges: (none) → GRANT EXECUTE TO schema_reader",
  ],
  [
    "REVOKE EXECUTE ON FUNCTION tools.gen_salt(text, integer) FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION tools.gen_salt(text, integer) TO PUBLIC",
    "~ function tools.gen_salt(text, integer)",
    "    privileges: (none) → REVOKE EXECUTE FROM PUBLIC",
  ],
  [
    "REVOKE ALL ON pg_stat_statements FROM PUBLIC",
    "GRANT SELECT ON pg_stat_statements TO PUBLIC",
    "~ view public.pg_stat_statements",
    "    privileges: (none) → REVOKE SELECT FROM PUBLIC",
  ],
  [
    "GRANT SELECT (query) ON pg_stat_statements TO PUBLIC",
    "REVOKE SELECT (query) ON pg_stat_statements FROM PUBLIC",
    "~ column public.pg_stat_statements.query",
    "    privileges: (none) → GRANT SELECT TO PUBLIC",
  ],
  [
    "REVOKE USAGE ON TYPE tools.citext FROM PUBLIC",
    "GRANT USAGE ON TYPE tools.citext TO PUBLIC",
    "~ type tools.citext",
    "    privileges: (none) → REVOKE USAGE FROM PUBLIC",
  ],
  [
    "GRANT USAGE ON FOREIGN DATA WRAPPER postgres_fdw TO schema_owner",
    "REVOKE USAGE ON FOREIGN DATA WRAPPER postgres_fdw FROM schema_owner",
    "~ foreign-data wrapper postgres_fdw",
    "    privileges: (none) → GRANT USAGE TO schema_owner",
  ],
];

/** `SELECT` on the view of the last one is granted by the extension itself. */
const EXTENSIONS = `CREATE SCHEMA tools; CREATE EXTENSION pgcrypto SCHEMA tools; CREATE EXTENSION citext SCHEMA tools;
CREATE EXTENSION postgres_fdw; CREATE EXTENSION pg_stat_statements;
CREATE TABLE users (name tools.citext, salt text DEFAULT tools.gen_salt('bf', 4));`;

/** Every change is seen and, undone, is not; all of them at once are in the SQL of the schema. */
async function checkCases(cases: readonly Case[], first: SchemaDatabase, second: SchemaDatabase): Promise<string> {
  const before = await first.read();
  for (const [change, undo, ...seen] of cases) {
    await first.send(change);
    assertEquals(differences(before, await first.read()).split("\n"), seen);
    await first.send(undo);
    assertEquals(await first.read(), before, undo);
  }
  await first.send(cases.map(([change]) => change).join(";\n"));
  return await rebuild(first, second);
}

/** Roles are there before, and so are extensions, on each of two databases. */
async function onTwo(major: 14 | 18, setup: string, body: typeof checkCases, cases: readonly Case[]): Promise<string> {
  return await onServer(major, (first) =>
    onServer(major, async (second) => {
      await first.send(SAMPLE_ROLES + setup);
      const sql = await body(cases, first, second);
      const path = await findClient("pg_dump", major);
      if (path === undefined) return sql;
      assertEquals(await dumpSchema(path, second.url), await dumpSchema(path, first.url));
      return sql;
    }));
}

Deno.test("schemaSql() is the same text of privileges on what the server made on PostgreSQL 14, 18 and PGlite", async () => {
  const [first, second] = [await embeddedDatabase(), await embeddedDatabase()];
  for (const { send } of [first, second]) await send(SAMPLE_ROLES);
  const texts = [
    await checkCases(SERVER_CASES, first, second),
    await onTwo(14, "", checkCases, SERVER_CASES),
    await onTwo(18, "", checkCases, SERVER_CASES),
  ];
  assertEquals(texts[1], texts[0]);
  assertEquals(texts[2], texts[0]);
  assert(texts[0]!.includes('\nREVOKE USAGE ON TYPE pg_catalog."char" FROM PUBLIC;\n'), texts[0]);
  assert(texts[0]!.includes("\nGRANT SELECT (rolname) ON TABLE pg_catalog.pg_authid TO schema_reader;\n"), texts[0]);
});

for (const major of [14, 18] as const) {
  Deno.test(`readSchema() sees privileges on what extensions made, and schemaSql() makes them, on PostgreSQL ${major}`, async () => {
    const sql = await onTwo(major, EXTENSIONS, checkCases, EXTENSION_CASES);
    assert(sql.indexOf("CREATE EXTENSION citext") < sql.indexOf("ON TYPE tools.citext"), sql);
  });
}

Deno.test("readSchema() sees what default privileges gave to what an extension made", () =>
  onServer(18, async ({ send, read }) => {
    await send(`${SAMPLE_ROLES}; ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO schema_reader`);
    const before = await read();
    await send("CREATE EXTENSION fuzzystrmatch");
    const after = await read();
    assertEquals(differences(before, after), "+ extension fuzzystrmatch");
    await send("REVOKE EXECUTE ON FUNCTION soundex FROM schema_reader");
    assertEquals(differences(after, await read()).split("\n"), [
      "~ function public.soundex(text)",
      "    privileges: GRANT EXECUTE TO schema_reader → (none)",
    ]);
  }));

Deno.test("readSchema() does not take another owner for other privileges, nor a role that is gone for one that lost them", () =>
  onServer(14, async ({ send, read }) => {
    await send(`${SAMPLE_ROLES} CREATE ROLE schema_gone;
      ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO schema_gone; CREATE EXTENSION pg_stat_statements;
      ALTER DEFAULT PRIVILEGES REVOKE SELECT ON TABLES FROM schema_gone`);
    const before = await read();
    await send("DROP OWNED BY schema_gone; DROP ROLE schema_gone; ALTER VIEW pg_stat_statements OWNER TO schema_owner");
    assertEquals(differences(before, await read()), "");
    await send("ALTER SCHEMA public OWNER TO schema_owner");
    assertEquals(differences(before, await read()).split("\n"), [
      "~ schema public",
      "    owner: (none) → schema_owner",
    ]);
  }));
