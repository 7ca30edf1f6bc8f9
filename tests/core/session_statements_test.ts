import { assertEquals } from "@std/assert";
import { sessionStatements, takesLocalRole } from "../../src/core/session_statements.ts";
import { splitUnits } from "../../src/core/unit.ts";

function left(sql: string, upTo = Infinity): string[] {
  return sessionStatements(splitUnits({ sql, start: 0 }), upTo).map((statement) => statement.sql);
}

/** Statements that set the session and do nothing else. */
const SETTINGS: readonly string[] = [
  "SET search_path = app, public",
  "SET SESSION search_path TO app",
  "set my.setting = 'x'",
  "SET ROLE owner",
  "SET SESSION ROLE owner",
  "SET SESSION AUTHORIZATION owner",
  "SET SESSION SESSION AUTHORIZATION owner",
  "SET TIME ZONE 'UTC'",
  "SET SCHEMA 'app'",
  "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL SERIALIZABLE",
  "RESET search_path",
  "RESET ROLE",
  "RESET SESSION AUTHORIZATION",
  "RESET ALL",
  "SELECT set_config('search_path', 'app', false)",
  "select pg_catalog.set_config('search_path', $$app$$, 'off') AS path",
  "SELECT set_config('a.b', '1', false), set_config('a.c', '2', false) x",
  "SELECT set_config('search_path', current_setting('search_path') || ',app', false)",
  "SELECT set_config('search_path', concat_ws(',', 'app', pg_catalog.current_setting('search_path', true)), false)",
];

for (const sql of SETTINGS) {
  Deno.test(`sessionStatements() keeps ${JSON.stringify(sql)}`, () => assertEquals(left(`${sql};`), [sql]));
}

/** Statements that set nothing that outlives them, or do something else, too. */
const OTHERS: readonly string[] = [
  "SELECT 1",
  "SELECT set_config('search_path', 'app', true)",
  "SELECT set_config('a.b', nextval('ids')::text, false)",
  "SELECT set_config('a.b', (SELECT work()), false)",
  "SELECT set_config('a.b', 'x', false) FROM work()",
  "SELECT set_config('a.b', 'x', false), work()",
  "SELECT set_config(name, 'x', false) FROM settings",
  "SELECT app.set_config('a.b', 'x', false)",
  "SELECT set_config('a.b', 'x')",
  "SELECT set_config",
  "SET LOCAL search_path = app",
  "SET CONSTRAINTS ALL DEFERRED",
  "CREATE TABLE set (id int)",
  "DO $$ BEGIN SET search_path = app; END $$",
  "VACUUM",
];

for (const sql of OTHERS) {
  Deno.test(`sessionStatements() leaves out ${JSON.stringify(sql)}`, () => assertEquals(left(`${sql};`), []));
}

Deno.test("sessionStatements() takes those of finished units only, and those in blocks", () => {
  const sql =
    "SET ROLE a; VACUUM; BEGIN; SET LOCAL work_mem = 64; SET search_path = app; SELECT 1; COMMIT; SET x.y = 1;";
  assertEquals(left(sql, 0), []);
  assertEquals(left(sql, 2), ["SET ROLE a"]);
  assertEquals(left(sql, 3), ["SET ROLE a", "SET search_path = app"]);
  assertEquals(left(sql, 4), ["SET ROLE a", "SET search_path = app", "SET x.y = 1"]);
});

Deno.test("sessionStatements() leaves out what was set anew, and may be gone", () => {
  assertEquals(left("SET ROLE a; RESET ROLE; DROP ROLE a;"), ["RESET ROLE"]);
  assertEquals(left("SET SCHEMA 'a'; SET time zone 0; SELECT set_config('SEARCH_PATH', 'b', false);"), [
    "SET time zone 0",
    "SELECT set_config('SEARCH_PATH', 'b', false)",
  ]);
  assertEquals(left("SET ROLE a; SET SESSION AUTHORIZATION b; SET ROLE c;"), [
    "SET SESSION AUTHORIZATION b",
    "SET ROLE c",
  ]);
  assertEquals(left("SET ROLE a; SET search_path = app; SET a.b = 1; RESET ALL;"), ["SET ROLE a", "RESET ALL"]);
});

Deno.test("sessionStatements() keeps what a later value was read from", () => {
  const read = "SELECT set_config('search_path', current_setting('search_path') || ',b', false)";
  assertEquals(left(`SET search_path = a; ${read}; SET search_path = c;`), [
    "SET search_path = a",
    read,
    "SET search_path = c",
  ]);
});

Deno.test("sessionStatements() tells where each stands in the file", () => {
  const [found] = sessionStatements(splitUnits({ sql: "VACUUM; SET ROLE a;", start: 100 }), 2);
  assertEquals(found?.start, 108);
});

Deno.test("takesLocalRole() finds a role that ends with the transaction", () => {
  const takes = (sql: string) => splitUnits({ sql, start: 0 }).map(takesLocalRole);
  const sql = "BEGIN; SELECT 1; SET LOCAL ROLE a; COMMIT; BEGIN; SET LOCAL SESSION AUTHORIZATION a; COMMIT;";
  assertEquals(takes(sql), [true, true]);
  assertEquals(takes("SELECT set_config('role', 'a', true); SELECT set_config('role', 'a', false);"), [true, false]);
  assertEquals(takes("SET ROLE a; SET LOCAL search_path = role; RESET ROLE; SELECT 'SET LOCAL ROLE a';"), [
    false,
    false,
    false,
    false,
  ]);
});

Deno.test("sessionStatements() leaves out what every unit ends with", () => {
  const units = splitUnits({
    sql: "SET client_encoding = 'LATIN1'; SET NAMES 'LATIN1'; SET search_path = app;",
    start: 0,
  });
  assertEquals(sessionStatements(units, 3).map(({ sql }) => sql), ["SET search_path = app"]);
});
