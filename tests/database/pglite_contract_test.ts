import { PGlite } from "@electric-sql/pglite";
import { openDatabase } from "../../src/database/open.ts";
import { pgliteDatabase } from "../../src/database/pglite.ts";
import { databasePlatform } from "../../src/runtime/platform.ts";
import { testContract } from "./contract.ts";

testContract({
  name: "pgliteDatabase()",
  notices: "sent",
  run: async (body) => {
    const instance = await PGlite.create();
    try {
      await body({ database: pgliteDatabase(instance) });
    } finally {
      await instance.close();
    }
  },
});

testContract({
  name: "openDatabase() with a pglite URL",
  notices: "sent",
  run: async (body) => {
    const database = openDatabase("pglite:", { platform: databasePlatform() });
    try {
      await body({ database });
    } finally {
      await database.close();
    }
  },
});
