import { assert, assertEquals, assertMatch } from "@std/assert";
import { MigrationRunner } from "../../mod.ts";
import type { MigrationEvent } from "../../src/core/event.ts";
import { RUN_FLAGS, spawnCli } from "../support/cli_process.ts";
import { query, withDatabase } from "../support/databases.ts";
import { POOLER, startPooler } from "../support/pooler.ts";
import { schemaText } from "../support/schema_text.ts";
import { isRunning, until } from "../support/until.ts";
import { assertFinished, inSlowProject } from "./slow_project.ts";
import { report, tries } from "./tally.ts";

const PROGRAM = new URL("run_program.ts", import.meta.url).href;
const LEASE_MS = 1500;

interface Place {
  /** The database itself. */
  readonly direct: string;
  /** The same database behind the pooler. */
  readonly pooled: string;
  /** A folder with the slow project in it. */
  readonly cwd: string;
}

/** Runs a test behind a pooler; on a machine without one it is not run. */
function behindPooler(name: string, poolSize: number, body: (place: Place) => Promise<void>): void {
  for (const major of [14, 18] as const) {
    Deno.test({
      name: `${name} on PostgreSQL ${major}`,
      ignore: POOLER === undefined,
      fn: () =>
        inSlowProject((cwd) =>
          withDatabase(async (direct, server) => {
            const pooler = await startPooler(server, poolSize);
            try {
              await body({ direct, pooled: pooler.through(direct), cwd });
            } finally {
              await pooler.stop();
            }
          }, { major })
        ),
    });
  }
}

function folder(cwd: string): string {
  return `${cwd}/migrations/default`;
}

/** A run whose lease is short, to be killed or stopped. */
function spawnRun({ pooled, cwd }: Place): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", ...RUN_FLAGS, PROGRAM, pooled, folder(cwd), String(LEASE_MS)],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    signal: AbortSignal.timeout(60_000),
  }).spawn();
}

function runner({ pooled, cwd }: Place, events: MigrationEvent[] = []): MigrationRunner {
  return new MigrationRunner({
    database: pooled,
    migrationsDir: folder(cwd),
    leaseMs: LEASE_MS,
    onEvent: (event) => events.push(event),
  });
}

/** What an undisturbed run leaves, its lease table included. */
async function undisturbed(place: Place): Promise<string> {
  return await withDatabase(async (url) => {
    await new MigrationRunner({ database: url, migrationsDir: folder(place.cwd), lock: "lease" }).applyPending();
    return await schemaText(url);
  }, { major: 18 });
}

async function leftLocks(url: string): Promise<unknown> {
  return (await query(
    url,
    "SELECT count(*)::int AS n FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
  ))[0]?.n;
}

behindPooler("runs that start at once behind a pooler apply each migration once", 6, async (place) => {
  const { direct, pooled, cwd } = place;
  const children = ["a", "b"].map(() => spawnCli(["up", "--ndjson", "--url", pooled], { cwd }));
  const outputs = await Promise.all(children.map((child) => child.output()));
  assertEquals(outputs.map(({ code }) => code), [0, 0]);
  const text = outputs.map(({ stdout }) => new TextDecoder().decode(stdout)).join("");
  assertEquals(text.match(/"type":"migration:done"/g)?.length, 5);
  assertEquals(await query(direct, "SELECT count(*)::int AS n FROM metapg_migrations_log"), [{ n: 5 }]);
  await assertFinished(direct, await undisturbed(place));
  assertEquals(await leftLocks(direct), 0);
  const applications = await query(direct, "SELECT DISTINCT application FROM metapg_migrations_log");
  assertEquals(applications, [{ application: "metapg-migration" }]);
});

const MOMENTS = [
  [
    "in a transaction",
    isRunning("CREATE TABLE b AS"),
  ],
  [
    "outside a transaction",
    "EXISTS (SELECT FROM pg_stat_progress_create_index WHERE datname = current_database() AND command LIKE '%CONCURRENTLY')",
  ],
  ["between two", "to_regclass('metapg_migrations') IS NOT NULL"],
] as const;

