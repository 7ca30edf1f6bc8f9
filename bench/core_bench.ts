/**
 * What reading and ordering cost. A project with a thousand migrations is large, and a file of 17 kB is long.
 */

import { Migration, orderMigrations } from "../src/core/mod.ts";

const SHORT = `-- Description: Add a table
-- Depends: 001_first

CREATE TABLE thing (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL DEFAULT 'it''s');

-- ROLLBACK
DROP TABLE thing;
`;

const BODY = `CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  /* A comment; with /* another */ in it. */
  UPDATE thing SET name = E'a\\'b', "updated at" = now() WHERE id = NEW.id;
  RETURN NEW;
END;
$body$;
`;
const LONG = `-- Description: Add many functions\n\n${BODY.repeat(80)}\n-- ROLLBACK\nDROP FUNCTION f();\n`;

/** Each depends on the one before it and on one far behind. */
const graph = Array.from({ length: 10_000 }, (_, n) => ({
  name: `${n}_migration`,
  version: n,
  dependencies: n < 3 ? [] : [`${n - 1}_migration`, `${Math.floor(n / 2)}_migration`],
}));

Deno.bench("Migration.parse() of a short file", async () => {
  await Migration.parse("002_thing.sql", SHORT);
});

Deno.bench(`Migration.parse() of a file of ${Math.round(LONG.length / 1_000)} kB`, async () => {
  await Migration.parse("003_functions.sql", LONG);
});

Deno.bench("orderMigrations() of 10,000 migrations", () => {
  orderMigrations(graph);
});
