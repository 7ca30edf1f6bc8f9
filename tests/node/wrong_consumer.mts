// Mistakes that the compiler finds: a line that ends in a comment with a code has that error, and no other line has one.

import { MigrationError, type MigrationEvent, MigrationRunner } from "@metapg/migration";
import { pgDatabase } from "@metapg/migration/pg";
import { nothing } from "@metapg/migration/core"; // TS2305
import { anything } from "@metapg/migration/src/core/mod.js"; // TS2307

export const things: readonly unknown[] = [nothing, anything];
export const runner = new MigrationRunner({ databaseUrl: "pglite:" }); // TS2561
export const other = new MigrationRunner({ database: 5 }); // TS2322
export const exact = new MigrationRunner({ lockWaitMs: undefined }); // TS2345
export const pool = pgDatabase({ connect: () => 1 }); // TS2322
export const error = new MigrationError("NO_SUCH_CODE", "Cannot be made"); // TS2345
export const names: number[] = await runner.applyPending(); // TS2322

export function look(event: MigrationEvent): string {
  if (event.type === "migration:finished") return ""; // TS2367
  if (event.type === "migration:done") return event.sqlstate; // TS2339
  event.at = ""; // TS2540
  return event.name; // TS2339
}
