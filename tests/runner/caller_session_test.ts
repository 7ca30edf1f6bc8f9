import { assertEquals, assertRejects } from "@std/assert";
import pg from "pg";
import postgres from "postgres";
import type { Database } from "../../src/core/database.ts";
import { MigrationError } from "../../src/core/error.ts";
import { pgDatabase } from "../../src/database/pg.ts";
import { postgresDatabase } from "../../src/database/postgres.ts";
import { HOSTILE } from "./hostile_statements.ts";
import { onServers, type Project } from "./project.ts";

/** One session of a caller, and the database over it. */
interface Caller {
  readonly database: Database;
  query(sql: string): Promise<readonly Record<string, unknown>[]>;
  end(): Promise<void>;
}

const CALLERS: Readonly<Record<string, (url: string) => Caller>> = {
  "postgres.js": (url) => {
    const client = postgres(url, { max: 1, onnotice: () => {} });
    return {
      database: postgresDatabase(client),
      query: async (sql) => [...await client.unsafe(sql).simple()],
      end: () => client.end({ timeout: 1 }),
    };
  },
  "node-postgres": (url) => {
    const pool = new pg.Pool({ connectionString: url, max: 1, idleTimeoutMillis: 0 });
    return {
      database: pgDatabase(pool),
      query: async (sql) => (await pool.query(sql)).rows ?? [],
      end: () => pool.end(),
    };
  },
};

/** All that a caller could notice, but for temporary tables and settings whose name has a dot. */
const STATE = `SELECT pg_catalog.json_build_object(
  'pid', pg_catalog.pg_backend_pid(),
  'settings', (SELECT pg_catalog.json_object_agg(s.name, s.setting) FROM pg_catalog.pg_settings s),
  'users', pg_catalog.json_build_array(session_user, current_user, pg_catalog.current_setting('role')),
  'temporary', (SELECT count(*) FROM pg_catalog.pg_class c WHERE c.relnamespace = pg_catalog.pg_my_temp_schema()),
  'cursors', (SELECT count(*) FROM pg_catalog.pg_cursors WHERE name = 'c'),
  'channels', (SELECT pg_catalog.json_agg(c ORDER BY c) FROM pg_catalog.pg_listening_channels() c),
  'prepared', (SELECT pg_catalog.json_agg(p.name ORDER BY p.name) FROM pg_catalog.pg_prepared_statements p WHERE p.from_sql),
  'locks', (SELECT pg_catalog.json_agg(pg_catalog.concat(l.classid, ':', l.objid, l.mode) ORDER BY 1)
    FROM pg_catalog.pg_locks l WHERE l.locktype = 'advisory' AND l.pid = pg_catalog.pg_backend_pid())
)::text AS state`;

async function stateOf(caller: Caller): Promise<string[]> {
  const [row] = await caller.query(STATE);
  return JSON.stringify(JSON.parse(String(row?.state)), null, 1).split("\n");
}

/** Runs `body`, and sees that the caller's session is as it was before. */
async function assertKept(caller: Caller, what: string, body: () => Promise<void>): Promise<void> {
  const before = await stateOf(caller);
  await body();
  const after = await stateOf(caller);
  assertEquals([...new Set(before).symmetricDifference(new Set(after))], [], what);
}

async function withRoles(project: Project, body: (owner: string, low: string) => Promise<void>): Promise<void> {
  const [owner, low] = ["owner", "low"].map((name) => `metapg_${name}_${crypto.randomUUID().slice(0, 8)}`) as [
    string,
    string,
  ];
  await project.query(`CREATE ROLE ${low}; CREATE ROLE ${owner} IN ROLE ${low};
    CREATE SCHEMA app AUTHORIZATION ${owner}; CREATE SEQUENCE numbers; GRANT ALL ON SEQUENCE numbers TO ${owner}`);
  try {
    await body(owner, low);
  } finally {
    await project.query(`DROP OWNED BY ${owner}, ${low} CASCADE; DROP ROLE ${owner}, ${low}`);
  }
}

/** What callers may have done, in messages: what only a superuser may set is set before they are one no more. */
const STARTS: readonly ((owner: string) => readonly string[])[] = [
  () => [],
  (owner) => [
    "BEGIN ISOLATION LEVEL SERIALIZABLE READ ONLY; COMMIT;",
    "SET search_path = app; SET work_mem = '7MB'; SET TimeZone = 'Asia/Tokyo'; SET standard_conforming_strings = off;",
    "SET lock_timeout = '9s'; SET DateStyle = 'German'; SET quote_all_identifiers = on; LISTEN mine;",
    "SET session_replication_role = replica; PREPARE mine AS SELECT 1; SELECT pg_advisory_lock(77);",
    `SET ROLE ${owner}`,
  ],
  (owner) => [`SET log_min_messages = error; SET SESSION AUTHORIZATION ${owner}; SET search_path = app;`],
];

const FAILING = `SET search_path = nowhere; SET work_mem = '1MB'; SET client_encoding = 'LATIN1'; SET TimeZone = 'GMT';
SET default_transaction_isolation = 'serializable'; SET statement_timeout = '9s'; CREATE TEMPORARY TABLE t (id int);
LISTEN other; DECLARE c CURSOR WITH HOLD FOR SELECT 1; PREPARE p AS SELECT 1; SELECT pg_advisory_lock(11); SET ROLE ROLE_NAME;
SELECT 1/0;
`;

for (const [driver, connect] of Object.entries(CALLERS)) {
  onServers(
    `a caller's session of ${driver} is as it was, whatever migrations do to theirs`,
    (project) =>
      withRoles(project, async (owner, low) => {
        for (const [index, start] of STARTS.entries()) {
          const caller = connect(project.url);
          const runner = project.runner({ database: caller.database, table: `app.history${index}` });
          for (const key of Object.keys(project.files)) delete project.files[key];
          // A language brings settings of its own with it.
          for (const sql of ["DO $$ BEGIN END $$", ...start(owner)]) await caller.query(sql);
          const refused = [
            /^$/,
            /session_replication_role|lo_compat/,
            /session_replication_role|lo_compat|AUTHORIZATION/,
          ][index]!;
          HOSTILE.forEach(({ sql: template, ...hostile }, place) => {
            const sql = template.replaceAll("ROLE_NAME", low);
            if (refused.test(sql) || (index !== 1 && place % 3 > 0)) return;
            const mode = hostile.in === "units" || place % 2 === 1 ? "-- Transaction: none\n" : "";
            const name = `${String(place + 1).padStart(3, "0")}_set.sql`;
            project.files[name] = `${mode}${sql.replace("'public.numbers'", "'public.numbers'::regclass")}\n`;
          });
          try {
            await assertKept(caller, `${driver}, start ${index}, success`, async () => {
              assertEquals((await runner.applyPending()).length, Object.keys(project.files).length);
            });
            for (const mode of ["", "-- Transaction: none\n"]) {
              project.files["900_fails.sql"] = `${mode}${FAILING.replaceAll("ROLE_NAME", low)}`;
              await assertKept(caller, `${driver}, start ${index}, failure ${mode}`, async () => {
                const error = await assertRejects(() => runner.applyPending(), MigrationError) as MigrationError;
                assertEquals(error.code, mode === "" ? "SQL_FAILED" : "PARTIAL", error.message);
              });
            }
          } finally {
            await caller.end();
          }
        }
      }),
  );
}
