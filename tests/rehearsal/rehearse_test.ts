import { assertEquals, assertMatch } from "@std/assert";
import type { SqlError } from "../../src/core/sql_error.ts";
import type { Rehearsal } from "../../src/rehearsal/rehearsal.ts";
import { query, sharedServer } from "../support/databases.ts";
import type { ShadowSource } from "../../src/core/shadow.ts";
import { rehearseFolder } from "../../src/rehearsal/rehearse_folder.ts";
import { rehearseFiles, runnerOf, shadowsOf } from "./stage_setup.ts";

/** One of each verdict. What is wrong with one must not show in those behind it. */
const FILES: Readonly<Record<string, string>> = {
  "001_base.sql":
    "CREATE TABLE t (id int, a text);\nGRANT SELECT ON t TO metapg_verdict_app;\n-- ROLLBACK\nDROP TABLE t;\n",
  "002_left_over.sql": "CREATE INDEX a_idx ON t (a);\nALTER TABLE t ADD b int;\n-- ROLLBACK\nALTER TABLE t DROP b;\n",
  "003_after.sql": "CREATE INDEX b_idx ON t (b);\n-- ROLLBACK\nDROP INDEX b_idx;\n",
  "004_no_section.sql": "ALTER TABLE t ADD c int;\n",
  "005_wrong_rollback.sql": "ALTER TABLE t ADD d int;\n-- ROLLBACK\nSELECT 1;\nALTER TABLE t DROP nope;\n",
  "006_part_way.sql":
    "-- Transaction: none\nCREATE INDEX CONCURRENTLY d_idx ON t (d);\n-- ROLLBACK\nDROP INDEX CONCURRENTLY d_idx;\nDROP INDEX CONCURRENTLY nope;\n",
  "007_concurrently.sql":
    "-- Transaction: none\nCREATE INDEX CONCURRENTLY dc_idx ON t (d, c);\n-- ROLLBACK\nDROP INDEX CONCURRENTLY dc_idx;\n",
  "008_wrong_up.sql": "ALTER TABLE t ADD e int;\nALTER TABLE nope ADD e int;\n",
  "009_dependent.sql": "-- Depends: 008_wrong_up\nSELECT e FROM t;\n",
  "010_undeclared.sql": "SELECT e FROM t;\n",
  "011_twice.sql":
    "INSERT INTO t VALUES (1, 'x');\nCREATE UNIQUE INDEX once ON t (id);\n-- ROLLBACK\nDROP INDEX once;\n",
  "012_last.sql": "ALTER TABLE t ADD f int;\n-- ROLLBACK\nALTER TABLE t DROP f;\n",
};

function verdicts({ migrations }: Rehearsal): Readonly<Record<string, string>> {
  return Object.fromEntries(migrations.map(({ name, verdict }) => [name, verdict]));
}

for (const major of [undefined, 14] as const) {
  Deno.test(`rehearse() tells verdicts apart on ${major === undefined ? "PGlite" : `PostgreSQL ${major}`}`, async () => {
    const url = major === undefined ? undefined : (await sharedServer(major)).url;
    const rehearsal = await rehearseFiles(FILES, url);
    assertEquals(verdicts(rehearsal), {
      "001_base": "reversible",
      "002_left_over": "rollback-differs",
      "003_after": "reversible",
      "004_no_section": "irreversible",
      "005_wrong_rollback": "rollback-fails",
      "006_part_way": "rollback-fails",
      "007_concurrently": "reversible",
      "008_wrong_up": "up-fails",
      "009_dependent": "not-run",
      "010_undeclared": "up-fails",
      "011_twice": "again-fails",
      "012_last": "reversible",
    });
    const of = (name: string) => rehearsal.migrations.find((one) => one.name === name)!;
    assertEquals(of("002_left_over").differences, [
      { change: "added", kind: "index", identity: "public.a_idx", attributes: [] },
    ]);
    const error = of("005_wrong_rollback").error as SqlError;
    assertEquals([error.place, error.sqlstate], ["migrations/default/005_wrong_rollback.sql:4:1", "42703"]);
    assertEquals(of("009_dependent").obstacle?.message, 'It depends on "008_wrong_up", which fails');
    assertEquals(of("010_undeclared").obstacle?.message, 'It may fail because "008_wrong_up" is not applied');
    assertEquals([rehearsal.ok, rehearsal.engine], [false, major === undefined ? "pglite" : "postgres"]);
    assertMatch(rehearsal.version!, /^PostgreSQL \d+/);
  });
}

