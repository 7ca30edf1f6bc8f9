import { assert, assertEquals, assertRejects } from "@std/assert";
import type { Database } from "../../src/core/database.ts";
import { MigrationError } from "../../src/core/error.ts";
import type { MigrationEvent } from "../../src/core/event.ts";
import type { SqlError } from "../../src/core/sql_error.ts";
import type { RunnerOptions } from "../../src/runner/runner.ts";
import { atOnce } from "../support/at_once.ts";
import { onServers, type Project } from "./project.ts";

const COUNT = 120;
const ODD = 41;

const name = (number: number) => `${String(number).padStart(3, "0")}_t`;
const names = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => name(from + index));

/** Writes many quick migrations, one of which is another. */
function write(project: Project, odd: string): void {
  for (let number = 1; number <= COUNT; number++) {
    project.files[`${name(number)}.sql`] = number === ODD ? odd : `CREATE TABLE t${number} (id int);`;
  }
}

/** A database that counts how many messages are on their way at most. */
function counting(database: Database): Database & { readonly most: number } {
  let current = 0;
  let most = 0;
  return {
    engine: database.engine,
    capabilities: database.capabilities,
    close: () => database.close(),
    get most() {
      return most;
    },
    async connect(options) {
      const connection = await database.connect(options);
      return {
        pid: connection.pid,
        pipeline: connection.pipeline ?? false,
        cancel: () => connection.cancel(),
        close: () => connection.close(),
        async query(sql, onCompleted) {
          most = Math.max(most, ++current);
          try {
            return await connection.query(sql, onCompleted);
          } finally {
            current--;
          }
        },
      };
    },
  };
}

async function applied(project: Project): Promise<unknown[]> {
  const rows = await project.query("SELECT name FROM metapg_migrations WHERE applied_at IS NOT NULL ORDER BY seq");
  return rows.map((row) => row.name);
}

/** Applies all and sees that what came before the odd one is applied, and nothing else. */
async function failAt(project: Project, options: Partial<RunnerOptions> = {}): Promise<MigrationError> {
  const database = counting(project.database);
  const error = await assertRejects(
    () => atOnce(() => project.runner({ database, ...options } as Partial<RunnerOptions>).applyPending()),
    MigrationError,
  ) as MigrationError;
  assert(database.most > 1, "Nothing was sent ahead");
  assertEquals(error.applied, names(1, ODD - 1));
  assertEquals(await applied(project), names(1, ODD - 1));
  const [row] = await project.query(`SELECT to_regclass('t${ODD + 1}')::text AS next`);
  assertEquals(row?.next, null);
  return error;
}

onServers("many quick migrations are sent ahead, and told one by one", async (project) => {
  write(project, "CREATE TABLE odd ();");
  const database = counting(project.database);
  assertEquals(await atOnce(() => project.runner({ database }).applyPending()), names(1, COUNT));
  assert(database.most > 3 && database.most <= 8, `${database.most} at once`);
  const told = project.events.flatMap((event) =>
    event.type === "migration:start" || event.type === "migration:done" ? [`${event.type} ${event.name}`] : []
  );
  assertEquals(told, names(1, COUNT).flatMap((one) => [`migration:start ${one}`, `migration:done ${one}`]));
  assertEquals(
    await project.query(
      "SELECT array_agg(seq ORDER BY version) = array(SELECT generate_series(1, 120)::bigint) AS in_order, count(DISTINCT xmin::text)::int AS transactions FROM metapg_migrations",
    ),
    [{ in_order: true, transactions: COUNT }],
  );
});

onServers("no more than two are sent ahead where each takes the server some time", async (project) => {
  const database = counting(project.database);
  for (let number = 1; number <= 30; number++) project.files[`${name(number)}.sql`] = "SELECT pg_sleep(0.003);";
  assertEquals(await atOnce(() => project.runner({ database }).applyPending()), names(1, 30));
  assertEquals(database.most, 3);
});

onServers("a failure leaves what was sent behind it undone", async (project) => {
  write(project, "CREATE TABLE odd ();\n\nSELECT 1 / 0;");
  const error = await failAt(project) as SqlError;
  assertEquals([error.code, error.migration, error.line, error.column], ["SQL_FAILED", name(ODD), 3, 1]);
  write(project, "CREATE TABLE odd ();");
  assertEquals(await project.runner().applyPending(), names(ODD, COUNT));
});

