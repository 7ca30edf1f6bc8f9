import { assert } from "@std/assert";
import { MigrationRunner } from "../../mod.ts";
import { spawnCli } from "../support/cli_process.ts";
import { query, withDatabase } from "../support/databases.ts";
import { schemaText } from "../support/schema_text.ts";
import { startServer } from "../support/server.ts";
import { assertAllOrNothing, untilAlone } from "./all_or_nothing.ts";
import { assertFinished, inSlowProject } from "./slow_project.ts";
import { enough, report, tries } from "./tally.ts";

function runner(url: string, cwd: string): MigrationRunner {
  return new MigrationRunner({ database: url, migrationsDir: `${cwd}/migrations/default` });
}

/** What an undisturbed run leaves, and how long it takes from the first BEGIN. */
async function undisturbed(cwd: string): Promise<{ readonly schema: string; readonly ms: number }> {
  return await withDatabase(async (url) => {
    const start = performance.now();
    await runner(url, cwd).applyPending();
    return { schema: await schemaText(url), ms: performance.now() - start };
  }, { major: 18 });
}

/** A process that was done before is not there to be killed. */
function kill(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGKILL");
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
}

/** Waits until the history is there, which the first transaction creates. */
async function untilBegun(url: string): Promise<void> {
  const waiting = "SELECT to_regclass('metapg_migrations') IS NULL AS waiting";
  for (let tries = 0; (await query(url, waiting))[0]?.waiting === true; tries++) {
    assert(tries < 2000, "The run does not begin");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** The fault hit a run that had begun and not finished. */
async function isInside(url: string): Promise<boolean> {
  const [row] = await query(url, "SELECT count(*)::int AS n FROM metapg_migrations WHERE applied_at IS NOT NULL");
  return Number(row?.n) < 5;
}

/** The fault hit a statement that runs outside a transaction. */
async function isWithinUnit(url: string): Promise<boolean> {
  return (await query(url, "SELECT 1 FROM metapg_migrations WHERE unit_state = 'started'")).length > 0;
}

/** Once the journal cannot be sure of a statement, a person would be asked; here every statement can be looked up. */
async function finish(url: string, cwd: string): Promise<void> {
  await untilAlone(url);
  await assertAllOrNothing(url);
  await runner(url, cwd).applyPending();
}

Deno.test("a process that is killed at any moment leaves each migration with its row or neither", () =>
  inSlowProject(async (cwd) => {
    const { schema, ms } = await undisturbed(cwd);
    const count = tries(8, 100);
    let inside = 0;
    let withinUnit = 0;
    for (let index = 0; index < count; index++) {
      await withDatabase(async (url) => {
        const child = spawnCli(["up", "--url", url], { cwd });
        await untilBegun(url);
        await new Promise((resolve) => setTimeout(resolve, (0.8 * ms * index) / count));
        kill(child);
        await child.output();
        await untilAlone(url);
        if (await isInside(url)) inside++;
        if (await isWithinUnit(url)) withinUnit++;
        await finish(url, cwd);
        await assertFinished(url, schema);
      }, { major: 18 });
    }
    report({ fault: "SIGKILL of the process", tries: count, inside, survived: count });
    report({ fault: "… of these within CONCURRENTLY", tries: withinUnit, inside: withinUnit, survived: withinUnit });
    assert(inside >= enough(count, 0.6), `${inside} of ${count} landed inside`);
  }));

Deno.test("a server that crashes at any moment leaves each migration with its row or neither", () =>
  inSlowProject(async (cwd) => {
    const { schema, ms } = await undisturbed(cwd);
    const server = await startServer({ major: 18, share: "own" });
    const count = tries(3, 30);
    let inside = 0;
    try {
      for (let index = 0; index < count; index++) {
        await withDatabase(async (url) => {
          const run = runner(url, cwd).applyPending().then(() => "done", (error) => error.code);
          await untilBegun(url);
          await new Promise((resolve) => setTimeout(resolve, (ms * (index + 0.5)) / count));
          await server.halt("immediate");
          const outcome = await run;
          assert(["done", "OUTCOME_UNKNOWN", "CONNECTION_LOST", "PARTIAL"].includes(outcome), outcome);
          await server.resume();
          if (await isInside(url)) inside++;
          await finish(url, cwd);
          await assertFinished(url, schema);
        }, { server });
      }
    } finally {
      await server.stop();
    }
    report({ fault: "crash of the server", tries: count, inside, survived: count });
    assert(inside >= enough(count, 0.6), `${inside} of ${count} landed inside`);
  }));
