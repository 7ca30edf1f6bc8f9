import pg from "pg";
import { pgDatabase } from "../../src/database/pg.ts";
import { query, withDatabase } from "../support/databases.ts";
import { testServerContract } from "./contract.ts";

testServerContract({
  name: "pgDatabase()",
  notices: "sent",
  run: (body, major) =>
    withDatabase(async (url) => {
      const pool = new pg.Pool({ connectionString: url, max: 3 });
      // A session that the pool is about to close may be cut by the end of its database.
      pool.on("error", () => {});
      try {
        await body({ database: pgDatabase(pool), aside: (sql) => query(url, sql) });
      } finally {
        await pool.end();
      }
    }, { major }),
});