Deno.test("rehearse() does not blame a migration for rows that a rollback before it lost", async () => {
  const { ok, migrations } = await rehearseFiles({
    "001_base.sql": "CREATE TABLE old (id int);\nINSERT INTO old VALUES (1);\n",
    "002_move.sql":
      "CREATE TABLE young AS SELECT * FROM old;\nDROP TABLE old;\n-- ROLLBACK\nCREATE TABLE old (id int);\nDROP TABLE young;\n",
    "003_needs_row.sql": "DO $$ BEGIN IF NOT EXISTS (SELECT FROM young) THEN RAISE 'no row'; END IF; END $$;\n",
  });
  assertEquals(migrations.map(({ verdict }) => verdict), ["irreversible", "reversible", "irreversible"]);
  assertEquals(ok, true);
});

Deno.test("rehearse() creates roles that files name and none creates, and tries what creates them", async () => {
  const { migrations } = await rehearseFiles({
    "001_t.sql":
      "CREATE TABLE t (id int);\nALTER TABLE t OWNER TO owner;\nGRANT ALL ON t TO reader;\nSET ROLE reader;\n",
    "002_u.sql":
      "-- Transaction: none\nCREATE TABLE u (id int);\nVACUUM u;\nGRANT ALL ON u TO third;\n-- ROLLBACK\nDROP TABLE u;\n",
    "003_role.sql":
      "CREATE ROLE fourth;\nGRANT ALL ON t TO fourth;\n-- ROLLBACK\nDROP OWNED BY fourth;\nDROP ROLE fourth;\n",
    "004_role.sql": "CREATE ROLE fifth;\n-- ROLLBACK\n",
  });
  assertEquals(
    migrations.map(({ verdict }) => verdict),
    ["irreversible", "reversible", "reversible", "rollback-differs"],
  );
  assertEquals(migrations[3]!.differences, [{ change: "added", kind: "role", identity: "fifth", attributes: [] }]);
});

Deno.test("rehearse() enables the extensions that PGlite ships, and names those that it does not", async () => {
  const { migrations } = await rehearseFiles({
    "001_e.sql": `CREATE EXTENSION citext;
CREATE EXTENSION "uuid-ossp";
CREATE EXTENSION earthdistance CASCADE;
CREATE TABLE t (id uuid DEFAULT uuid_generate_v4(), name citext, place earth);
-- ROLLBACK
DROP TABLE t;
DROP EXTENSION earthdistance;
DROP EXTENSION cube;
DROP EXTENSION "uuid-ossp", citext;
`,
    "002_missing.sql": "CREATE EXTENSION IF NOT EXISTS timescaledb;\n",
    "003_builtin.sql": "CREATE EXTENSION IF NOT EXISTS plpgsql;\n",
    "004_depends.sql": "-- Depends: 002_missing\nSELECT 1;\n",
  });
  assertEquals(migrations.map(({ verdict }) => verdict), ["reversible", "not-run", "irreversible", "not-run"]);
  assertEquals(migrations[1]!.obstacle, {
    message: 'It needs the extension "timescaledb", which the embedded database does not have',
    hint: "Rehearse on a server that has it with --shadow-url (library: shadowUrl)",
  });
});

