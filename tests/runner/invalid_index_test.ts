import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import postgres from "postgres";
import { MigrationError } from "../../src/core/error.ts";
import type { SqlError } from "../../src/core/sql_error.ts";
import type { RunnerOptions } from "../../src/runner/runner.ts";
import { onServers, type Project } from "./project.ts";

async function failure(call: Promise<unknown>): Promise<MigrationError> {
  return await assertRejects(() => call, MigrationError) as MigrationError;
}

async function invalid({ query }: Project): Promise<string[]> {
  const rows = await query(
    "SELECT regexp_replace(indexrelid::regclass::text, '[0-9]+', 'N') AS name FROM pg_index WHERE NOT indisvalid ORDER BY 1",
  );
  return rows.map((row) => String(row.name));
}

async function oid({ query }: Project, name: string): Promise<unknown> {
  return (await query(`SELECT to_regclass('${name}')::oid::int AS oid`))[0]?.oid;
}

/** A writer keeps waiting what has to see its table whole, a reader what has to be seen by everybody. */
const WRITER = "BEGIN; LOCK TABLE t IN ROW EXCLUSIVE MODE; SELECT pg_current_xact_id()";
const READER = "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1";

/** Ends what waits for another session, by a function of the server. */
async function endWhileWaiting(
  { url, query }: Project,
  hold: string,
  end: "pg_terminate_backend" | "pg_cancel_backend",
  run: () => Promise<unknown>,
): Promise<MigrationError> {
  const holder = postgres(url, { max: 1, onnotice: () => {} });
  await holder.unsafe(hold).simple();
  const failing = assertRejects(run);
  const waiting =
    `SELECT ${end}(pid) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
  for (let tries = 0; (await query(waiting)).length === 0; tries++) {
    assert(tries < 500, "Nothing waits");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  const error = await failing;
  await holder.unsafe("COMMIT");
  await holder.end();
  return error as MigrationError;
}

const up = (project: Project, options: Partial<RunnerOptions> = {}) => project.runner(options).applyPending();

onServers("an INVALID index of somebody else is never dropped, however often up is tried", async (project) => {
  await project.query("CREATE TABLE t (id int); INSERT INTO t VALUES (1), (1)");
  await project.query("CREATE UNIQUE INDEX CONCURRENTLY t_id ON t (id)").catch(() => undefined);
  const theirs = await oid(project, "t_id");
  for (const clause of ["", "IF NOT EXISTS "]) {
    project.files["001_i.sql"] =
      `-- Transaction: none\nSELECT 1;\nCREATE INDEX CONCURRENTLY ${clause}t_id ON t (id);\n`;
    for (let tries = 1; tries <= 2; tries++) {
      const error = await failure(up(project));
      assertEquals([error.code, (error as SqlError).line], ["PARTIAL", 3]);
      assertMatch(error.message, /index public\.t_id exists but is INVALID, and this migration did not leave it/);
      assertMatch((error as SqlError).serverHint ?? "", /DROP INDEX CONCURRENTLY public\.t_id/);
      assertEquals(await oid(project, "t_id"), theirs);
    }
  }
  await project.query("DROP INDEX t_id");
  assertEquals(await up(project), ["001_i"]);
  assertEquals(await invalid(project), []);
});

onServers("the INVALID index of a partitioned table is left alone", async (project) => {
  await project.query(`CREATE TABLE p (id int) PARTITION BY RANGE (id);
    CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (9); CREATE INDEX p_id ON ONLY p (id)`);
  project.files["001_i.sql"] =
    "-- Transaction: none\nSELECT 1;\nCREATE INDEX CONCURRENTLY IF NOT EXISTS p_id ON p (id);\n";
  const [theirs] = [await oid(project, "p_id"), await failure(up(project))];
  await project.query("UPDATE metapg_migrations SET unit_state = 'started'");
  const error = await failure(up(project));
  assertMatch((error as SqlError).serverHint ?? "", /valid when an index of every partition is attached/);
  assertEquals(await oid(project, "p_id"), theirs);
});

onServers("an INVALID index that a person has mended meanwhile is not dropped", async (project) => {
  await project.query("CREATE TABLE t (id int); INSERT INTO t VALUES (1), (1)");
  project.files["001_i.sql"] = "-- Transaction: none\nCREATE UNIQUE INDEX CONCURRENTLY ON t (id);\n";
  await failure(up(project));
  await project.query("DELETE FROM t WHERE ctid = (SELECT min(ctid) FROM t)");
  await project.query("REINDEX INDEX t_id_idx");
  const mended = await oid(project, "t_id_idx");
  await project.query(
    "INSERT INTO metapg_migrations_log (run_id, action, name) SELECT run_id, 'failed', name || 'x' FROM metapg_migrations_log",
  );
  assertEquals(await up(project), ["001_i"]);
  assertEquals(await oid(project, "t_id_idx"), mended);
  assertEquals(await invalid(project), []);
});

for (const name of ["t_id ", ""]) {
  onServers(
    `what is left of ${
      name === "" ? "an index without a name" : "an index"
    } is not forgotten if it cannot be dropped at once`,
    async (project) => {
      await project.query("CREATE TABLE t (id int); INSERT INTO t VALUES (1), (1)");
      project.files["001_i.sql"] =
        `-- Transaction: none\nSELECT 1;\nCREATE UNIQUE INDEX CONCURRENTLY ${name}ON t (id);\n`;
      assertEquals(((await failure(up(project))) as SqlError).sqlstate, "23505");
      assertEquals((await invalid(project)).length, 1);
      await project.query("DELETE FROM t WHERE ctid = (SELECT min(ctid) FROM t)");
      const cancelled = await endWhileWaiting(project, WRITER, "pg_cancel_backend", () => up(project));
      assertMatch(cancelled.message, /DROP INDEX CONCURRENTLY/);
      assertEquals((await invalid(project)).length, 1);
      assertEquals(await up(project), ["001_i"]);
      assertEquals(await invalid(project), []);
      const rows = await project.query("SELECT count(*)::int AS n FROM pg_index WHERE indrelid = 't'::regclass");
      assertEquals(rows[0]?.n, 1);
    },
  );
}

onServers("what a killed index left is known even if dropping it fails first", async (project) => {
  await project.query("CREATE TABLE t (id int)");
  project.files["001_i.sql"] = "-- Transaction: none\nSELECT 1;\nCREATE INDEX CONCURRENTLY t_id ON t (id);\n";
  await endWhileWaiting(project, WRITER, "pg_terminate_backend", () => up(project));
  await endWhileWaiting(project, WRITER, "pg_cancel_backend", () => up(project));
  const [row] = await project.query("SELECT unit_state AS state FROM metapg_migrations");
  assertEquals([row?.state, await invalid(project)], ["started", ["t_id"]]);
  assertEquals(await up(project), ["001_i"]);
  assertEquals(await invalid(project), []);
});

/** What is reindexed, and what it leaves. */
const REINDEXED: Readonly<Record<string, readonly string[]>> = {
  "REINDEX TABLE CONCURRENTLY app.a": ["app.a_pkey_ccnew", "pg_toast.pg_toast_N_index_ccnew"],
  "REINDEX SCHEMA CONCURRENTLY app": ["app.a_pkey_ccnew", "pg_toast.pg_toast_N_index_ccnew"],
  "REINDEX (CONCURRENTLY) DATABASE {database}": ["app.a_pkey_ccnew", "pg_toast.pg_toast_N_index_ccnew"],
  "REINDEX TABLE CONCURRENTLY app.p": ["app.part_id_idx_ccnew"],
  "REINDEX INDEX CONCURRENTLY app.p_id": ["app.part_id_idx_ccnew"],
};

onServers("leftovers of every REINDEX CONCURRENTLY are dropped, older ones are not", async (project) => {
  await project.query(`CREATE SCHEMA app; CREATE TABLE app.a (id int PRIMARY KEY, long text);
    CREATE TABLE app.p (id int) PARTITION BY RANGE (id); CREATE INDEX p_id ON app.p (id);
    CREATE TABLE app.part PARTITION OF app.p FOR VALUES FROM (0) TO (9);
    CREATE TABLE app.old (id int)`);
  await project.query("CREATE INDEX old_ccnew ON app.old (id)");
  await project.query("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'app.old_ccnew'::regclass");
  const old = ["app.old_ccnew"];
  for (const [index, [statement, leftovers]] of Object.entries(REINDEXED).entries()) {
    const sql = statement.replace("{database}", new URL(project.url).pathname.slice(1));
    project.files[`00${index}_r.sql`] = `-- Transaction: none\n${sql};\n`;
    await endWhileWaiting(project, READER, "pg_terminate_backend", () => up(project));
    assertEquals(await invalid(project), [...leftovers, ...old].toSorted(), sql);
    assertEquals(await up(project), [`00${index}_r`]);
    assertEquals(await invalid(project), old, sql);
  }
});

onServers("an index that another session builds is left alone, also if it is not ours to see", async (project) => {
  await project.query(`DO $$ BEGIN CREATE ROLE metapg_owner; EXCEPTION WHEN duplicate_object THEN END $$;
    CREATE TABLE t (id int); ALTER TABLE t OWNER TO metapg_owner; GRANT ALL ON SCHEMA public TO metapg_owner`);
  project.files["001_i.sql"] = "-- Transaction: none\nSELECT 1;\nCREATE INDEX CONCURRENTLY t_id ON t (id);\n";
  await endWhileWaiting(project, WRITER, "pg_terminate_backend", () => up(project, { role: "metapg_owner" }));
  await project.query("DROP INDEX t_id");
  const [writer, builder] = [postgres(project.url, { max: 1 }), postgres(project.url, { max: 1 })];
  await writer.unsafe("BEGIN; INSERT INTO t VALUES (9)").simple();
  const building = builder.unsafe("CREATE INDEX CONCURRENTLY t_id ON t (id)").execute();
  while ((await invalid(project)).length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  const error = await failure(up(project, { role: "metapg_owner" }));
  assertMatch(error.message, /pid \d+ still builds an index on the table of unit 2/);
  await writer.unsafe("COMMIT");
  await building;
  const built = await oid(project, "t_id");
  assertEquals(await up(project, { role: "metapg_owner" }), ["001_i"]);
  assertEquals([await oid(project, "t_id"), await invalid(project)], [built, []]);
  await Promise.all([writer.end(), builder.end()]);
});
