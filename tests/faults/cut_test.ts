import { assert, assertEquals } from "@std/assert";
import { memoryReader, MigrationError, MigrationRunner } from "../../mod.ts";
import { withDatabase } from "../support/databases.ts";
import { schemaText } from "../support/schema_text.ts";
import { assertAllOrNothing, untilAlone } from "./all_or_nothing.ts";
import { report, tries } from "./tally.ts";
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

interface Fault {
  readonly direction: Direction;
  readonly lock: Lock;
}

type Lock = "session" | "lease";

/** Long enough for a run to end before its first heartbeat, which would be a message more. */
const LEASE_MS = 1500;

async function run(url: string, { direction, lock }: Fault): Promise<void> {
  const runner = new MigrationRunner({ dbName: "main", database: url, reader, lock, leaseMs: LEASE_MS });
  if (direction === "up") await runner.applyPending();
  else await runner.run({ type: "down", to: "0" });
}

/** A finished run is not asked whether its last row came back; the next one is a no-op then. */
async function finish(url: string, fault: Fault): Promise<void> {
  for (let count = 1;; count++) {
    try {
      return await run(url, fault);
    } catch (error) {
      // The server may need a moment to see that the session before is gone.
      if (!(error instanceof MigrationError) || error.code !== "PARTIAL" || count === 50) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

async function undisturbed(fault: Fault): Promise<{ readonly schema: string; readonly messages: number }> {
  return await withDatabase(async (url) => {
    if (fault.direction === "down") await run(url, { ...fault, direction: "up" });
    const proxy = startCutProxy(url, { message: Infinity, place: "before" });
    await run(proxy.url, fault);
    const { messages } = proxy;
    await proxy.close();
    return { schema: await schemaText(url), messages };
  }, { major: 18 });
}

/** Tells whether there was a message to cut at. */
async function cutOnce(fault: Fault, cut: Cut, schema: string): Promise<boolean> {
  const what = `${fault.direction}, ${cut.place} message ${cut.message}`;
  return await withDatabase(async (url) => {
    if (fault.direction === "down") await run(url, { ...fault, direction: "up" });
    const proxy = startCutProxy(url, cut);
    const outcome = await run(proxy.url, fault).then(() => "done", (error) => (error as MigrationError).code);
    await proxy.close();
    // The way to the server looks longer at one time than at another: more goes in one message then.
    if (!proxy.hasCut) {
      assertEquals([outcome, await schemaText(url)], ["done", schema], what);
      return false;
    }
    assert(
      ["done", "CONNECTION_LOST", "OUTCOME_UNKNOWN", "CONNECTION_FAILED"].includes(outcome),
      `${what}: ${outcome}`,
    );
    await untilAlone(url);
    await assertAllOrNothing(url, what);
    await finish(url, fault);
    await assertAllOrNothing(url, what);
    assertEquals(await schemaText(url), schema, what);
    return true;
  }, { major: 18 });
}

for (const lock of ["session", "lease"] as const) {
  for (const direction of ["up", "down"] as const) {
    const held = lock === "session" ? "" : " with a lease";
    Deno.test(`a connection that is cut at any message leaves each migration with its row or neither, ${direction}${held}`, async () => {
      const { schema, messages } = await undisturbed({ direction, lock });
      assert(messages > 10);
      // The next run waits until the lease has ended.
      const stride = tries(lock === "session" ? 3 : 6, 1);
      let survived = 0;
      let spared = 0;
      for (let message = 1; message <= messages; message += stride) {
        for (const place of ["before", "after"] satisfies CutPlace[]) {
          if (await cutOnce({ direction, lock }, { message, place }, schema)) survived++;
          else spared++;
        }
      }
      assert(survived > spared);
      report({ fault: `connection cut, ${direction}${held}`, tries: survived, inside: survived, survived });
    });
  }
}
