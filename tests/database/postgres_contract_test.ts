import postgres from "postgres";
import { postgresDatabase } from "../../src/database/postgres.ts";
import { query, withDatabase } from "../support/databases.ts";
import { type ServerContract, testServerContract } from "./contract.ts";

function contract(name: string, options: { readonly fetch_types?: boolean }): ServerContract {
  return {
    name,
    notices: "dropped",
    run: (body, major) =>
      withDatabase(async (url) => {
        const client = postgres(url, { max: 3, onnotice: () => {}, ...options });
        try {
          await body({ database: postgresDatabase(client), aside: (sql) => query(url, sql) });
        } finally {
          await client.end({ timeout: 1 });
        }
      }, { major }),
  };
}

testServerContract(contract("postgresDatabase()", {}));

// What the driver leaves out then does not depend on the server.
testServerContract({ ...contract("postgresDatabase() without fetch_types", { fetch_types: false }), majors: [18] });
