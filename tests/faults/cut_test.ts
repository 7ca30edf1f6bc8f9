import { assert, assertEquals } from "@std/assert";
import { memoryReader, MigrationError, MigrationRunner } from "../../mod.ts";
import { query, withDatabase } from "../support/databases.ts";
import { schemaText } from "../support/schema_text.ts";
import { report } from "./tally.ts";
import { type Cut, type CutPlace, startCutProxy } from "./cut_proxy.ts";

const FILES: Readonly<Record<string, string>> = {
  "001_a.sql": "CREATE TABLE a (id int);\n-- ROLLBACK\nDROP TABLE a;\n",
  "002_b.sql":
    "-- Depends: 001_a\nCREATE TABLE b (id int); INSERT INTO a VALUES (1);\n-- ROLLBACK\nDELETE FROM a; DROP TABLE b;\n",
  "003_c.sql":
    "-- Transaction: none\nCREATE INDEX CONCURRENTLY c ON a (id);\nCREATE TABLE c3 (id int);\nCREATE INDEX CONCURRENTLY ON b (id);\n" +
    "-- ROLLBACK\nDROP INDEX CONCURRENTLY b_id_idx;\nDROP TABLE c3;\nDROP INDEX CONCURRENTLY c;\n",
  "004_d.sql": "CREATE TABLE d (id int);\n-- ROLLBACK\nDROP TABLE d;\n",
  "005_e.sql": "CREATE TABLE e (id int);\n-- ROLLBACK\nDROP TABLE e;\n",
};

const reader = memoryReader(
  Object.fromEntries(Object.entries(FILES).map(([name, text]) => [`migrations/main/${name}`, text])),
);

/** Each transactional migration, and the table that is there if and only if it is applied. */
const TABLES = { "001_a": "a", "002_b": "b", "004_d": "d", "005_e": "e" };

type Direction = "up" | "down";

async function run(url: string, direction: Direction): Promise<void> {
  const runner = new MigrationRunner({ dbName: "main", database: url, reader });
  if (direction === "up") await runner.applyPending();
  else await runner.run({ type: "down", to: "0" });
}

/** A finished run is not asked whether its last row came back; the next one is a no-op then. */
async function finish(url: string, direction: Direction): Promise<void> {
  for (let tries = 1;; tries++) {
    try {
      return await run(url, direction);
    } catch (error) {
      // The server may need a moment to see that the session before is gone.
      if (!(error instanceof MigrationError) || error.code !== "PARTIAL" || tries === 50) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

async function assertAllOrNothing(url: string, what: string): Promise<void> {
  const [history] = await query(url, "SELECT to_regclass('metapg_migrations') IS NOT NULL AS there");
  const rows = history?.there === true
    ? await query(url, "SELECT name FROM metapg_migrations WHERE applied_at IS NOT NULL")
    : [];
  const applied = new Set(rows.map((row) => row.name));
  for (const [name, table] of Object.entries(TABLES)) {
    const [row] = await query(url, `SELECT to_regclass('${table}') IS NOT NULL AS there`);
    assertEquals(row?.there, applied.has(name), `${what}: ${name}`);
  }
}

/** Waits until the server has taken back what the cut session held. */
async function untilAlone(url: string): Promise<void> {
  const others =
    "SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'";
  for (let tries = 0; (await query(url, others))[0]?.n !== 0; tries++) {
    assert(tries < 500, "A session that was cut does not end");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function undisturbed(direction: Direction): Promise<{ readonly schema: string; readonly messages: number }> {
  return await withDatabase(async (url) => {
    if (direction === "down") await run(url, "up");
    const proxy = startCutProxy(url, { message: Infinity, place: "before" });
    await run(proxy.url, direction);
    const { messages } = proxy;
    await proxy.close();
    return { schema: await schemaText(url), messages };
  }, { major: 18 });
}

async function cutOnce(direction: Direction, cut: Cut, schema: string): Promise<void> {
  const what = `${direction}, ${cut.place} message ${cut.message}`;
  await withDatabase(async (url) => {
    if (direction === "down") await run(url, "up");
    const proxy = startCutProxy(url, cut);
    const outcome = await run(proxy.url, direction).then(() => "done", (error) => (error as MigrationError).code);
    await proxy.close();
    assert(proxy.hasCut, what);
    assert(
      ["done", "CONNECTION_LOST", "OUTCOME_UNKNOWN", "CONNECTION_FAILED"].includes(outcome),
      `${what}: ${outcome}`,
    );
    await untilAlone(url);
    await assertAllOrNothing(url, what);
    await finish(url, direction);
    await assertAllOrNothing(url, what);
    assertEquals(await schemaText(url), schema, what);
  }, { major: 18 });
}

for (const direction of ["up", "down"] as const) {
  Deno.test(`a connection that is cut at any message leaves each migration with its row or neither, ${direction}`, async () => {
    const { schema, messages } = await undisturbed(direction);
    assert(messages > 15);
    let survived = 0;
    for (let message = 1; message <= messages; message++) {
      for (const place of ["before", "after"] satisfies CutPlace[]) {
        await cutOnce(direction, { message, place }, schema);
        survived++;
      }
    }
    report({ fault: `connection cut, ${direction}`, tries: 2 * messages, inside: 2 * messages, survived });
  });
}
