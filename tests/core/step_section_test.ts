import { assertEquals } from "@std/assert";
import type { Direction } from "../../src/core/event.ts";
import { Migration } from "../../src/core/migration.ts";
import { remainderOf, sectionOf } from "../../src/core/step_section.ts";

const TEXT = `-- Transaction: none
SET search_path = app; VACUUM a;
-- Two
BEGIN; SELECT 1; COMMIT;
-- ROLLBACK
SELECT 2;
SELECT 3;
`;

async function left(direction: Direction, unitsDone: number) {
  const migration = await Migration.parse("001_a.sql", TEXT);
  const { name, version, transaction, path, checksum } = migration;
  const step = { direction, name, version, transaction, path, checksum, unitsDone, unitState: null, migration };
  const { again, section } = remainderOf({ ...step, late: false, sql: sectionOf(step).sql });
  assertEquals(TEXT.slice(section.start, section.start + section.sql.length), section.sql);
  return [section.sql, ...again.map(({ sql }) => sql)];
}

Deno.test("remainderOf() begins with the first unit that is not finished", async () => {
  const up = TEXT.slice(0, TEXT.indexOf("-- ROLLBACK"));
  assertEquals(await left("up", 0), [up]);
  assertEquals(await left("up", 1), [up.slice(up.indexOf("VACUUM")), "SET search_path = app"]);
  assertEquals(await left("up", 2), ["BEGIN; SELECT 1; COMMIT;\n", "SET search_path = app"]);
  assertEquals(await left("up", 3), ["", "SET search_path = app"]);
  assertEquals(await left("down", 1), ["SELECT 3;\n"]);
});

Deno.test("sectionOf() is empty for a rollback that the file does not have", async () => {
  const migration = await Migration.parse("001_a.sql", "SELECT 1;\n");
  assertEquals(sectionOf({ direction: "down", migration }), { sql: "", start: 0 });
});
