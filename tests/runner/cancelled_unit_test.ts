import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { MigrationError } from "../../src/core/error.ts";
import { openDatabase } from "../../src/database/open.ts";
import { databasePlatform } from "../../src/runtime/platform.ts";
import postgres from "postgres";
import { onServers, type Project } from "./project.ts";

/** Cancels `up` while its statement waits for a writer of `t`. */
async function cancelWhileWaiting(project: Project): Promise<MigrationError> {
  const abort = new AbortController();
  const writer = postgres(project.url, { max: 1, onnotice: () => {} });
  await writer.unsafe("BEGIN; LOCK TABLE t IN ROW EXCLUSIVE MODE; SELECT pg_current_xact_id()").simple();
  const database = openDatabase(project.url, { platform: databasePlatform(() => undefined) });
  const cancelled = assertRejects(
    () => project.runner({ database, signal: abort.signal }).applyPending(),
    MigrationError,
  );
  const waiting = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
  for (let tries = 0; (await project.query(waiting)).length === 0; tries++) {
    assert(tries < 500, "Nothing waits");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  abort.abort();
  const error = await cancelled;
  await writer.unsafe("COMMIT");
  await writer.end();
  return error as MigrationError;
}

/** Statements whose end nothing but the server's answer tells, and one that leaves something behind. */
const STATEMENTS: Readonly<Record<string, string>> = {
  DO: "DO $$ BEGIN LOCK TABLE t; INSERT INTO t VALUES (1); END $$",
  CALL: "CALL work()",
  "CREATE INDEX CONCURRENTLY": "CREATE INDEX CONCURRENTLY t_id ON t (id)",
  VACUUM: "VACUUM FULL t",
};

onServers("a unit that was cancelled runs again, and nobody is asked", async (project) => {
  await project.query(`CREATE TABLE t (id int);
    CREATE PROCEDURE work() LANGUAGE plpgsql AS $$ BEGIN LOCK TABLE t; INSERT INTO t VALUES (2); END $$`);
  for (const [index, [title, statement]] of Object.entries(STATEMENTS).entries()) {
    const name = `00${index}_x`;
    project.files[`${name}.sql`] = `-- Transaction: none\nSELECT 1;\n${statement};\nINSERT INTO t VALUES (9);\n`;
    const error = await cancelWhileWaiting(project);
    assertEquals(error.code, "ABORTED", title);
    assertMatch(error.hint ?? "", /is part-way: what was finished of it stays, and up goes on from there/);
    const [row] = await project.query(
      `SELECT units_done AS done, unit_state AS state, error FROM metapg_migrations WHERE name = '${name}'`,
    );
    assertEquals(row, { done: 1, state: "failed", error: "Cancelled" }, title);
    assertEquals(await project.runner().applyPending(), [name], title);
  }
  const [result] = await project.query(
    "SELECT string_agg(id::text, ' ' ORDER BY id) AS ids, (SELECT count(*)::int FROM pg_index WHERE NOT indisvalid) AS invalid FROM t",
  );
  assertEquals(result, { ids: "1 2 9 9 9 9", invalid: 0 });
});

/** Statements that commit a part of their work before they meet the writer, and are not to be run again unasked. */
const COMMITTING: Readonly<Record<string, string>> = {
  DO: "DO $$ BEGIN INSERT INTO done VALUES (1); COMMIT; LOCK TABLE t; END $$",
  CALL: "CALL work()",
  "CALL in a DO": "DO $$ BEGIN CALL work(); END $$",
};

onServers("a unit that may have committed before it was cancelled or failed is left to a person", async (project) => {
  await project.query(`CREATE TABLE t (id int); CREATE TABLE done (id int);
    CREATE PROCEDURE work() LANGUAGE plpgsql AS $$ BEGIN INSERT INTO done VALUES (1); COMMIT; LOCK TABLE t; END $$`);
  for (const [index, [title, statement]] of Object.entries(COMMITTING).entries()) {
    const name = `00${index}_x`;
    project.files[`${name}.sql`] = `-- Transaction: none\n-- Lock-Timeout: 5s\n${statement};\n`;
    const cancelled = await cancelWhileWaiting(project);
    const ask = `Look at the database, then say repair --done ${name}:1 or repair --again ${name}:1`;
    assertEquals(cancelled.code, "ABORTED", title);
    assertEquals(cancelled.hint, `Unit 1 of "${name}" may have committed a part of its work. ${ask}`, title);
    const row = `SELECT units_done AS done, unit_state AS state, error FROM metapg_migrations WHERE name = '${name}'`;
    assertEquals(await project.query(row), [{ done: 0, state: "started", error: "Cancelled" }], title);
    const refused = await assertRejects(() => project.runner().applyPending(), MigrationError);
    assertEquals([refused.code, refused.hint], ["PARTIAL", ask], title);
    await project.runner().repair({ again: { name, unit: 1 } });
    const writer = postgres(project.url, { max: 1, onnotice: () => {} });
    await writer.unsafe("BEGIN; LOCK TABLE t IN ROW EXCLUSIVE MODE").simple();
    // Long enough for a second connection to see who is in the way, however busy the machine is.
    project.files[`${name}.sql`] = project.files[`${name}.sql`]!.replace("5s", "800ms");
    const failed = await assertRejects(() => project.runner().applyPending(), MigrationError);
    await writer.unsafe("ROLLBACK");
    await writer.end();
    const blocked = /^Blocked by pid .*\. (?=Unit 1 of )/;
    assertMatch(failed.hint ?? "", blocked, title);
    assertEquals([failed.code, failed.hint?.replace(blocked, "")], ["PARTIAL", cancelled.hint], title);
    assertEquals((await project.query("SELECT count(*)::int AS n FROM done"))[0]?.n, 2, title);
    await project.runner().repair({ done: { name, unit: 1 } });
    assertEquals(await project.runner().applyPending(), [name], title);
    await project.query("TRUNCATE done");
  }
});