/** How names of roles are written that only come about when a migration runs. */
const MADE_ROLES: Readonly<Record<string, string>> = {
  "metapg_left_literal": "format('CREATE ROLE %I', 'metapg_left_literal')",
  "metapg_left_7": "'CREATE ROLE metapg_left_' || 3 + 4",
  "metapg_shadow_*": "format('CREATE ROLE %I', current_database() || '_x')",
};

for (const major of [14, 18] as const) {
  Deno.test(`rehearse() drops every role that it made on PostgreSQL ${major}, and none that others made meanwhile`, async () => {
    const { url } = await sharedServer(major);
    await query(url, "DROP ROLE IF EXISTS metapg_left_theirs");
    const shadows = shadowsOf(url);
    const meanwhile: ShadowSource = {
      ...shadows,
      async create(request) {
        const shadow = await shadows.create(request);
        await query(url, "CREATE ROLE metapg_left_theirs");
        return shadow;
      },
    };
    const blocks = Object.values(MADE_ROLES).map((sql) => `DO $$ BEGIN EXECUTE ${sql}; END $$;\n`).join("");
    const runner = runnerOf({
      "001_r.sql":
        `${blocks}GRANT metapg_left_literal TO metapg_left_7;\nGRANT metapg_left_7 TO metapg_left_missing;\n`,
      "002_fails.sql": "CREATE TABLE t (id nope);\n",
    });
    const { migrations } = await rehearseFolder(runner, { shadows: meanwhile, scope: "all" });
    assertEquals(migrations.map(({ verdict }) => verdict), ["irreversible", "up-fails"]);
    const left = await query(url, "SELECT rolname FROM pg_roles WHERE rolname ~ '^metapg_(left|shadow)_'");
    assertEquals(left, [{ rolname: "metapg_left_theirs" }]);
    await query(url, "DROP ROLE metapg_left_theirs");
  });
}

Deno.test("rehearse() leaves neither databases nor roles on a server, and does nothing to it", async () => {
  const { url } = await sharedServer(14);
  await query(url, "DROP ROLE IF EXISTS metapg_theirs; CREATE ROLE metapg_theirs");
  const made: string[] = [];
  const shadows = shadowsOf(url);
  const noted: ShadowSource = {
    ...shadows,
    async create(request) {
      const shadow = await shadows.create(request);
      const connection = await shadow.database.connect();
      made.push(String((await connection.query("SELECT current_database() AS name"))[0]!.name));
      await connection.close();
      return shadow;
    },
  };
  const runner = runnerOf({
    "001_r.sql":
      "CREATE ROLE metapg_made;\nCREATE TABLE t (id int);\nGRANT SELECT ON t TO metapg_made, metapg_named;\n",
    "002_r.sql": "ALTER ROLE metapg_theirs CREATEDB;\n",
    "003_r.sql": "ALTER ROLE metapg_made CREATEDB;\n-- ROLLBACK\nALTER ROLE metapg_made NOCREATEDB;\n",
    "004_r.sql": "CREATE INDEX i ON t (id);\n-- ROLLBACK\n",
    "005_r.sql": "CREATE INDEX j ON t (id);\n",
  });
  const { migrations } = await rehearseFolder(runner, { shadows: noted, scope: "all" });
  assertEquals(
    migrations.map(({ verdict }) => verdict),
    ["irreversible", "not-run", "reversible", "rollback-differs", "irreversible"],
  );
  assertEquals(migrations[1]!.obstacle?.message, "ALTER ROLE metapg_theirs would change the server for others, too");
  assertEquals(made.map((name) => name.replace(/[0-9a-f]{32}$/, "*")), ["metapg_shadow_*", "metapg_shadow_*"]);
  const left = await query(
    url,
    `SELECT datname AS name FROM pg_database WHERE datname IN ('${made.join("', '")}')
UNION ALL SELECT rolname FROM pg_roles WHERE rolname IN ('metapg_made', 'metapg_named') OR rolname = 'metapg_theirs' AND rolcreatedb`,
  );
  assertEquals(left, []);
  await query(url, "DROP ROLE metapg_theirs");
});
