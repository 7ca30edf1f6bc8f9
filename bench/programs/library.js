// The library as an application uses it: library.js ACTION FOLDER COUNT.
import process from "node:process";
import { MigrationRunner } from "@metapg/migration";

const [action, migrationsDir, count] = process.argv.slice(2);
const runner = new MigrationRunner({ database: process.env.DATABASE_URL, migrationsDir });
if (action === "status") console.log((await runner.getStatus()).isUpToDate);
else if (action === "rollback") await runner.run({ type: "down", count: Number(count) });
else console.log((await runner.applyPending()).length);