onServers("a message that does not parse leaves what was sent behind it undone", async (project) => {
  write(project, "CREATE TABLE odd ();\nCREATE TABEL odd2 ();");
  const error = await failAt(project) as SqlError;
  assertEquals([error.migration, error.sqlstate, error.line, error.column], [name(ODD), "42601", 2, 8]);
});

onServers("a failure at COMMIT leaves what was sent behind it undone", async (project) => {
  write(
    project,
    "CREATE TABLE a (id int PRIMARY KEY);\nCREATE TABLE b (a int REFERENCES a DEFERRABLE INITIALLY DEFERRED);\nINSERT INTO b VALUES (1);",
  );
  const error = await failAt(project) as SqlError;
  assertEquals([error.migration, error.at, error.sqlstate], [name(ODD), "commit", "23503"]);
});

onServers("a session that the server ends leaves nobody in doubt of what is durable", async (project) => {
  write(project, "SELECT pg_terminate_backend(pg_backend_pid());");
  const error = await assertRejects(
    () => atOnce(() => project.runner().applyPending()),
    MigrationError,
  ) as MigrationError;
  const done = await applied(project);
  assertEquals([error.code, done], ["OUTCOME_UNKNOWN", names(1, ODD - 1)]);
  // Nobody could be asked any more, and commits that may not be on disk are not told to be done.
  assertEquals(error.applied, done.slice(0, error.applied!.length));
  assert(error.applied!.length < done.length, "All commits were waited for");
  assert(error.message.includes(`"${name(ODD)}"`), error.message);
  const sent = error.applied!.length + error.unknown.length;
  assertEquals([...error.applied, ...error.unknown], names(1, sent));
  assert(sent >= ODD && sent <= ODD + 7, `${sent} were sent`);
});

onServers("a lock time-out among quick migrations is tried again", async (project) => {
  await project.query("CREATE TABLE busy (id int)");
  write(project, "ALTER TABLE busy ADD COLUMN b int;");
  const { default: postgres } = await import("postgres");
  const blocker = postgres(project.url, { max: 1, onnotice: () => {} });
  try {
    await blocker.unsafe("BEGIN; SELECT * FROM busy").simple();
    const done = await project.runner({
      lockTimeoutMs: 200,
      onEvent: (event) => {
        project.events.push(event);
        if (event.type === "migration:retry") void blocker.unsafe("COMMIT").execute();
      },
    }).applyPending();
    assertEquals(done, names(1, COUNT));
  } finally {
    await blocker.end({ timeout: 1 });
  }
  const retries = project.events.filter((event) => event.type === "migration:retry");
  assertEquals(retries.map((event) => [event.name, event.attempt]), [[name(ODD), 1]]);
});

onServers("what the server says while it runs what was sent ahead is said of the right migration", async (project) => {
  for (let number = 1; number <= COUNT; number++) {
    project.files[`${name(number)}.sql`] = `DROP TABLE IF EXISTS absent_${number};`;
  }
  const { MigrationRunner } = await import("../../mod.ts");
  const reader = {
    list: () => Promise.resolve(Object.keys(project.files)),
    read: (path: string) => Promise.resolve(project.files[path.split("/").at(-1)!]!),
  };
  const onEvent = (event: MigrationEvent) => void project.events.push(event);
  await new MigrationRunner({ dbName: "main", database: project.url, reader, onEvent }).applyPending();
  const told = project.events.flatMap((event) => event.type === "notice" ? [[event.name, event.message]] : []);
  assertEquals(
    told,
    names(1, COUNT).map((one, index) => [one, `table "absent_${index + 1}" does not exist, skipping`]),
  );
});

onServers("an abort tells of everything that was done, also of what was sent ahead", async (project) => {
  write(project, "CREATE TABLE odd ();");
  const abort = new AbortController();
  const runner = project.runner({
    onEvent: (event) => {
      if (event.type === "migration:done" && event.name === name(ODD)) abort.abort();
    },
  });
  const error = await assertRejects(
    () => atOnce(() => runner.applyPending({ signal: abort.signal })),
    MigrationError,
  ) as MigrationError;
  assertEquals(error.code, "ABORTED");
  assertEquals(await applied(project), error.applied);
  assert(error.applied!.length >= ODD && error.applied!.length <= ODD + 7, String(error.applied!.length));
});
