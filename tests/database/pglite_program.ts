/** What `pglite_url_test.ts` runs as a process: `pglite_program.ts URL`. It does not close the database. */
import process from "node:process";
import { openDatabase } from "../../src/database/open.ts";
import { databasePlatform } from "../../src/runtime/platform.ts";

const database = openDatabase(process.argv[2]!, { platform: databasePlatform() });
const connection = await database.connect();
console.log(JSON.stringify(await connection.query("SELECT 'on' AS lives")));
await connection.close();
