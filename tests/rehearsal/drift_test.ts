import { assertEquals, assertRejects } from "@std/assert";
import { MigrationError } from "../../src/core/error.ts";
import { memoryReader } from "../../src/core/reader.ts";
import { openDatabase } from "../../src/database/open.ts";
import { type Drift, findDrift } from "../../src/rehearsal/drift.ts";
import { MigrationRunner } from "../../src/runner/runner.ts";
import { databasePlatform } from "../../src/runtime/platform.ts";
import { query, withDatabase } from "../support/databases.ts";
import { shadowsOf } from "./stage_setup.ts";

const FILES: Readonly<Record<string, string>> = {
  "001_users.sql": `CREATE TABLE users (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  email text NOT NULL,
  at timestamptz NOT NULL DEFAULT now()
);
GRANT SELECT, UPDATE (email) ON users TO metapg_drift_reader;
ALTER TABLE users ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON users TO metapg_drift_reader USING (email = current_user);
`,
  "002_index.sql": "-- Transaction: none\nCREATE INDEX CONCURRENTLY users_email ON users (lower(email));\n",
  "003_view.sql": `CREATE EXTENSION citext;
CREATE TYPE mood AS ENUM ('a', 'b');
CREATE VIEW fresh AS SELECT id, email::citext FROM users WHERE at > now() - interval '1 day';
CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT 1';
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO metapg_drift_reader;
-- ROLLBACK
DROP FUNCTION f(int);
`,
};

/** A database that belongs to a role without any rights of a superuser, as in production. */
async function withApp(
  major: 14 | 18,
  body: (app: { readonly url: string; readonly reader: string; readonly admin: string }) => Promise<void>,
): Promise<void> {
  await withDatabase(async (admin) => {
    for (const role of ["metapg_drift_app", "metapg_drift_reader"]) {
      await query(
        admin,
        `DO $$ BEGIN CREATE ROLE ${role} LOGIN PASSWORD 'x'; EXCEPTION WHEN duplicate_object THEN ALTER ROLE ${role} LOGIN PASSWORD 'x'; END $$`,
      );
    }
    const as = (user: string) => {
      const url = new URL(admin);
      [url.username, url.password] = [user, "x"];
      return url.href;
    };
    await query(admin, `ALTER DATABASE ${new URL(admin).pathname.slice(1)} OWNER TO metapg_drift_app`);
    await body({ url: as("metapg_drift_app"), reader: as("metapg_drift_reader"), admin });
  }, { major });
}

function runnerFor(url: string, files: Readonly<Record<string, string>>): MigrationRunner {
  const paths = Object.fromEntries(Object.entries(files).map(([name, text]) => [`migrations/default/${name}`, text]));
  const database = () => openDatabase(url, { platform: databasePlatform() });
  return new MigrationRunner({ database, reader: memoryReader({ "migrations/default/_": "", ...paths }) });
}

/** Without files: all that counts is in the history. */
async function driftOf(url: string, shadowUrl?: string): Promise<Drift> {
  return await findDrift(runnerFor(url, {}), { shadows: shadowsOf(shadowUrl) });
}

function told({ differences }: Drift): readonly string[] {
  return differences.map(({ change, kind, identity, attributes }) =>
    [change, kind, identity, ...attributes.map(({ name }) => name)].join(" ")
  );
}

for (const major of [14, 18] as const) {
  Deno.test(`findDrift() of PostgreSQL ${major} sees what was changed by hand, and nothing else`, () =>
    withApp(major, async ({ url, reader, admin }) => {
      assertEquals((await runnerFor(url, FILES).applyPending()).length, 3);
      assertEquals(told(await driftOf(url)), []);
      assertEquals(told(await driftOf(url, admin)), []);
      await query(
        url,
        `CREATE INDEX hotfix ON users (at); ALTER TABLE users ALTER email DROP NOT NULL; DROP VIEW fresh;
ALTER TYPE mood ADD VALUE 'c'; GRANT INSERT ON users TO metapg_drift_reader; CREATE TABLE mine (id int);
CREATE OR REPLACE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT 2';
GRANT SELECT ON metapg_migrations TO metapg_drift_reader`,
      );
      await query(admin, "ALTER TYPE mood OWNER TO metapg_drift_reader");
      const drift = await driftOf(reader);
      assertEquals(told(drift), [
        "changed column public.users.email not null",
        "changed enum public.mood labels owner",
        "changed function public.f(integer) body",
        "added index public.hotfix",
        "added table public.mine",
        "changed table public.users privileges",
        "removed view public.fresh",
      ]);
      assertEquals([drift.ok, drift.applied], [false, ["001_users", "002_index", "003_view"]]);
    }));
}

