import { promises as fs } from "node:fs";
import * as path from "node:path";
import process from "node:process";
import { FileMigrationProvider, Kysely, Migrator, NO_MIGRATIONS, PostgresDialect } from "kysely";
import pg from "pg";

const [action, folder] = process.argv.slice(2);
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });
const db = new Kysely({ dialect: new PostgresDialect({ pool }) });
const migrationFolder = path.join(folder, "migrations");
const migrator = new Migrator({ db, provider: new FileMigrationProvider({ fs, path, migrationFolder }) });

async function migrate() {
  return action === "rollback" ? await migrator.migrateTo(NO_MIGRATIONS) : await migrator.migrateToLatest();
}

if (action === "status") {
  const migrations = await migrator.getMigrations();
  console.log(migrations.filter(({ executedAt }) => executedAt === undefined).length);
} else {
  const { error, results } = await migrate();
  console.log(results?.length);
  if (error) {
    console.error(error);
    process.exitCode = 1;
  }
}
await db.destroy();
