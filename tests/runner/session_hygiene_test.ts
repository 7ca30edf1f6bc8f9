import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { MigrationError } from "../../src/core/error.ts";
import { openDatabase } from "../../src/database/open.ts";
import type { MigrationRunner } from "../../src/runner/runner.ts";
import { databasePlatform } from "../../src/runtime/platform.ts";
import { HOSTILE, type Hostile, STATE_SQL } from "./hostile_statements.ts";
import { onEveryEngine, onServers, type Project } from "./project.ts";

type Mode = "single" | "none";

/** Puts a role without rights into a test. */
async function withRole(project: Project, body: (role: string) => Promise<void>): Promise<void> {
  const role = `metapg_low_${crypto.randomUUID().slice(0, 8)}`;
  await project.query(`CREATE ROLE ${role}`);
  try {
    await body(role);
  } finally {
    await project.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
  }
}

/** A runner over sessions of its own where the engine has them, over the caller's otherwise. */
function ownRunner(project: Project): MigrationRunner {
  return project.url === ""
    ? project.runner()
    : project.runner({ database: openDatabase(project.url, { platform: databasePlatform() }) });
}

function chosen(project: Project, mode: Mode): readonly Hostile[] {
  return HOSTILE.filter((hostile) =>
    (hostile.on === undefined || project.url !== "") && (hostile.in === undefined || mode === "none")
  );
}

/** Each hostile file is followed by one that writes down what it finds; the last line of each file is for the history. */
function writeFiles({ files }: Project, hostile: readonly Hostile[], mode: Mode, role: string): void {
  files["000_state.sql"] = STATE_SQL;
  const write = (version: number, name: string, up: string, down: string) =>
    files[`${String(version).padStart(3, "0")}_${name}.sql`] = `${up}\n-- ROLLBACK\n${down}\n-- é 🎉 C:\\new "x" 'y'\n`;
  const look = (index: number) => `CREATE TABLE public.found${index} AS SELECT public.state() AS state;`;
  write(1, "look", look(0), "DROP TABLE public.found0;");
  hostile.forEach(({ sql: template }, index) => {
    const sql = template.replaceAll("ROLE_NAME", role);
    const header = `-- Description: é 🎉 ${index}\n${mode === "none" ? "-- Transaction: none\n" : ""}`;
    write(2 * index + 2, "set", `${header}${sql}`, sql);
    write(2 * index + 3, "look", look(index + 1), `DROP TABLE public.found${index + 1};`);
  });
}

async function assertHistory(project: Project): Promise<void> {
  const rows = await project.query("SELECT name, source, description, applied_by FROM metapg_migrations ORDER BY seq");
  assertEquals(
    rows.map((row) => [row.name, row.source]),
    Object.entries(project.files).map(([path, text]) => [
      path.replace(/\.sql$/, ""),
      text,
    ]),
  );
  const [{ user }] = await project.query("SELECT current_user::text AS user") as [{ readonly user: string }];
  assertEquals(new Set(rows.map((row) => row.applied_by)), new Set([user]));
  assertEquals(rows.filter((row) => /^é 🎉 \d+$/.test(String(row.description))).length, (rows.length - 2) / 2);
}

/** What two states do not have in common. */
function differences(a: string, b: string): string[] {
  const lines = (state: string) => JSON.stringify(JSON.parse(state), null, 1).split("\n");
  return [...new Set(lines(a)).symmetricDifference(new Set(lines(b)))];
}

for (const mode of ["single", "none"] as const) {
  onEveryEngine(
    `what a migration does to its session is undone after it, ${mode === "none" ? "in units" : "in a transaction"}`,
    (project) =>
      withRole(project, async (role) => {
        const hostile = chosen(project, mode);
        writeFiles(project, hostile, mode, role);
        const runner = ownRunner(project);
        assertEquals((await runner.applyPending()).length, hostile.length * 2 + 2);
        await assertHistory(project);
        const [first] = await project.query("SELECT state::text AS state FROM public.found0");
        for (const [index, { sql }] of hostile.entries()) {
          const [found] = await project.query(`SELECT state::text AS state FROM public.found${index + 1}`);
          assertEquals(differences(String(first?.state), String(found?.state)), [], `after ${sql}`);
        }
        delete project.files["000_state.sql"];
        assertEquals(
          (await runner.run({ type: "down", count: hostile.length * 2 + 1 })).done.length,
          hostile.length * 2 + 1,
        );
        const [log] = await project.query(
          "SELECT count(*)::int AS n FROM metapg_migrations_log WHERE action = 'rolled_back'",
        );
        assertEquals(log?.n, hostile.length * 2 + 1);
      }),
  );
}