behindPooler("the lease of a run that was killed ends, and the next run finishes", 6, async (place) => {
  const { direct } = place;
  const schema = await undisturbed(place);
  const rounds = tries(1, 10);
  for (let round = 0; round < rounds; round++) {
    for (const [, moment] of MOMENTS) {
      await query(direct, "DROP SCHEMA public CASCADE; CREATE SCHEMA public");
      const child = spawnRun(place);
      await until(direct, moment);
      await new Promise((resolve) => setTimeout(resolve, round * 10));
      child.kill("SIGKILL");
      await child.output();
      const held = await query(direct, "SELECT owner IS NOT NULL AS held FROM metapg_migrations_lease");
      assertEquals(held, [{ held: true }]);
      const events: MigrationEvent[] = [];
      const start = performance.now();
      await runner(place, events).applyPending();
      assert(performance.now() - start < 20_000);
      const wait = events.find((event) => event.type === "lock:wait");
      assert(wait !== undefined && wait.type === "lock:wait", "The next run does not wait");
      await assertFinished(direct, schema);
    }
  }
  report({
    fault: "SIGKILL behind a pooler",
    tries: rounds * MOMENTS.length,
    inside: rounds * MOMENTS.length,
    survived: rounds * MOMENTS.length,
  });
});

behindPooler("a run that was asleep while another took its lease stops before its next commit", 6, async (place) => {
  const { direct } = place;
  const child = spawnRun(place);
  await until(
    direct,
    "EXISTS (SELECT FROM pg_stat_progress_create_index WHERE datname = current_database() AND command LIKE '%CONCURRENTLY')",
  );
  child.kill("SIGSTOP");
  try {
    assertEquals((await runner(place).applyPending()).at(-1), "005_e");
  } finally {
    child.kill("SIGCONT");
  }
  const { stdout } = await child.output();
  assertMatch(new TextDecoder().decode(stdout), /\{"outcome":"(LOCK_LOST|OUTCOME_UNKNOWN|CONNECTION_LOST)"\}/);
  await assertFinished(direct, await undisturbed(place));
});

behindPooler("a lease that is taken away stops its run before its next commit", 6, async (place) => {
  const { direct, cwd } = place;
  const file = `${folder(cwd)}/002_b.sql`;
  const text = await Deno.readTextFile(file);
  // However busy the machine is, the lease is taken away while this runs.
  await Deno.writeTextFile(file, text.replace("pg_sleep(0.1)", "pg_sleep(4)"));
  const child = spawnRun(place);
  await until(direct, isRunning("CREATE TABLE b AS"));
  // Where a busy machine makes the server look far, it has a message of both.
  await until(direct, "EXISTS (SELECT FROM metapg_migrations WHERE name = '001_a')");
  const other = runner(place);
  const { holder } = await other.lockStatus();
  assertEquals([holder?.pid, holder?.user, holder?.application], [null, "postgres", "metapg-migration"]);
  assertEquals(await other.releaseLock({ ...holder!, lease: { ...holder!.lease!, fence: 0 } }), false);
  assertEquals(await other.releaseLock(holder!), true);
  const { stdout } = await child.output();
  assertMatch(new TextDecoder().decode(stdout), /\{"outcome":"LOCK_LOST"\}/);
  assertEquals(await query(direct, "SELECT name FROM metapg_migrations"), [{ name: "001_a" }]);
  await Deno.writeTextFile(file, text);
  assertEquals((await other.applyPending()).length, 4);
  await assertFinished(direct, await undisturbed(place));
});

behindPooler(
  "a run over the server itself waits for one behind the pooler, and the other way round",
  6,
  async (place) => {
    const { direct, pooled, cwd } = place;
    const children = [pooled, direct, pooled, direct].map((url) => spawnCli(["up", "--url", url], { cwd }));
    const outputs = await Promise.all(children.map((child) => child.output()));
    assertEquals(outputs.map(({ code }) => code), [0, 0, 0, 0]);
    assertEquals(await query(direct, "SELECT count(*)::int AS n FROM metapg_migrations_log"), [{ n: 5 }]);
    assertEquals(await leftLocks(direct), 0);
  },
);
