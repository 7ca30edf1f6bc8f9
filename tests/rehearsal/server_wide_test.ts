import { assertEquals } from "@std/assert";
import { findServerWide } from "../../src/rehearsal/server_wide.ts";

function found(sql: string): readonly string[] {
  return findServerWide({ sql, start: 0 }, new Set(["theirs", "app"])).map(({ title, concerns, weight }) =>
    [title, ...(concerns === "server" ? [] : [concerns]), ...(weight === "idle" ? [] : [weight])].join("; ")
  );
}

/** Statements, and what is said of them. */
const WIDE: Readonly<Record<string, string>> = {
  "ALTER SYSTEM SET work_mem = '8MB'": "ALTER SYSTEM",
  "DROP DATABASE app": "DROP DATABASE",
  "ALTER DATABASE app SET work_mem = '8MB'": "ALTER DATABASE; database",
  "ALTER ROLE app PASSWORD 'x'": "ALTER ROLE app",
  "ALTER ROLE ALL SET work_mem = '8MB'": "ALTER ROLE all",
  "ALTER USER CURRENT_USER CREATEDB": "ALTER ROLE current_user",
  "DROP ROLE IF EXISTS ours, theirs": "DROP ROLE theirs",
  "CREATE USER app LOGIN": "CREATE ROLE app",
  "COMMENT ON ROLE app IS 'x'": "COMMENT ON ROLE app",
  "COMMENT ON DATABASE x IS 'x'": "COMMENT ON DATABASE; database",
  "GRANT ours, app TO ours, theirs WITH ADMIN OPTION": "GRANT app TO theirs",
  "REVOKE ADMIN OPTION FOR app FROM theirs": "REVOKE app FROM theirs",
  "GRANT CONNECT, TEMPORARY ON DATABASE x TO ours": "GRANT ON DATABASE; database",
  "REVOKE ALL PRIVILEGES ON TABLESPACE x FROM ours": "REVOKE ON TABLESPACE",
  "GRANT SET ON PARAMETER work_mem TO ours": "GRANT ON PARAMETER",
  "REASSIGN OWNED BY app TO ours": "REASSIGN OWNED BY app; needed",
  "DROP OWNED BY ours, app": "DROP OWNED BY app; needed",
  "CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p": "CREATE SUBSCRIPTION with a replication slot; needed",
  "DO $$ BEGIN EXECUTE 'GRANT app TO theirs'; END $$": "GRANT app TO theirs; needed",
  "DO $$ BEGIN IF true THEN ALTER ROLE app LOGIN; END IF; END $$": "ALTER ROLE app; needed",
};

for (const [sql, expected] of Object.entries(WIDE)) {
  Deno.test(`findServerWide() finds that more than a database is concerned by ${sql}`, () => {
    assertEquals(found(`SELECT 1;\n${sql};\n`), [expected]);
  });
}

Deno.test("findServerWide() lets be what concerns no more than a database, and roles that nobody else has", () => {
  const sql = `CREATE ROLE ours IN ROLE app; ALTER USER ours LOGIN; DROP ROLE ours; COMMENT ON ROLE ours IS 'x';
ALTER TABLE role ADD x int; DROP USER MAPPING FOR app SERVER s; VACUUM; CREATE USER MAPPING FOR app SERVER s;
GRANT app TO ours; GRANT ours TO app; REVOKE app FROM ours; GRANT SELECT (a, b), UPDATE ON t TO app;
GRANT USAGE ON SCHEMA app TO theirs; GRANT SELECT ON database TO app; DROP OWNED BY ours; COMMENT ON TABLE app IS 'x';
DO $$ BEGIN CREATE ROLE app; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
CREATE FUNCTION f() RETURNS void LANGUAGE sql AS 'ALTER ROLE app LOGIN';`;
  assertEquals(found(sql), []);
});