onServers("a retry finds nothing of what the try before it prepared", async (project) => {
  await project.query("CREATE SEQUENCE tries; CREATE TABLE done (id int)");
  project.files["001_p.sql"] = `PREPARE p AS INSERT INTO done VALUES (1);
DO $$ BEGIN IF nextval('tries') < 3 THEN RAISE 'not yet' USING ERRCODE = '40001'; END IF; END $$;
EXECUTE p;`;
  assertEquals(await ownRunner(project).applyPending(), ["001_p"]);
  assertEquals(await project.query("SELECT count(*)::int AS n FROM done"), [{ n: 1 }]);
});

/** Makes every write to the history slow. */
const SLOW_HISTORY = `CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN PERFORM pg_sleep(0.2); RETURN coalesce(NEW, OLD); END $$;
CREATE TRIGGER slow BEFORE INSERT OR UPDATE OR DELETE ON metapg_migrations FOR EACH ROW EXECUTE FUNCTION slow()`;

for (const header of ["", "-- Transaction: none\n"]) {
  const what = header === "" ? "in a transaction" : "in units";
  onServers(`a time-out that a migration sets does not reach the history, ${what}`, async (project) => {
    project.files["001_a.sql"] = "SELECT 1;";
    const runner = ownRunner(project);
    await runner.applyPending();
    await project.query(SLOW_HISTORY);
    project.files["002_b.sql"] = `${header}SET statement_timeout = '100ms';\nDO $$ BEGIN END $$;\nSELECT 2;\n`;
    assertEquals(await runner.applyPending(), ["002_b"]);
  });
}

onServers("a transaction that a migration makes read-only fails as a whole", async (project) => {
  project.files["001_a.sql"] = "CREATE TABLE a (id int);\nSET LOCAL transaction_read_only = on;\n";
  const error = await assertRejects(() => ownRunner(project).applyPending(), MigrationError) as MigrationError;
  assertEquals(error.code, "SQL_FAILED");
  assertMatch(error.message, /read-only transaction, when its history was written/);
  assertEquals(await project.query("SELECT to_regclass('a') AS a"), [{ a: null }]);
  project.files["001_a.sql"] = "CREATE TABLE a (id int);\n";
  assertEquals(await ownRunner(project).applyPending(), ["001_a"]);
});

onServers("strings are standard whatever the role and the database are set to", async (project) => {
  await project.query(`DO $$ BEGIN
    EXECUTE format('ALTER DATABASE %I SET standard_conforming_strings = off', current_database());
    EXECUTE format('ALTER DATABASE %I SET backslash_quote = off', current_database());
    EXECUTE format('ALTER DATABASE %I SET client_encoding = ''LATIN1''', current_database());
  END $$`);
  const text = String.raw`CREATE TABLE a AS SELECT 'C:\new\'::text AS path, 'é' AS letter;`;
  for (const [index, runner] of [ownRunner(project), project.runner()].entries()) {
    project.files[`00${2 * index + 1}_single.sql`] = text.replace(" a ", ` single${index} `);
    project.files[`00${2 * index + 2}_units.sql`] = `-- Transaction: none\nSELECT set_config('standard_' || ` +
      `'conforming_strings', 'off', false), set_config('client_encoding', 'LATIN1', false);\n` +
      text.replace(" a ", ` units${index} `);
    await runner.applyPending();
    for (const table of [`single${index}`, `units${index}`]) {
      assertEquals(await project.query(`SELECT path, letter FROM ${table}`), [{ path: "C:\\new\\", letter: "é" }]);
    }
  }
  const rows = await project.query("SELECT source FROM metapg_migrations ORDER BY seq");
  assertEquals(rows.map((row) => row.source), Object.values(project.files));
});

onServers("advisory locks that a migration took are free after the run", async (project) => {
  project.files["001_a.sql"] = "SELECT pg_advisory_lock(11);";
  await ownRunner(project).applyPending();
  for (let tries = 0;; tries++) {
    const [row] = await project.query(
      "SELECT count(*)::int AS n FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
    );
    if (row?.n === 0) break;
    if (tries > 100) throw new Error("The lock is held");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
});
