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
  "WITH gone AS (DELETE FROM ONLY t RETURNING *) SELECT * FROM gone;": ["delete t"],
  "TRUNCATE a, ONLY b RESTART IDENTITY;": ["truncate a", "truncate b"],
  "truncate table only app.a *;": ["truncate app.a"],
  "DROP SCHEMA app CASCADE;": ["drop-schema app"],
  "DO $$ BEGIN IF true THEN DELETE FROM t; DELETE FROM t; END IF; ALTER TABLE u DROP a; DROP TABLE v; END $$;": [
    "delete t",
    "drop-column u.a",
    "drop-table v",
  ],
  "UPDATE app.t AS x SET a = (SELECT 1 FROM u WHERE b = 2), (b, c) = (1, 2) FROM v WHERE d = 3;": [
    "overwrite app.t.a",
    "overwrite app.t.b",
    "overwrite app.t.c",
  ],
  "WITH w AS (UPDATE ONLY t SET a[1] = 2 RETURNING *) SELECT b FROM w;": ["overwrite t.a"],
  "DO $$ BEGIN IF true THEN UPDATE t SET a = 1; END IF; UPDATE u SET b = 2; END $$;": [
    "overwrite t.a",
    "overwrite u.b",
  ],
  "MERGE INTO t USING u ON t.id = u.id WHEN MATCHED AND u.x THEN UPDATE SET a = u.a, b = 1 WHEN MATCHED THEN DELETE;": [
    "overwrite t.a",
    "overwrite t.b",
    "delete t",
  ],
  "DO $$ BEGIN EXECUTE 'DELETE FROM u'; EXECUTE 'DROP TABLE m' USING 1; END $$;": ["delete u", "drop-table m"],
  "DO $$ BEGIN EXECUTE format('DELETE FROM %I', t); EXECUTE q; END $$;": ["run-code DO"],
  "DO $$ BEGIN EXECUTE 'DELETE FROM part_' || n; DELETE FROM u; END $$;": ["delete u"],
  "CALL app.tidy(1);": ["run-code tidy()"],
  "TRUNCATE a, b RESTART IDENTITY CASCADE;": ["truncate a", "truncate b"],
  "ALTER TABLE t ALTER a TYPE int USING a::int, ALTER COLUMN b SET DATA TYPE text USING trim(b), ADD c int;": [
    "convert t.a",
    "convert t.b",
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
ALTER TABLE t ADD CHECK ((b) > 0), ALTER c TYPE text USING c::text, ALTER d TYPE bigint;
CREATE TRIGGER x BEFORE TRUNCATE ON t EXECUTE FUNCTION f();
CREATE FUNCTION f() RETURNS void LANGUAGE sql AS 'DELETE FROM t; DROP TABLE t';
CREATE RULE r AS ON INSERT TO t DO ALSO DELETE FROM u;
GRANT DELETE, TRUNCATE ON t TO r;
REVOKE DELETE ON t FROM r;
COMMENT ON TABLE t IS 'DROP TABLE t';
SELECT truncate(1.5), 'DELETE FROM t', "delete" FROM t; -- DELETE FROM t
DROP SCHEMA empty;
DROP INDEX i; DROP VIEW v; DROP MATERIALIZED VIEW m;
SELECT * FROM t FOR UPDATE; SELECT * FROM t FOR UPDATE OF t SKIP LOCKED;
ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES u ON UPDATE SET NULL ON DELETE SET DEFAULT;
PREPARE p AS SELECT 1; EXECUTE p (1); DROP PROCEDURE call, f();
DO $$ BEGIN EXECUTE format('CREATE TABLE %I (id int)', n); EXECUTE 'SELECT count(*) FROM ' || t INTO n; END $$;
DO $$ BEGIN CREATE TRIGGER x AFTER INSERT ON t EXECUTE FUNCTION f(); GRANT EXECUTE ON FUNCTION f() TO r; END $$;`;
  assertEquals(await lossesOf(sql), []);
});

Deno.test("findDataLoss() takes what a migration fills or converts of its own for no loss", async () => {
  const sql = `ALTER TABLE t ADD COLUMN IF NOT EXISTS a int, ADD b int;
UPDATE t SET a = 1, b = 2;
CREATE TABLE u AS SELECT 1 AS x;
INSERT INTO u VALUES (2);
UPDATE u SET x = 3;
ALTER TABLE u ALTER x TYPE text USING 'x' || x;`;
  assertEquals(await lossesOf(sql, "DROP TABLE u; ALTER TABLE t DROP a, DROP b;"), [
    "rollback drop-table u:8",
    "rollback drop-column t.a:8",
    "rollback drop-column t.b:8",
  ]);
  assertEquals(await lossesOf("UPDATE t SET a = 1, old = 2;\nALTER TABLE t ADD a int;"), ["up overwrite t.old:1"]);
});

Deno.test("findDataLoss() tells rows that a rollback leaves", async () => {
  const up = `INSERT INTO t VALUES (1);
INSERT INTO app.u AS x (a, b) VALUES (1, 2) ON CONFLICT (a) DO UPDATE SET b = excluded.b WHERE x.b > 1;
INSERT INTO t VALUES (2);
MERGE INTO v USING t ON t.id = v.id WHEN NOT MATCHED THEN INSERT VALUES (1);`;
  assertEquals(await lossesOf(up), [
    "up overwrite app.u.b:2",
    "rollback leave-rows t:1",
    "rollback leave-rows app.u:2",
    "rollback leave-rows v:4",
  ]);
  assertEquals(await lossesOf(up, "DELETE FROM public.t WHERE id < 3; DROP SCHEMA app CASCADE; TRUNCATE v;"), [
    "up overwrite app.u.b:2",
    "rollback delete public.t:6",
    "rollback drop-schema app:6",
    "rollback truncate v:6",
  ]);
  const irreversible = await Migration.parse("001_x.sql", "INSERT INTO t VALUES (1);\n");
  assertEquals(findDataLoss(irreversible), []);
});
