import { assertEquals, assertNotEquals } from "@std/assert";
import { type Database, MigrationRunner } from "../../mod.ts";
import { pgliteDatabase } from "../../src/database/pglite.ts";
import { query, withDatabase } from "../support/databases.ts";
import { startPglite } from "../support/pglite.ts";

/** Everything that the samples make, one object per line; what the tool makes for itself is left out. */
const CONTENT = `
SELECT coalesce(string_agg(object, E'\\n' ORDER BY object COLLATE "C"), '') AS content
FROM (
  SELECT format('relation %s %s rls %s', relname, relkind, relrowsecurity)
  FROM pg_class WHERE relnamespace = 'public'::regnamespace
  UNION ALL
  SELECT format('column %s.%s %s', attrelid::regclass, attname, attnotnull)
  FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
  WHERE relnamespace = 'public'::regnamespace AND attnum > 0 AND NOT attisdropped
  UNION ALL
  SELECT format('constraint %s %s', conname, pg_get_constraintdef(oid))
  FROM pg_constraint WHERE connamespace = 'public'::regnamespace
  UNION ALL
  SELECT format('function %s', oid::regprocedure) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
  UNION ALL
  SELECT format('type %s', typname) FROM pg_type WHERE typnamespace = 'public'::regnamespace
  UNION ALL
  SELECT format('trigger %s', tgname) FROM pg_trigger WHERE NOT tgisinternal
  UNION ALL
  SELECT format('policy %s', policyname) FROM pg_policies
) AS objects (object)
WHERE object NOT LIKE '%metapg_migrations%'`;

/** Takes the samples up one by one and down again, and looks that each step down leaves what was there before its step up. */
async function upAndDown(
  dbName: "default" | "analytics",
  database: string | Database,
  content: () => Promise<unknown>,
): Promise<void> {
  await using runner = new MigrationRunner({ dbName, database });
  const names = (await runner.getStatus()).pending.map((migration) => migration.name);
  const before: unknown[] = [];
  for (const target of names) {
    before.push(await content());
    assertEquals(await runner.applyPending({ target }), [target]);
    if (!target.startsWith("005_open") && !target.startsWith("008_fill")) {
      assertNotEquals(await content(), before.at(-1));
    }
  }
  assertEquals((await runner.getStatus()).isUpToDate, true);
  for (const name of names.toReversed()) {
    assertEquals(await runner.rollbackMigration(name), [name]);
    assertEquals(await content(), before.pop(), `Rolling back ${name} leaves something else than was there`);
  }
}

for (const dbName of ["default", "analytics"] as const) {
  for (const major of [14, 18] as const) {
    Deno.test(`sample migrations of ${dbName} go up and down on PostgreSQL ${major}`, () =>
      withDatabase((url) => upAndDown(dbName, url, () => query(url, CONTENT)), { major }));
  }

  Deno.test(`sample migrations of ${dbName} go up and down on PGlite`, async () => {
    const instance = await startPglite();
    try {
      await upAndDown(dbName, pgliteDatabase(instance), async () => (await instance.query(CONTENT)).rows);
    } finally {
      await instance.close();
    }
  });
}
