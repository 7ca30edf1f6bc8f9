/**
 * A run in a process of its own, with a lease short enough for tests: URL, folder, milliseconds. It prints its events.
 *
 * @module
 */

import { MigrationRunner } from "../../mod.ts";

const [database, migrationsDir, leaseMs] = Deno.args as [string, string, string];
const runner = new MigrationRunner({
  database,
  migrationsDir,
  leaseMs: Number(leaseMs),
  onEvent: (event) => console.log(JSON.stringify(event)),
});
try {
  await runner.applyPending();
  console.log(JSON.stringify({ outcome: "done" }));
} catch (error) {
  console.log(JSON.stringify({ outcome: (error as { code?: string }).code ?? String(error) }));
}
