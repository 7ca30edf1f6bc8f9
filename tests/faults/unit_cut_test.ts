import { assert, assertEquals, assertMatch } from "@std/assert";
import { memoryReader, MigrationError, MigrationRunner } from "../../mod.ts";
import { query, withDatabase } from "../support/databases.ts";
import { schemaText } from "../support/schema_text.ts";
import { untilAlone } from "./all_or_nothing.ts";
import { type Cut, type CutPlace, startCutProxy } from "./cut_proxy.ts";
import { report, tries } from "./tally.ts";

const SETUP = `
CREATE TABLE tally (step text);
CREATE TABLE a (id int);
CREATE TABLE p (id int) PARTITION BY RANGE (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10);
CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (10) TO (20);
CREATE PROCEDURE work(step text) LANGUAGE plpgsql AS $$
BEGIN INSERT INTO tally VALUES (step); COMMIT; INSERT INTO tally VALUES (step || ' end'); END $$;
`;

/** Units of every mode; each that can counts how often it ran. */
const WORK = `-- Transaction: none
INSERT INTO tally VALUES ('1');
BEGIN; INSERT INTO tally VALUES ('2'); CREATE TABLE b (id int); COMMIT;
CREATE INDEX CONCURRENTLY a_id ON a (id);
DO $$ BEGIN INSERT INTO tally VALUES ('4'); COMMIT; INSERT INTO tally VALUES ('4 end'); END $$;
CALL work('5');
VACUUM a;
INSERT INTO tally VALUES ('7');
ALTER TABLE p DETACH PARTITION p1 CONCURRENTLY;
-- ROLLBACK
INSERT INTO tally VALUES ('1');
BEGIN; INSERT INTO tally VALUES ('2'); DROP TABLE b; COMMIT;
DROP INDEX CONCURRENTLY a_id;
DO $$ BEGIN INSERT INTO tally VALUES ('4'); COMMIT; INSERT INTO tally VALUES ('4 end'); END $$;
CALL work('5');
VACUUM a;
INSERT INTO tally VALUES ('7');
ALTER TABLE p DETACH PARTITION p2 CONCURRENTLY;
`;

const STEPS = ["1", "2", "4", "4 end", "5", "5 end", "7"].map((step) => ({ step, n: 1 }));

const reader = memoryReader({ "migrations/main/001_setup.sql": SETUP, "migrations/main/002_work.sql": WORK });

type Direction = "up" | "down";

function runner(url: string): MigrationRunner {
  return new MigrationRunner({ dbName: "main", database: url, reader });
}

async function run(url: string, direction: Direction): Promise<void> {
  if (direction === "up") await runner(url).applyPending();
  else if ((await query(url, "SELECT 1 FROM metapg_migrations WHERE version = 2")).length > 0) {
    await runner(url).rollbackMigration("002_work");
  }
}

/** Everything before the direction that is tried, with an empty tally. */
async function prepare(url: string, direction: Direction): Promise<void> {
  await query(url, "DROP SCHEMA public CASCADE; CREATE SCHEMA public");
  await runner(url).applyPending({ target: direction === "up" ? "001_setup" : "002_work" });
  await query(url, "TRUNCATE tally; DELETE FROM metapg_migrations_log");
}

/** Does what the hint says after a look at the database; a half-finished unit is undone first. */
async function answer(url: string, error: MigrationError): Promise<void> {
  assertMatch(error.hint ?? "", /repair --done 002_work:[45] or repair --again 002_work:[45]/);
  const unit = Number(/:(\d)/.exec(error.hint!)![1]);
  const rows = await query(url, `SELECT step FROM tally WHERE step LIKE '${unit}%'`);
  if (rows.length === 1) await query(url, `DELETE FROM tally WHERE step = '${unit}'`);
  await runner(url).repair({ [rows.length === 2 ? "done" : "again"]: { name: "002_work", unit } });
}

