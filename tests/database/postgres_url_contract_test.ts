import { openDatabase } from "../../src/database/open.ts";
import { databasePlatform } from "../../src/runtime/platform.ts";
import { query, withDatabase } from "../support/databases.ts";
import { testServerContract } from "./contract.ts";

testServerContract({
  name: "openDatabase() with a postgres URL",
  notices: "sent",
  run: (body, major) =>
    withDatabase((url) =>
      body({
        database: openDatabase(url, { platform: databasePlatform() }),
        aside: (sql) => query(url, sql),
      }), { major }),
});