Deno.test("findDrift() of a database without a history takes all that it holds for drift", () =>
  withDatabase(async (url) => {
    await query(url, "CREATE TABLE t (id int)");
    assertEquals(told(await driftOf(url)), ["added table public.t"]);
  }));

Deno.test("findDrift() says which applied migration cannot be rehearsed, and what would help", () =>
  withDatabase(async (url) => {
    const runner = runnerFor(url, { "001_x.sql": "CREATE TABLE t (id int);\n", "002_y.sql": "SELECT 1;\n" });
    await runner.applyPending();
    await query(url, "UPDATE metapg_migrations SET source = 'CREATE EXTENSION nope;' WHERE version = 2");
    const missing = await assertRejects(() => driftOf(url), MigrationError) as MigrationError;
    assertEquals(
      [missing.code, missing.message],
      [
        "CONFIG",
        'Cannot rehearse what is applied: "002_y": It needs the extension "nope", which the embedded database does not have',
      ],
    );
    await query(url, "UPDATE metapg_migrations SET source = 'SELECT nope;' WHERE version = 2");
    const refused = await assertRejects(() => driftOf(url), MigrationError) as MigrationError;
    assertEquals(
      refused.message,
      'Cannot rehearse what is applied: 002_y.sql:1:8: column "nope" does not exist (42703)',
    );
  }));

const PART_WAY = `-- Transaction: none
CREATE TABLE extra (id int);
CREATE UNIQUE INDEX CONCURRENTLY "User" ON users (email);
CREATE INDEX extra_id ON extra (id);
-- ROLLBACK
DROP INDEX extra_id;
DROP INDEX CONCURRENTLY "User";
SELECT 1 / (SELECT count(*) FROM extra);
DROP TABLE extra;
`;

for (const major of [14, 18] as const) {
  Deno.test(`findDrift() of PostgreSQL ${major} expects what the finished units of a part-way migration did, and no more`, () =>
    withApp(major, async ({ url, admin }) => {
      const runner = runnerFor(url, {
        "001_users.sql": "CREATE TABLE users (email text);\n",
        "002_extra.sql": PART_WAY,
      });
      await runner.applyPending({ target: "001_users" });
      await query(url, "INSERT INTO users VALUES ('a'), ('a')");
      await assertRejects(() => runner.applyPending(), MigrationError, "could not create unique index");
      const drift = await driftOf(url);
      assertEquals(told(drift), []);
      const up = { name: "002_extra", direction: "up", unitsDone: 1, units: 3, openUnit: 2 } as const;
      assertEquals([drift.applied, drift.partWay], [["001_users"], [up]]);
      assertEquals(told(await driftOf(url, admin)), []);
      await query(url, 'CREATE INDEX extra_id ON extra (id); DROP INDEX "User"; DELETE FROM users');
      assertEquals(told(await driftOf(url)), ["added index public.extra_id"]);
      await query(url, "DROP INDEX extra_id; ALTER TABLE extra ADD by_hand int");
      assertEquals(told(await driftOf(url)), ["added column public.extra.by_hand"]);
      await query(url, "ALTER TABLE extra DROP by_hand");
      await runner.applyPending();
      const down = { name: "002_extra", direction: "down", unitsDone: 2, units: 4, openUnit: null } as const;
      await assertRejects(() => runner.rollbackMigration("002_extra"), MigrationError, "division by zero");
      const undone = await driftOf(url);
      assertEquals([told(undone), undone.applied, undone.partWay], [[], ["001_users"], [down]]);
      await query(url, 'CREATE INDEX "User" ON users (email)');
      assertEquals(told(await driftOf(url)), ['added index public."User"']);
    }));
}

