import { assertEquals } from "@std/assert";
import { Migration } from "../../src/core/migration.ts";
import { findDataLoss } from "../../src/rehearsal/data_loss.ts";

async function lossesOf(up: string, rollback = ""): Promise<readonly string[]> {
  const migration = await Migration.parse("001_x.sql", `${up}\n-- ROLLBACK\n${rollback}\n`);
  return findDataLoss(migration).map(({ section, action, object, line }) => `${section} ${action} ${object}:${line}`);
}

const LOSSES: Readonly<Record<string, readonly string[]>> = {
  "DROP TABLE IF EXISTS a, app.b CASCADE;": ["drop-table a", "drop-table app.b"],
  "ALTER TABLE ONLY app.t ADD x int, DROP COLUMN IF EXISTS y, DROP z;": ["drop-column app.t.y", "drop-column app.t.z"],
  'ALTER TABLE "T" DROP "constraint";': ["drop-column T.constraint"],
  "DELETE FROM t WHERE a = 'delete from u';": ["delete t"],
  "WITH gone AS (DELETE FROM ONLY t RETURNING *) INSERT INTO u SELECT * FROM gone;": ["delete t"],
  "TRUNCATE a, ONLY b RESTART IDENTITY;": ["truncate a", "truncate b"],
  "truncate table only app.a *;": ["truncate app.a"],
  "DROP SCHEMA app CASCADE;": ["drop-schema app"],
  "DO $$ BEGIN IF true THEN DELETE FROM t; DELETE FROM t; END IF; ALTER TABLE u DROP a; DROP TABLE v; END $$;": [
    "delete t",
    "drop-column u.a",
    "drop-table v",
  ],
};

for (const [sql, expected] of Object.entries(LOSSES)) {
  Deno.test(`findDataLoss() finds what is lost by ${sql}`, async () => {
    assertEquals(await lossesOf(sql, sql), [
      ...expected.map((loss) => `up ${loss}:1`),
      ...expected.map((loss) => `rollback ${loss}:3`),
    ]);
  });
}

Deno.test("findDataLoss() takes what only looks alike for no loss", async () => {
  const sql = `CREATE TABLE t (id int REFERENCES u ON DELETE CASCADE, "drop" int);
ALTER TABLE t DROP CONSTRAINT c, ALTER a DROP DEFAULT, ALTER a DROP NOT NULL, ALTER a DROP EXPRESSION, ALTER b DROP IDENTITY;
ALTER TABLE t ADD CHECK ((b) > 0), ALTER c TYPE text USING trim(c);
CREATE TRIGGER x BEFORE TRUNCATE ON t EXECUTE FUNCTION f();
CREATE FUNCTION f() RETURNS void LANGUAGE sql AS 'DELETE FROM t; DROP TABLE t';
CREATE RULE r AS ON INSERT TO t DO ALSO DELETE FROM u;
GRANT DELETE, TRUNCATE ON t TO r;
REVOKE DELETE ON t FROM r;
COMMENT ON TABLE t IS 'DROP TABLE t';
SELECT truncate(1.5), 'DELETE FROM t', "delete" FROM t; -- DELETE FROM t
DROP SCHEMA empty;
DROP INDEX i; DROP VIEW v; DROP MATERIALIZED VIEW m;
PREPARE p AS SELECT 1;`;
  assertEquals(await lossesOf(sql), []);
});
