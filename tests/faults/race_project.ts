/**
 * Two projects for runners that start at once, and what each must leave when every migration ran once.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { query } from "../support/databases.ts";
import { untilAlone } from "./all_or_nothing.ts";

/** Files of migrations, each of which counts how often it ran in a table `tally`. */
export interface RaceProject {
  /** What it is made of. */
  readonly title: string;
  /** File name to text. */
  readonly files: Readonly<Record<string, string>>;
  /** Indexes that it builds. */
  readonly indexes: readonly string[];
}

/**
 * Makes both projects.
 *
 * @param waiting How many runners must be seen waiting: the first migration goes on when so many do.
 */
export function raceProjects(waiting: number): readonly RaceProject[] {
  const gate = gateSql(waiting);
  return [{
    title: "transactional",
    files: {
      "001_a.sql": `${gate}${TALLY}${ran("001_a")}CREATE TABLE a (id int);\n`,
      "002_b.sql": `-- Depends: 001_a\n${ran("002_b")}ALTER TABLE a ADD COLUMN name text;\n`,
      "003_c.sql": `${ran("003_c")}CREATE TABLE c AS SELECT generate_series(1, 20000) AS id;\n`,
      "004_d.sql": `-- Depends: 002_b, 003_c\n${ran("004_d")}CREATE INDEX a_name ON a (name);\n`,
    },
    indexes: ["a_name"],
  }, {
    title: "CONCURRENTLY",
    files: {
      "001_a.sql":
        `-- Transaction: none\n${gate}BEGIN;\n${TALLY}CREATE TABLE a AS SELECT generate_series(1, 20000) AS id;\nCREATE TABLE b (id int);\n${
          ran("001_a")
        }COMMIT;\n`,
      "002_b.sql": `-- Transaction: none\nCREATE INDEX CONCURRENTLY a_id ON a (id);\n${ran("002_b")}`,
      "003_c.sql": `-- Transaction: none\n-- Depends: 002_b\n${
        ran("003_c")
      }CREATE UNIQUE INDEX CONCURRENTLY a_unique ON a (id);\nCREATE UNIQUE INDEX CONCURRENTLY b_unique ON b (id);\n`,
    },
    indexes: ["a_id", "a_unique", "b_unique"],
  }];
}

/** There already, it shall count a second run, not refuse it. */
const TALLY = "CREATE TABLE IF NOT EXISTS tally (name text);\n";

function ran(name: string): string {
  return `INSERT INTO tally VALUES ('${name}');\n`;
}

/** Waits until the last word of so many other sessions was the question for the lock, which they were refused. */
function gateSql(waiting: number): string {
  return `DO $gate$
BEGIN
  FOR tries IN 1..4000 LOOP
    PERFORM pg_stat_clear_snapshot();
    IF ${waiting} <= (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
      AND pid <> pg_backend_pid() AND query LIKE '%pg_try_advisory_lock(%') THEN RETURN; END IF;
    PERFORM pg_sleep(0.01);
  END LOOP;
  RAISE 'Only few runners wait for the lock';
END $gate$;
`;
}

/**
 * Sees that each migration ran once and was recorded once, and that no session met an error.
 *
 * @param url The database.
 * @param project What ran.
 */
export async function assertRanOnce(url: string, project: RaceProject): Promise<void> {
  const names = Object.keys(project.files).map((file) => file.replace(".sql", ""));
  const list = async (sql: string) => (await query(url, sql)).map((row) => row.name);
  assertEquals(await list("SELECT name FROM tally ORDER BY name"), names);
  const history = "SELECT name FROM metapg_migrations WHERE applied_at IS NOT NULL AND partial IS NULL ORDER BY seq";
  assertEquals(await list(history), names);
  assertEquals(await list("SELECT action || ' ' || name AS name FROM metapg_migrations_log ORDER BY id"), [
    ...names.map((name) => `applied ${name}`),
  ]);
  const indexes = "SELECT c.relname AS name FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid " +
    "WHERE i.indrelid IN (to_regclass('a'), to_regclass('b')) AND i.indisvalid ORDER BY 1";
  assertEquals(await list(indexes), project.indexes);
  assertEquals(await list("SELECT indexrelid::regclass::text AS name FROM pg_index WHERE NOT indisvalid"), []);
  await assertNoErrors(url);
}

/** Every error ends a transaction, told or not. An error of our own says when all that came before it is counted. */
async function assertNoErrors(url: string): Promise<void> {
  await untilAlone(url);
  await query(url, "SELECT 1 / 0").catch(() => undefined);
  const counted = "SELECT xact_rollback::int AS n FROM pg_stat_database WHERE datname = current_database()";
  let rolledBack = 0;
  for (let tries = 0; rolledBack === 0; tries++) {
    assert(tries < 500, "The server does not count");
    await new Promise((resolve) => setTimeout(resolve, 20));
    rolledBack = Number((await query(url, counted))[0]?.n);
  }
  assertEquals(rolledBack - 1, 0, "A session met an error");
}
