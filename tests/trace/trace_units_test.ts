import { assertEquals, assertStringIncludes } from "@std/assert";
import type { StatementTrace } from "../../src/trace/trace.ts";
import { locksOf, traced } from "./traced.ts";

const TABLES = `CREATE TABLE users (id int PRIMARY KEY, email text); CREATE INDEX users_email ON users (email);
CREATE TABLE events (day int) PARTITION BY LIST (day); CREATE TABLE events_1 PARTITION OF events FOR VALUES IN (1);`;

/** Traces statements outside a transaction. */
async function units(sql: string): Promise<readonly StatementTrace[]> {
  const { statements, transaction } = await traced(TABLES, `-- Transaction: none\n${sql}`);
  assertEquals(transaction, "none");
  return statements;
}

/** What is known of a statement, in short. */
function short(statement: StatementTrace): unknown[] {
  return [statement.source, locksOf(statement), statement.work.map(({ type }) => type), statement.duration];
}

Deno.test("traceMigrations() tells by the manual what PostgreSQL refuses in a transaction", async () => {
  const statements = await units(`CREATE INDEX CONCURRENTLY users_id ON users (id);
REINDEX TABLE CONCURRENTLY users;
REINDEX INDEX CONCURRENTLY users_email;
DROP INDEX CONCURRENTLY users_email;
ALTER TABLE events DETACH PARTITION events_1 CONCURRENTLY;
VACUUM users, events_1;
VACUUM (FULL, ANALYZE) users;
VACUUM FULL;
CLUSTER;
CREATE DATABASE elsewhere;
ALTER SYSTEM SET work_mem = '8MB';`);
  const slight = (...names: string[]) => names.map((name) => `public.${name} SHARE UPDATE EXCLUSIVE`);
  assertEquals(statements.map(short), [
    ["manual", slight("users"), ["index-build"], "size"],
    ["manual", slight("users"), ["index-rebuild"], "size"],
    ["manual", slight("users", "users_email"), ["index-rebuild"], "size"],
    ["manual", slight("users", "users_email"), [], "instant"],
    ["manual", [...slight("events"), "public.events_1 ACCESS EXCLUSIVE"], [], "instant"],
    ["manual", slight("users", "events_1"), ["vacuum", "vacuum"], "size"],
    ["manual", ["public.users ACCESS EXCLUSIVE"], ["rewrite"], "size"],
    ["manual", [], [], "unknown"],
    ["manual", [], [], "unknown"],
    ["manual", [], [], "instant"],
    ["manual", [], [], "instant"],
  ]);
  assertEquals(statements[0]!.work, [{ type: "index-build", table: "public.users", index: "public.users_id" }]);
  assertStringIncludes(statements[7]!.note!, "all tables, one after another, each under ACCESS EXCLUSIVE");
  assertStringIncludes(statements[8]!.note!, "each under ACCESS EXCLUSIVE in turn");
  assertStringIncludes(statements[9]!.note!, "CREATE DATABASE locks no table; it is not run here");
  assertEquals(statements.every(({ note }) => note !== null), true);
});

Deno.test("traceMigrations() watches the units that may run in a transaction, each in one of its own", async () => {
  const statements = await units(`ALTER TABLE users ADD COLUMN age int;
CREATE TABLE posts (id int);
BEGIN;
LOCK TABLE users IN SHARE MODE;
ALTER TABLE users ADD COLUMN name text;
COMMIT;
CREATE INDEX CONCURRENTLY ON posts (id);
REINDEX TABLE users;
DO 'BEGIN ALTER TABLE events ADD COLUMN x int; END';`);
  assertEquals(statements.map(short), [
    ["observed", ["public.users ACCESS EXCLUSIVE"], [], "instant"],
    ["observed", [], [], "instant"],
    ["observed", ["public.users SHARE"], [], "instant"],
    ["observed", ["public.users ACCESS EXCLUSIVE"], [], "instant"],
    ["manual", ["public.posts SHARE UPDATE EXCLUSIVE"], ["index-build"], "size"],
    [
      "observed",
      ["public.users SHARE", "public.users_email ACCESS EXCLUSIVE", "public.users_pkey ACCESS EXCLUSIVE"],
      ["index-rebuild", "index-rebuild"],
      "size",
    ],
    ["observed", ["public.events ACCESS EXCLUSIVE", "public.events_1 ACCESS EXCLUSIVE"], ["rows"], "rows"],
  ]);
  assertEquals(statements.map(({ held }) => held.length), [0, 0, 0, 0, 0, 0, 0]);
  assertEquals(statements[1]!.exempt, ["public.posts"]);
});

Deno.test("traceMigrations() says so where a statement ends transactions itself, and runs it all the same", async () => {
  const statements = await units(`DO 'BEGIN CREATE TABLE made (id int); COMMIT; END';
ALTER TABLE made ADD COLUMN x int;`);
  assertEquals(statements.map(short), [
    ["unknown", [], [], "unknown"],
    ["observed", ["public.made ACCESS EXCLUSIVE"], [], "instant"],
  ]);
  assertStringIncludes(statements[0]!.note!, "cannot be looked at");
});

Deno.test("traceMigrations() takes what a unit made for something that others use from then on", async () => {
  const statements = await units(`CREATE TABLE made (id int);
CREATE INDEX CONCURRENTLY made_id ON made (id);
ALTER TABLE made ALTER id TYPE bigint;
REINDEX INDEX made_id;`);
  assertEquals(statements.map(locksOf), [
    [],
    ["public.made SHARE UPDATE EXCLUSIVE"],
    ["public.made ACCESS EXCLUSIVE", "public.made_id ACCESS EXCLUSIVE"],
    ["public.made SHARE", "public.made_id ACCESS EXCLUSIVE"],
  ]);
  assertEquals(statements.map(({ danger }) => danger), ["none", "low", "high", "high"]);
});
