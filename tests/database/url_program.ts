/** What `open_test.ts` runs as a process: `url_program.ts URL`. Its platform has no environment, the process has one. */
import process from "node:process";
import { openDatabase } from "../../src/database/open.ts";
import { databasePlatform } from "../../src/runtime/platform.ts";

const database = openDatabase(process.argv[2]!, { platform: databasePlatform(() => undefined) });
const connection = await database.connect();
console.log(JSON.stringify(await connection.query("SELECT pg_catalog.current_setting('application_name') AS name")));
await connection.close();
