import { assert, assertEquals, assertRejects } from "@std/assert";
import { MigrationRunner, type RunnerOptions } from "../../mod.ts";
import { MigrationError } from "../../src/core/error.ts";
import type { MigrationEvent } from "../../src/core/event.ts";
import { memoryReader } from "../../src/core/reader.ts";
import { SqlError } from "../../src/core/sql_error.ts";
import { query, withDatabase } from "../support/databases.ts";
import { startSlowLink } from "../support/slow_link.ts";
import { IS_UNLOCKED, until } from "../support/until.ts";

interface Remote {
  /** The database, without the long way. */
  readonly direct: string;
  /** Round trips up to now. */
  readonly roundTrips: number;
  /** What was told. */
  readonly events: MigrationEvent[];
  /** A runner that has the long way. */
  runner(files: Readonly<Record<string, string>>, options?: Partial<RunnerOptions>): MigrationRunner;
}

/** Runs a test over a long way to PostgreSQL 14 and 18. */
function onRemote(name: string, body: (remote: Remote) => Promise<void>): void {
  for (const major of [14, 18] as const) {
    Deno.test(`${name} on PostgreSQL ${major}`, () =>
      withDatabase(async (direct) => {
        const link = startSlowLink(direct, 5);
        const events: MigrationEvent[] = [];
        try {
          await body({
            direct,
            events,
            get roundTrips() {
              return link.roundTrips;
            },
            runner: (files, options) =>
              new MigrationRunner({
                dbName: "main",
                database: link.url,
                onEvent: (event) => events.push(event),
                reader: memoryReader(
                  Object.fromEntries(Object.entries(files).map(([file, text]) => [`migrations/main/${file}`, text])),
                ),
                ...options,
              } as RunnerOptions),
          });
        } finally {
          await link.close();
        }
      }, { major }));
  }
}

const name = (number: number) => `${String(number).padStart(3, "0")}_t`;

/** So many migrations of one table and one index. */
function tables(count: number): Record<string, string> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `${name(index + 1)}.sql`,
      `CREATE TABLE t${index + 1} (id int);\nCREATE INDEX ON t${index + 1} (id);\n-- ROLLBACK\nDROP TABLE t${
        index + 1
      };\n`,
    ]),
  );
}

const names = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => name(from + index));

async function failure(call: Promise<unknown>): Promise<MigrationError> {
  return await assertRejects(() => call, MigrationError) as MigrationError;
}

async function applied(url: string): Promise<unknown[]> {
  const rows = await query(url, "SELECT name FROM metapg_migrations WHERE applied_at IS NOT NULL ORDER BY seq");
  return rows.map((row) => row.name);
}

onRemote("a hundred migrations take few round trips, each in its own transaction", async (remote) => {
  const runner = remote.runner(tables(100));
  assertEquals(await runner.applyPending(), names(1, 100));
  assert(remote.roundTrips <= 15, `${remote.roundTrips} round trips`);
  const [row] = await query(
    remote.direct,
    "SELECT count(DISTINCT xmin::text)::int AS transactions, bool_and(duration_ms BETWEEN 0 AND 5000) AS timed FROM metapg_migrations",
  );
  assertEquals(row, { transactions: 100, timed: true });
  const told = remote.events.flatMap((event) =>
    event.type === "migration:start" || event.type === "migration:done" ? [`${event.type} ${event.name}`] : []
  );
  assertEquals(told, names(1, 100).flatMap((one) => [`migration:start ${one}`, `migration:done ${one}`]));
  const before = remote.roundTrips;
  assertEquals(await runner.applyPending(), []);
  const nothing = remote.roundTrips - before;
  const down = await runner.run({ type: "down", to: "0" });
  assertEquals(down.done.map((one) => one.name), names(1, 100).toReversed());
  assert(remote.roundTrips - before - nothing <= 16, `${remote.roundTrips - before - nothing} round trips`);
  assertEquals(await applied(remote.direct), []);
  const log = await query(
    remote.direct,
    "SELECT action, count(*)::int AS n FROM metapg_migrations_log GROUP BY 1 ORDER BY 1",
  );
  assertEquals(log, [{ action: "applied", n: 100 }, { action: "rolled_back", n: 100 }]);
});

