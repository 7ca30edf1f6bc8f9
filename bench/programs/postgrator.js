import process from "node:process";
import pg from "pg";
import Postgrator from "postgrator";

const [action, folder] = process.argv.slice(2);
const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
await client.connect();
try {
  const postgrator = new Postgrator({
    migrationPattern: `${folder}/migrations/*`,
    driver: "pg",
    database: new URL(process.env.DATABASE_URL).pathname.slice(1),
    schemaTable: "schemaversion",
    execQuery: (query) => client.query(query),
  });
  const done = await postgrator.migrate(action === "rollback" ? "0" : undefined);
  console.log(done.length);
} finally {
  await client.end();
}
