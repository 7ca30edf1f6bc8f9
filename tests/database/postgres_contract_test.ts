import postgres from "postgres";
import { postgresDatabase } from "../../src/database/postgres.ts";
import { query, withDatabase } from "../support/databases.ts";
import { testServerContract } from "./contract.ts";

for (const [name, options] of [["", {}], [" without fetch_types", { fetch_types: false }]] as const) {
  testServerContract({
    name: `postgresDatabase()${name}`,
    notices: "dropped",
    run: (body) =>
      withDatabase(async (url) => {
        const client = postgres(url, { max: 3, onnotice: () => {}, ...options });
        try {
          await body({ database: postgresDatabase(client), aside: (sql) => query(url, sql) });
        } finally {
          await client.end({ timeout: 5 });
        }
      }),
  });
}
