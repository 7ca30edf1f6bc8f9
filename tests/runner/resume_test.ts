import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import postgres from "postgres";
import { MigrationError } from "../../src/core/error.ts";
import type { SqlError } from "../../src/core/sql_error.ts";
import { onServers, type Project } from "./project.ts";

async function failure(call: Promise<unknown>): Promise<MigrationError> {
  return await assertRejects(() => call, MigrationError) as MigrationError;
}

async function until(found: () => Promise<boolean>): Promise<void> {
  while (!await found()) await new Promise((resolve) => setTimeout(resolve, 20));
}

async function indexes({ query }: Project): Promise<string[]> {
  const rows = await query(
    "SELECT indexrelid::regclass || CASE WHEN indisvalid THEN '' ELSE ' INVALID' END AS name FROM pg_index WHERE indrelid = 't'::regclass ORDER BY 1",
  );
  return rows.map((row) => String(row.name));
}

async function withTable(project: Project, rows = "(1), (1)"): Promise<void> {
  await project.query(`CREATE TABLE t (id int); INSERT INTO t VALUES ${rows}`);
}

/** Runs `up`, and ends its session while the statement of this text waits for another session's transaction. */
async function cutWhileWaiting(project: Project, text: string): Promise<MigrationError> {
  const other = postgres(project.url, { max: 1, onnotice: () => {} });
  await other.unsafe("BEGIN; LOCK TABLE t IN ROW EXCLUSIVE MODE; SELECT pg_current_xact_id()").simple();
  const run = failure(project.runner().applyPending());
  await until(async () => {
    const rows = await project.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '${text}%' AND state = 'active' AND wait_event_type = 'Lock' AND datname = current_database()`,
    );
    return rows.length > 0;
  });
  const error = await run;
  await other.unsafe("COMMIT");
  await other.end();
  return error;
}

onServers("an INVALID index that the migration left is dropped before its statement runs again", async (project) => {
  await withTable(project);
  project.files["001_i.sql"] = "-- Transaction: none\nSELECT 1;\nCREATE UNIQUE INDEX CONCURRENTLY t_id ON t (id);\n";
  const error = await failure(project.runner().applyPending());
  assertEquals([error.code, (error as SqlError).sqlstate, (error as SqlError).line], ["PARTIAL", "23505", 3]);
  assertEquals(await indexes(project), ["t_id INVALID"]);
  assertEquals((await failure(project.runner().applyPending())).code, "PARTIAL");
  await project.query("DELETE FROM t WHERE ctid = (SELECT min(ctid) FROM t)");
  assertEquals(await project.runner().applyPending(), ["001_i"]);
  assertEquals(await indexes(project), ["t_id"]);
});

onServers("an INVALID index without a name of its own is found and dropped, too", async (project) => {
  await withTable(project);
  await project.query("CREATE INDEX t_id_idx ON t (id)");
  project.files["001_i.sql"] = "-- Transaction: none\nCREATE UNIQUE INDEX CONCURRENTLY ON t (id);\n";
  assertEquals((await failure(project.runner().applyPending())).code, "PARTIAL");
  assertEquals(await indexes(project), ["t_id_idx", "t_id_idx1 INVALID"]);
  await project.query("DELETE FROM t WHERE ctid = (SELECT min(ctid) FROM t)");
  assertEquals(await project.runner().applyPending(), ["001_i"]);
  assertEquals(await indexes(project), ["t_id_idx", "t_id_idx1"]);
});

onServers("an index that was cut short is dropped and made again", async (project) => {
  await withTable(project);
  project.files["001_i.sql"] = "-- Transaction: none\nCREATE INDEX CONCURRENTLY t_id ON t (id);\n";
  const error = await cutWhileWaiting(project, "CREATE INDEX");
  assertEquals(error.code, "OUTCOME_UNKNOWN");
  assertEquals(await indexes(project), ["t_id INVALID"]);
  assertEquals(await project.runner().applyPending(), ["001_i"]);
  assertEquals(await indexes(project), ["t_id"]);
});

onServers("an index without a name that was cut short is dropped and made again", async (project) => {
  await withTable(project);
  project.files["001_i.sql"] = "-- Transaction: none\nCREATE INDEX CONCURRENTLY ON t (id);\n";
  await cutWhileWaiting(project, "CREATE INDEX");
  assertEquals(await indexes(project), ["t_id_idx INVALID"]);
  assertEquals(await project.runner().applyPending(), ["001_i"]);
  assertEquals(await indexes(project), ["t_id_idx"]);
});

onServers("an index that was finished before the journal knew counts as done", async (project) => {
  await withTable(project);
  const started =
    "UPDATE metapg_migrations SET applied_at = NULL, partial = 'up', units_done = 0, unit_state = 'started'";
  for (const [name, index] of [["001_named", "t_id ON t (id)"], ["002_unnamed", "ON t (id)"]] as const) {
    project.files[`${name}.sql`] = `-- Transaction: none\nCREATE INDEX CONCURRENTLY ${index};\n`;
    await project.runner().applyPending();
    await project.query(`${started} WHERE name = '${name}'`);
    if (name === "002_unnamed") await project.query("DROP INDEX t_id_idx; CREATE INDEX t_id_idx ON t (id)");
    assertEquals(await project.runner().applyPending(), [name]);
  }
  assertEquals(await indexes(project), ["t_id", "t_id_idx"]);
});

onServers(
  "an INVALID index of that name which the migration did not leave is an error, also under IF NOT EXISTS",
  async (project) => {
    await withTable(project);
    await project.query("CREATE UNIQUE INDEX CONCURRENTLY t_id ON t (id)").catch(() => undefined);
    assertEquals(await indexes(project), ["t_id INVALID"]);
    for (const clause of ["", "IF NOT EXISTS "]) {
      project.files["001_i.sql"] = `-- Transaction: none\nCREATE INDEX CONCURRENTLY ${clause}t_id ON t (id);\n`;
      const error = await failure(project.runner().applyPending());
      assertEquals(error.code, "SQL_FAILED");
      assertMatch(error.message, /001_i\.sql:2:1: index public\.t_id exists but is INVALID/);
      assertMatch((error as SqlError).serverHint ?? "", /DROP INDEX CONCURRENTLY public\.t_id/);
    }
    await project.query("DROP INDEX t_id");
    assertEquals(await project.runner().applyPending(), ["001_i"]);
  },
);

onServers("leftovers of REINDEX CONCURRENTLY are dropped before it runs again", async (project) => {
  await withTable(project, "(1), (2)");
  await project.query("CREATE INDEX t_id ON t (id)");
  project.files["001_r.sql"] = "-- Transaction: none\nREINDEX INDEX CONCURRENTLY t_id;\n";
  await cutWhileWaiting(project, "REINDEX");
  assertEquals(await indexes(project), ["t_id", "t_id_ccnew INVALID"]);
  assertEquals(await project.runner().applyPending(), ["001_r"]);
  assertEquals(await indexes(project), ["t_id"]);
});

onServers("a dropped index that was cut short is dropped again, or counts as done", async (project) => {
  await withTable(project);
  await project.query("CREATE INDEX t_id ON t (id)");
  project.files["001_d.sql"] = "-- Transaction: none\nDROP INDEX CONCURRENTLY t_id;\n";
  await cutWhileWaiting(project, "DROP INDEX");
  assertEquals(await project.runner().applyPending(), ["001_d"]);
  assertEquals(await indexes(project), []);
  await project.query(
    "UPDATE metapg_migrations SET applied_at = NULL, partial = 'up', units_done = 0, unit_state = 'started'",
  );
  assertEquals(await project.runner().applyPending(), ["001_d"]);
});

onServers("a partition whose detaching was cut short is detached to the end", async (project) => {
  await project.query(
    "CREATE TABLE t (id int) PARTITION BY RANGE (id); CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (9)",
  );
  project.files["001_d.sql"] = "-- Transaction: none\nALTER TABLE t DETACH PARTITION t1 CONCURRENTLY;\n";
  await cutWhileWaiting(project, "ALTER TABLE");
  const inherits = "SELECT inhdetachpending AS pending FROM pg_inherits WHERE inhparent = 't'::regclass";
  assertEquals((await project.query(inherits)).map((row) => row.pending), [true]);
  assertEquals(await project.runner().applyPending(), ["001_d"]);
  assertEquals(await project.query(inherits), []);
});

onServers("databases are made and dropped once, VACUUM and ALTER SYSTEM run again", async (project) => {
  const name = `metapg_made_${Deno.pid}`;
  await withTable(project);
  const started =
    "UPDATE metapg_migrations SET applied_at = NULL, partial = 'up', units_done = 0, unit_state = 'started'";
  const texts = [`CREATE DATABASE ${name}`, "VACUUM t", "ALTER SYSTEM RESET work_mem", `DROP DATABASE ${name}`];
  for (const [index, sql] of texts.entries()) {
    const file = `00${index + 1}_x`;
    project.files[`${file}.sql`] = `-- Transaction: none\n${sql};\n`;
    assertEquals(await project.runner().applyPending(), [file]);
    await project.query(`${started} WHERE name = '${file}'`);
    assertEquals(await project.runner().applyPending(), [file], sql);
  }
  assert((await project.query(`SELECT 1 FROM pg_database WHERE datname = '${name}'`)).length === 0);
});

onServers("a unit that another session still runs is left alone", async (project) => {
  await withTable(project);
  project.files["001_i.sql"] = "-- Transaction: none\nSELECT 1;\nCREATE INDEX CONCURRENTLY t_id ON t (id);\n";
  await project.runner().applyPending();
  await project.query(
    "DROP INDEX t_id; UPDATE metapg_migrations SET applied_at = NULL, partial = 'up', units_done = 1, unit_state = 'started'",
  );
  const writer = postgres(project.url, { max: 1, onnotice: () => {} });
  const builder = postgres(project.url, { max: 1, onnotice: () => {} });
  await writer.unsafe("BEGIN; INSERT INTO t VALUES (9)").simple();
  const building = builder.unsafe("CREATE INDEX CONCURRENTLY t_id ON t (id)").execute();
  await until(async () =>
    (await project.query("SELECT 1 FROM pg_stat_progress_create_index WHERE index_relid = to_regclass('t_id')"))
      .length > 0
  );
  assertMatch(
    (await failure(project.runner().applyPending())).message,
    /pid \d+ still builds an index on the table of unit 2/,
  );
  await writer.unsafe("COMMIT");
  await building;
  assertEquals(await project.runner().applyPending(), ["001_i"]);
  await Promise.all([writer.end(), builder.end()]);
});
