/**
 * What must be true of a database after a fault: both projects that faults hit name their tables alike.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { withLook } from "../support/databases.ts";

/** Each transactional migration, and the table that is there if and only if it is applied. */
const TABLES: Readonly<Record<string, string>> = { "001_a": "a", "002_b": "b", "004_d": "d", "005_e": "e" };

/** Sees that each transactional migration has its table and its row, or neither. */
export async function assertAllOrNothing(url: string, what = "after the fault"): Promise<void> {
  await withLook(url, async (look) => {
    const [history] = await look("SELECT to_regclass('metapg_migrations') IS NOT NULL AS there");
    const rows = history?.there === true
      ? await look("SELECT name FROM metapg_migrations WHERE applied_at IS NOT NULL")
      : [];
    const applied = new Set(rows.map((row) => row.name));
    for (const [name, table] of Object.entries(TABLES)) {
      const [row] = await look(`SELECT to_regclass('${table}') IS NOT NULL AS there`);
      assertEquals(row?.there, applied.has(name), `${what}: ${name}`);
    }
  });
}

/** Waits until the server has ended every other session on the database. */
export async function untilAlone(url: string): Promise<void> {
  const others = "SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() " +
    "AND pid <> pg_backend_pid() AND backend_type = 'client backend'";
  await withLook(url, async (look) => {
    for (let tries = 0; (await look(others))[0]?.n !== 0; tries++) {
      assert(tries < 1000, "A session that was cut does not end");
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  });
}
