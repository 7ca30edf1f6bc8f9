import type { PGlite } from "@electric-sql/pglite";
import type { Database } from "../../src/core/database.ts";
import { openDatabase } from "../../src/database/open.ts";
import { pgliteDatabase } from "../../src/database/pglite.ts";
import { databasePlatform } from "../../src/runtime/platform.ts";
import { startPglite } from "../support/pglite.ts";
import { open, testContract } from "./contract.ts";

/** To make a PGlite takes longer than any test: all have the same one. */
let instance: Promise<PGlite> | undefined;

testContract({
  name: "pgliteDatabase()",
  notices: "sent",
  run: async (body) => {
    const database = pgliteDatabase(await (instance ??= startPglite()));
    await empty(database);
    await body({ database });
  },
});

const named = openDatabase("pglite:", { platform: databasePlatform() });

testContract({
  name: "openDatabase() with a pglite URL",
  notices: "sent",
  run: async (body) => {
    await empty(named);
    await body({ database: named });
  },
});

async function empty(database: Database): Promise<void> {
  await using session = await open(database);
  await session.connection.query("ROLLBACK");
  await session.connection.query("DISCARD ALL");
  await session.connection.query("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
}
