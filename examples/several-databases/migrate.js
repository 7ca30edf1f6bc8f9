// @ts-check
// Applies what is pending to each database at the same time. One that fails does not keep the others from being done.

import process from "node:process";
import { MigrationRunner } from "@metapg/migration";

/**
 * Applies migrations/NAME to the database that DATABASE_URL_NAME names.
 *
 * @param {string} dbName
 */
async function migrate(dbName) {
  try {
    const applied = await new MigrationRunner({ dbName }).applyPending();
    console.log(`${dbName}: ${applied.length === 0 ? "nothing to apply" : `applied ${applied.join(", ")}`}`);
  } catch (error) {
    console.error(`${dbName}:`, error);
    process.exitCode = 1;
  }
}

await Promise.all(["analytics", "shop"].map(migrate));