onRemote("the second question does not wait until the lock is had", async (remote) => {
  const runner = remote.runner(tables(1));
  const before = remote.roundTrips;
  assertEquals(await runner.applyPending(), names(1, 1));
  // Three for user and password; the question; lock and question again; the history; the migration; the lock given back.
  assertEquals(remote.roundTrips - before, 8);
});

onRemote("a history that cannot be made stops a run before its first migration", async (remote) => {
  await query(
    remote.direct,
    `CREATE FUNCTION refuse() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no tables here'; END $$;
CREATE EVENT TRIGGER refuse ON ddl_command_start WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION refuse()`,
  );
  const error = await failure(remote.runner(tables(20)).applyPending());
  assertEquals([error.code, error.message, error.applied], [
    "CONFIG",
    "Cannot use the history: no tables here (P0001)",
    [],
  ]);
  assertEquals(remote.events.map(({ type }) => type).filter((type) => type.startsWith("migration:")), []);
  await query(remote.direct, "DROP EVENT TRIGGER refuse");
  assertEquals(await remote.runner(tables(20)).applyPending(), names(1, 20));
});

onRemote("a failure among others is that of its file, and those before it stay", async (remote) => {
  const files = { ...tables(8), "005_t.sql": "-- é 🐘\nCREATE TABLE t5 (id int);\nSELECT 1,\n  nothing FROM t5;\n" };
  const error = await failure(remote.runner(files).applyPending()) as SqlError;
  assert(error instanceof SqlError);
  assertEquals([error.code, error.migration, error.line, error.column], ["SQL_FAILED", "005_t", 4, 3]);
  assertEquals(error.applied, names(1, 4));
  assertEquals(await applied(remote.direct), names(1, 4));
  const rows = await query(
    remote.direct,
    "SELECT error LIKE '%nothing%' AS told FROM metapg_migrations WHERE name = '005_t'",
  );
  assertEquals(rows, [{ told: true }]);
  assertEquals(await query(remote.direct, "SELECT to_regclass('t5')::text AS t5, to_regclass('t6')::text AS t6"), [
    { t5: null, t6: null },
  ]);
  assertEquals(await remote.runner(tables(8)).applyPending(), names(5, 8));
});

onRemote("a failure without a position is at its statement", async (remote) => {
  const files = { ...tables(4), "003_t.sql": "CREATE TABLE t3 (id int);\n\nSELECT 1 / 0;\n" };
  const error = await failure(remote.runner(files).applyPending()) as SqlError;
  assertEquals([error.migration, error.line, error.column], ["003_t", 3, 1]);
  assertEquals(error.applied, names(1, 2));
});

onRemote("a syntax error does not keep those before it from running", async (remote) => {
  const files = { ...tables(6), "004_t.sql": "CREATE TABLE t4 (id int);\nCREATE TABEL t5 (id int);\n" };
  const error = await failure(remote.runner(files).applyPending()) as SqlError;
  assertEquals([error.migration, error.line, error.column, error.sqlstate], ["004_t", 2, 8, "42601"]);
  assertEquals(error.applied, names(1, 3));
  assertEquals(await applied(remote.direct), names(1, 3));
});

