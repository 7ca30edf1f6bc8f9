import { assert, assertEquals } from "@std/assert";
import pg from "pg";
import postgres from "postgres";
import { memoryReader, MigrationError, MigrationRunner } from "../../mod.ts";
import type { Database } from "../../src/core/database.ts";
import { pgDatabase } from "../../src/database/pg.ts";
import { postgresDatabase } from "../../src/database/postgres.ts";
import { spawnCli } from "../support/cli_process.ts";
import { query, withDatabase } from "../support/databases.ts";
import { schemaText } from "../support/schema_text.ts";
import { until } from "../support/until.ts";
import { assertAllOrNothing, untilAlone } from "./all_or_nothing.ts";
import { assertFinished, inSlowProject } from "./slow_project.ts";
import { enough, report, tries } from "./tally.ts";

const CODES = { SIGINT: 130, SIGTERM: 143 } as const;

type StopSignal = keyof typeof CODES;

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** A process that was done before is not there to be signalled. */
function send(child: Deno.ChildProcess, signal: StopSignal): void {
  try {
    child.kill(signal);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
}

function apply(url: string, cwd: string): Promise<string[]> {
  return new MigrationRunner({ database: url, migrationsDir: `${cwd}/migrations/default` }).applyPending();
}

async function undisturbed(cwd: string): Promise<{ readonly schema: string; readonly ms: number }> {
  return await withDatabase(async (url) => {
    const start = performance.now();
    await apply(url, cwd);
    return { schema: await schemaText(url), ms: performance.now() - start };
  }, { major: 18 });
}

Deno.test("a process that gets two signals at any moment leaves each migration with its row or neither", () =>
  inSlowProject(async (cwd) => {
    const { schema, ms } = await undisturbed(cwd);
    const count = tries(3, 100);
    let inside = 0;
    for (let index = 0; index < count; index++) {
      const [first, second]: readonly StopSignal[] = index % 2 === 0 ? ["SIGINT", "SIGTERM"] : ["SIGTERM", "SIGINT"];
      await withDatabase(async (url) => {
        const child = spawnCli(["up", "--url", url], { cwd });
        await until(url, "to_regclass('metapg_migrations') IS NOT NULL");
        await wait((0.6 * ms * index) / count);
        send(child, first!);
        await wait(Math.random() * 200);
        send(child, second!);
        const { code, stderr } = await child.output();
        // Two signals that are sent at once may arrive in either order.
        assert([0, ...Object.values(CODES)].includes(code), `${code}: ${new TextDecoder().decode(stderr)}`);
        await untilAlone(url);
        await assertAllOrNothing(url);
        const [row] = await query(url, "SELECT count(*)::int AS n FROM metapg_migrations WHERE applied_at IS NOT NULL");
        if (Number(row?.n) < 5) inside++;
        assertEquals(code === 0, row?.n === 5, `exit ${code} with ${row?.n} applied`);
        await apply(url, cwd);
        await assertFinished(url, schema);
      }, { major: 18 });
    }
    report({ fault: "SIGINT and SIGTERM of the process", tries: count, inside, survived: count });
    assert(inside >= enough(count, 0.3), `${inside} of ${count} landed inside`);
  }));

const FILES = memoryReader({
  "migrations/main/001_a.sql": "SET search_path = nowhere;\nCREATE TABLE public.a (id int);\nSELECT pg_sleep(0.01);\n",
  "migrations/main/002_b.sql": "SET ROLE pg_monitor;\nRESET ROLE;\nCREATE TABLE public.b (id int);\n",
  "migrations/main/003_c.sql":
    "-- Transaction: none\nSET search_path = nowhere;\nDO $$ BEGIN PERFORM pg_sleep(0.01); END $$;\n",
  "migrations/main/004_d.sql": "CREATE TABLE d (id int);\n",
  "migrations/main/005_e.sql": "CREATE TABLE e (id int);\n",
});

/** A caller's pool of two sessions, where the run takes one and the request to cancel may need the other. */
interface Pool {
  readonly database: Database;
  readonly end: () => Promise<void>;
}

const POOLS: Readonly<Record<string, (url: string) => Pool>> = {
  "postgres.js": (url) => {
    const client = postgres(url, { max: 2, onnotice: () => {} });
    return { database: postgresDatabase(client), end: () => client.end() };
  },
  "node-postgres": (url) => {
    const pool = new pg.Pool({ connectionString: url, max: 2, idleTimeoutMillis: 0 });
    return { database: pgDatabase(pool), end: () => pool.end() };
  },
};

/** What is left of a run in the sessions of a pool. */
const LEFT = `SELECT a.state, a.query, count(l.pid)::int AS locks FROM pg_stat_activity a
  LEFT JOIN pg_locks l ON l.pid = a.pid AND l.locktype = 'advisory'
  WHERE a.datname = current_database() AND a.backend_type = 'client backend' AND a.pid <> pg_backend_pid()
  GROUP BY a.pid, a.state, a.query HAVING a.state <> 'idle' OR count(l.pid) > 0`;

async function abortAfter(runner: MigrationRunner, ms: number): Promise<"done" | "aborted"> {
  const abort = new AbortController();
  const run = runner.applyPending({ signal: abort.signal }).then(() => "done", (error) => error);
  await wait(ms);
  abort.abort();
  const outcome = await run;
  if (outcome === "done") return "done";
  assert(outcome instanceof MigrationError && outcome.code === "ABORTED", String(outcome));
  return "aborted";
}

async function assertGivenBack(url: string, database: Database): Promise<void> {
  assertEquals(await query(url, LEFT), []);
  const sessions = [await database.connect(), await database.connect()];
  for (const session of sessions) {
    const [path] = await session.query("SHOW search_path");
    assertEquals(path?.search_path, '"$user", public');
    await session.close();
  }
}

for (const [driver, open] of Object.entries(POOLS)) {
  Deno.test(`an abort at any moment gives a caller's session of ${driver} back as it was`, async () => {
    const count = tries(6, 300);
    let inside = 0;
    await withDatabase(async (url) => {
      const { database, end } = open(url);
      const runner = new MigrationRunner({ dbName: "main", database, reader: FILES });
      try {
        for (let index = 0; index < count; index++) {
          await runner.ping();
          if (await abortAfter(runner, (80 * index) / count) === "aborted") inside++;
          await assertGivenBack(url, database);
          await assertAllOrNothing(url);
          await runner.applyPending();
          await assertAllOrNothing(url);
          await query(url, "DROP SCHEMA public CASCADE; CREATE SCHEMA public");
        }
      } finally {
        await end();
      }
    });
    report({ fault: `abort, session of ${driver}`, tries: count, inside, survived: count });
    assert(inside >= enough(count, 0.3), `${inside} of ${count} landed inside`);
  });
}
