import process from "node:process";
import { drizzle } from "drizzle-orm/node-postgres";
import { migrate } from "drizzle-orm/node-postgres/migrator";

const folder = process.argv[3];
const db = drizzle(process.env.DATABASE_URL);
await migrate(db, { migrationsFolder: `${folder}/migrations` });
await db.$client.end();
