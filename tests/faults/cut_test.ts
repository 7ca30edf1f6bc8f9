import { assert, assertEquals } from "@std/assert";
import { memoryReader, MigrationError, MigrationRunner } from "../../mod.ts";
import { withDatabase } from "../support/databases.ts";
import { schemaText } from "../support/schema_text.ts";
import { assertAllOrNothing, untilAlone } from "./all_or_nothing.ts";
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