/** Goes on until it is done; answers how often a person was asked. */
async function finish(url: string, direction: Direction, what: string): Promise<number> {
  for (let asked = 0;; asked++) {
    assert(asked < 3, `${what}: asked again and again`);
    try {
      await run(url, direction);
      return asked;
    } catch (error) {
      assert(error instanceof MigrationError && error.code === "PARTIAL", `${what}: ${error}`);
      await answer(url, error as MigrationError);
    }
  }
}

async function assertOnce(url: string, direction: Direction, schema: string, what: string): Promise<void> {
  assertEquals(await query(url, "SELECT step, count(*)::int AS n FROM tally GROUP BY step ORDER BY step"), STEPS, what);
  assertEquals(await schemaText(url), schema, what);
  const [state] = await query(
    url,
    `SELECT (SELECT count(*)::int FROM pg_index WHERE NOT indisvalid) AS invalid,
      (SELECT count(*)::int FROM pg_inherits WHERE inhdetachpending) AS pending,
      (SELECT string_agg(inhrelid::regclass::text, ',') FROM pg_inherits) AS partitions,
      (SELECT count(*)::int FROM metapg_migrations WHERE version = 2 AND applied_at IS NOT NULL) AS applied,
      (SELECT count(*)::int FROM metapg_migrations_log WHERE action = '${
      direction === "up" ? "applied" : "rolled_back"
    }') AS logged`,
  );
  const left = direction === "up" ? { partitions: "p2", applied: 1 } : { partitions: null, applied: 0 };
  assertEquals(state, { invalid: 0, pending: 0, logged: 1, ...left }, what);
}

async function undisturbed(
  url: string,
  direction: Direction,
): Promise<{ readonly schema: string; readonly messages: number }> {
  await prepare(url, direction);
  const proxy = startCutProxy(url, { message: Infinity, place: "before" });
  if (direction === "up") await runner(proxy.url).applyPending();
  else await runner(proxy.url).rollbackMigration("002_work");
  const { messages } = proxy;
  await proxy.close();
  const schema = await schemaText(url);
  await assertOnce(url, direction, schema, "undisturbed");
  return { schema, messages };
}

async function cutOnce(url: string, direction: Direction, cut: Cut, schema: string): Promise<number> {
  const what = `${direction}, ${cut.place} message ${cut.message}`;
  await prepare(url, direction);
  const proxy = startCutProxy(url, cut);
  const through = runner(proxy.url);
  const running = direction === "up" ? through.applyPending() : through.rollbackMigration("002_work");
  const outcome = await running.then(() => "done", (error) => (error as MigrationError).code);
  await proxy.close();
  assert(proxy.hasCut, what);
  assert(
    ["done", "CONNECTION_LOST", "OUTCOME_UNKNOWN", "CONNECTION_FAILED"].includes(outcome),
    `${what}: ${outcome}`,
  );
  await untilAlone(url);
  const asked = await finish(url, direction, what);
  await assertOnce(url, direction, schema, what);
  return asked;
}

/** Every message; each on one side in turn, on demand on both. */
function cutsOf(messages: number): Cut[] {
  const places: readonly CutPlace[] = ["before", "after"];
  return Array.from({ length: messages }, (_, index) => index + 1).flatMap((message) =>
    tries(0, 1) === 1 ? places.map((place) => ({ message, place })) : [{ message, place: places[message % 2]! }]
  );
}

for (const major of tries(0, 1) === 1 ? [14, 18] as const : [18] as const) {
  for (const direction of ["up", "down"] as const) {
    Deno.test(`units run once each, wherever the connection is cut, ${direction} on PostgreSQL ${major}`, () =>
      withDatabase(async (url) => {
        const { schema, messages } = await undisturbed(url, direction);
        assert(messages > 20);
        const cuts = cutsOf(messages);
        let asked = 0;
        for (const cut of cuts) asked += await cutOnce(url, direction, cut, schema);
        report({
          fault: `connection cut between units, ${direction}, PostgreSQL ${major}`,
          tries: cuts.length,
          inside: cuts.length,
          survived: cuts.length,
        });
        report({ fault: "… of these asked a person", tries: asked, inside: asked, survived: asked });
        assert(asked > 0, "No cut hit DO or CALL");
      }, { major }));
  }
}