onRemote("a lock time-out among others is tried again", async (remote) => {
  await query(remote.direct, "CREATE TABLE busy (id int)");
  const files = { ...tables(6), "003_t.sql": "ALTER TABLE busy ADD COLUMN b int;" };
  const { default: postgres } = await import("postgres");
  const blocker = postgres(remote.direct, { max: 1, onnotice: () => {}, connection: { application_name: "report" } });
  try {
    await blocker.unsafe("BEGIN; SELECT * FROM busy").simple();
    const run = remote.runner(files, {
      lockTimeoutMs: 1000,
      onEvent: (event) => {
        remote.events.push(event);
        if (event.type === "migration:retry") void blocker.unsafe("COMMIT").execute();
      },
    }).applyPending();
    assertEquals(await run, names(1, 6));
  } finally {
    await blocker.end({ timeout: 1 });
  }
  const retries = remote.events.filter((event) => event.type === "migration:retry");
  assertEquals(retries.map(({ name, blockers }) => [name, blockers.map((one) => one.application)]), [
    ["003_t", ["report"]],
  ]);
});

onRemote("what runs outside a transaction stands between, and settings reach no other migration", async (remote) => {
  const files = {
    ...tables(3),
    "004_t.sql": "SET search_path = pg_catalog;\nSET statement_timeout = '1h';\nCREATE TABLE public.t4 (id int);",
    "005_t.sql": "CREATE TABLE t5 (id int);",
    "006_t.sql": "-- Transaction: none\nCREATE INDEX CONCURRENTLY ON t5 (id);",
    "007_t.sql": "PREPARE p AS SELECT 1;\nCREATE TABLE t7 (id int);",
    "008_t.sql": "PREPARE p AS SELECT 1;\nCREATE TABLE t8 (id int);",
  };
  assertEquals(await remote.runner(files).applyPending(), names(1, 8));
});

onRemote("an abort among others tells what was done before it", async (remote) => {
  const files = { ...tables(5), "003_t.sql": "CREATE TABLE t3 (id int);\nSELECT pg_sleep(30);" };
  const abort = new AbortController();
  const run = failure(remote.runner(files).applyPending({ signal: abort.signal }));
  const sleeping = "SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()";
  for (let looks = 0; (await query(remote.direct, sleeping)).length === 0; looks++) {
    assert(looks < 500, "The run does not begin");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  abort.abort();
  const error = await run;
  assertEquals([error.code, error.applied], ["ABORTED", names(1, 2)]);
  assertEquals(await applied(remote.direct), names(1, 2));
  assertEquals(
    await query(
      remote.direct,
      "SELECT count(*)::int AS n FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
    ),
    [{
      n: 0,
    }],
  );
});

for (const major of [14, 18] as const) {
  Deno.test(`an abort ends a question that waits behind the lock on PostgreSQL ${major}`, () =>
    withDatabase(async (direct) => {
      const link = startSlowLink(direct, 300);
      const reader = memoryReader({ "m/001_t.sql": "SELECT 1;", "m/002_t.sql": "SELECT 2;" });
      const listed = Promise.withResolvers<void>();
      const slowly = { ...reader, list: (path: string) => listed.promise.then(() => reader.list(path)) };
      const options = { dbName: "main", migrationsDir: "m" };
      await new MigrationRunner({ ...options, database: direct, reader }).run({ type: "up", count: 1 });
      const { default: postgres } = await import("postgres");
      const other = postgres(direct, { max: 1, onnotice: () => {}, connection: { application_name: "other" } });
      const session = (state: string) =>
        `EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'metapg%' AND ${state})`;
      try {
        const abort = new AbortController();
        const run = failure(
          new MigrationRunner({ ...options, database: link.url, reader: slowly }).applyPending({
            signal: abort.signal,
          }),
        );
        await until(direct, session("state = 'idle' AND query LIKE 'SELECT p.value%'"));
        await other.unsafe("BEGIN; LOCK TABLE metapg_migrations").simple();
        listed.resolve();
        await until(direct, session("wait_event_type = 'Lock'"));
        const since = performance.now();
        abort.abort();
        assertEquals((await run).code, "ABORTED");
        assert(performance.now() - since < 6000, `It took ${performance.now() - since} ms to cancel`);
        await until(direct, IS_UNLOCKED);
      } finally {
        await other.end({ timeout: 1 });
        await link.close();
      }
    }, { major }));
}