Deno.test("findDrift() takes what a unit does whose end is unknown for there or not", () =>
  withDatabase(async (url) => {
    const files = {
      "001_call.sql": `-- Transaction: none
CREATE TABLE t (id int);
DO $$ BEGIN ALTER TABLE t ADD name text; COMMIT; CREATE TABLE other (id int); END $$;
`,
    };
    await runnerFor(url, files).applyPending();
    await query(
      url,
      "UPDATE metapg_migrations SET applied_at = NULL, partial = 'up', units_done = 1, unit_state = 'started'",
    );
    const drift = await driftOf(url);
    assertEquals(told(drift), []);
    assertEquals(drift.partWay.map(({ openUnit }) => openUnit), [2]);
    await query(url, "DROP TABLE other");
    assertEquals(told(await driftOf(url)), []);
    await query(url, "ALTER TABLE t DROP name");
    assertEquals(told(await driftOf(url)), []);
    await query(url, "ALTER TABLE t ADD name int; CREATE TABLE other (id int, by_hand int)");
    assertEquals(told(await driftOf(url)), [
      "added column public.other.by_hand",
      "changed column public.t.name type",
    ]);
    await query(url, "UPDATE metapg_migrations SET unit_state = NULL");
    assertEquals(told(await driftOf(url)), ["added column public.t.name", "added table public.other"]);
  }));

for (const major of [14, 18] as const) {
  Deno.test(`findDrift() on the server of PostgreSQL ${major} replays no rollback, and takes its roles as they are`, () =>
    withApp(major, async ({ admin }) => {
      await query(admin, "DROP ROLE IF EXISTS metapg_drift_old; CREATE ROLE metapg_drift_old");
      const runner = runnerFor(admin, {
        "001_roles.sql": `DROP ROLE metapg_drift_old; CREATE ROLE metapg_drift_old LOGIN; CREATE ROLE metapg_drift_new;
GRANT metapg_drift_old TO metapg_drift_reader;
CREATE TABLE t (id int);
GRANT SELECT ON t TO metapg_drift_old, metapg_drift_new;
GRANT CONNECT ON DATABASE ${new URL(admin).pathname.slice(1)} TO metapg_drift_new;
-- ROLLBACK
DROP TABLE t;
DROP OWNED BY metapg_drift_old;
ALTER ROLE metapg_drift_old NOLOGIN;
`,
      });
      const state = () =>
        query(
          admin,
          `SELECT (SELECT json_agg(r ORDER BY r.oid) FROM pg_roles r WHERE r.rolname ~ '^metapg_drift_')::text
  || (SELECT json_agg(m ORDER BY m.roleid) FROM pg_auth_members m WHERE m.roleid::regrole::text ~ '^metapg_drift_')::text AS state`,
        );
      try {
        await runner.applyPending();
        const before = await state();
        const warnings: string[] = [];
        const look = async () =>
          await findDrift(runnerFor(admin, {}), {
            shadows: shadowsOf(admin),
            onEvent: (event) => event.type === "warning" && warnings.push(event.problem.message.replace(/^.*: /, "")),
          });
        assertEquals(told(await look()), []);
        assertEquals(warnings, [
          "DROP ROLE metapg_drift_old",
          "CREATE ROLE metapg_drift_old",
          "CREATE ROLE metapg_drift_new",
          "GRANT metapg_drift_old TO metapg_drift_reader",
          "GRANT ON DATABASE",
        ]);
        await query(admin, "REVOKE SELECT ON t FROM metapg_drift_new");
        assertEquals(told(await look()), ["changed table public.t privileges"]);
        assertEquals(await state(), before);
      } finally {
        await query(
          admin,
          "DROP TABLE t; DROP OWNED BY metapg_drift_old, metapg_drift_new; DROP ROLE metapg_drift_old, metapg_drift_new",
        );
      }
    }));
}
