/**
 * A project that takes a while, so that faults can hit it anywhere, and what must be true of it after each.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { query } from "../support/databases.ts";
import { schemaText } from "../support/schema_text.ts";

/** Each transactional migration, and the table that is there if and only if it is applied. */
const TABLES: Readonly<Record<string, string>> = { "001_a": "a", "002_b": "b", "004_d": "d", "005_e": "e" };

const SLOW = "SELECT pg_sleep(0.1);";

const FILES: Readonly<Record<string, string>> = {
  "001_a.sql": `CREATE TABLE a AS SELECT generate_series(1, 150000) AS id;\n${SLOW}\n`,
  "002_b.sql": `-- Depends: 001_a\n${SLOW}\nCREATE TABLE b AS SELECT id, id::text AS name FROM a;\n`,
  "003_c.sql":
    "-- Transaction: none\nCREATE INDEX CONCURRENTLY c ON a (id);\nCREATE TABLE c3 (id int);\nCREATE INDEX CONCURRENTLY ON b (name);\n",
  "004_d.sql": `CREATE TABLE d (id int);\n${SLOW}\n`,
  "005_e.sql": `${SLOW}\nCREATE TABLE e (id int);\n`,
};

/** Writes the project into a folder of its own and removes it in the end. */
export async function inSlowProject(body: (cwd: string) => Promise<void>): Promise<void> {
  const cwd = await Deno.makeTempDir({ prefix: "metapg_" });
  try {
    await Deno.mkdir(`${cwd}/migrations/default`, { recursive: true });
    for (const [name, text] of Object.entries(FILES)) {
      await Deno.writeTextFile(`${cwd}/migrations/default/${name}`, text);
    }
    await body(cwd);
  } finally {
    await Deno.remove(cwd, { recursive: true });
  }
}

/** Sees that each transactional migration has its table and its row, or neither. */
export async function assertAllOrNothing(url: string): Promise<void> {
  const [history] = await query(url, "SELECT to_regclass('metapg_migrations') IS NOT NULL AS there");
  const rows = history?.there === true
    ? await query(url, "SELECT name FROM metapg_migrations WHERE applied_at IS NOT NULL")
    : [];
  const applied = new Set(rows.map((row) => row.name));
  for (const [name, table] of Object.entries(TABLES)) {
    const [row] = await query(url, `SELECT to_regclass('${table}') IS NOT NULL AS there`);
    assertEquals(row?.there, applied.has(name), name);
  }
}

/** Sees that all of it is there, each once, with indexes that are used. */
export async function assertFinished(url: string, schema: string): Promise<void> {
  await assertAllOrNothing(url);
  assertEquals(await schemaText(url), schema);
  const [row] = await query(
    url,
    "SELECT count(*)::int AS n, (SELECT count(*)::int FROM pg_index WHERE NOT indisvalid) AS invalid FROM metapg_migrations WHERE applied_at IS NOT NULL",
  );
  assertEquals(row, { n: 5, invalid: 0 });
}

/** Waits until the server has ended every other session on the database. */
export async function untilAlone(url: string): Promise<void> {
  const others = "SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() " +
    "AND pid <> pg_backend_pid() AND backend_type = 'client backend'";
  for (let tries = 0; (await query(url, others))[0]?.n !== 0; tries++) {
    assert(tries < 1000, "A session that was cut does not end");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
