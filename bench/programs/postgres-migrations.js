import process from "node:process";
import pg from "pg";
import { migrate } from "postgres-migrations";

const folder = process.argv[3];
const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
await client.connect();
try {
  const done = await migrate({ client }, `${folder}/migrations`);
  console.log(done.length);
} finally {
  await client.end();
}
