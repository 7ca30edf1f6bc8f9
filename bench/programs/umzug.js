import { readFile } from "node:fs/promises";
import process from "node:process";
import pg from "pg";
import { Umzug } from "umzug";

const [action, folder] = process.argv.slice(2);
const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
await client.connect();

const storage = {
  async executed() {
    await client.query("CREATE TABLE IF NOT EXISTS umzug_migrations (name text PRIMARY KEY)");
    const { rows } = await client.query("SELECT name FROM umzug_migrations ORDER BY name");
    return rows.map(({ name }) => name);
  },
  async logMigration({ name }) {
    await client.query("INSERT INTO umzug_migrations (name) VALUES ($1)", [name]);
  },
  async unlogMigration({ name }) {
    await client.query("DELETE FROM umzug_migrations WHERE name = $1", [name]);
  },
};

const umzug = new Umzug({
  migrations: {
    glob: ["migrations/*.up.sql", { cwd: folder }],
    resolve: ({ name, path, context }) => ({
      name,
      up: async () => await context.query(await readFile(path, "utf8")),
      down: async () => await context.query(await readFile(path.replace(".up.sql", ".down.sql"), "utf8")),
    }),
  },
  context: client,
  storage,
  logger: console,
});

try {
  if (action === "status") console.log((await umzug.pending()).length);
  else if (action === "rollback") await umzug.down({ to: 0 });
  else await umzug.up();
} finally {
  await client.end();
}
