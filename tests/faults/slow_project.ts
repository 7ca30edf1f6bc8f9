/**
 * A project that takes a while, so that faults can hit it anywhere, and what it leaves when it is done.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { query } from "../support/databases.ts";
import { schemaText } from "../support/schema_text.ts";
import { assertAllOrNothing } from "./all_or_nothing.ts";

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
