import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import postgres from "postgres";
import { MigrationRunner } from "../../mod.ts";
import { lockKey, parseHistoryTable } from "../../src/runner/history_table.ts";
import { spawnCli } from "../support/cli_process.ts";
import { query, withDatabase } from "../support/databases.ts";
import type { MemoryHost } from "../support/memory_host.ts";
import { IS_UNLOCKED, isRunning, until } from "../support/until.ts";
import { project } from "./project.ts";

type StopSignal = "SIGINT" | "SIGTERM";

/** How a process ended. */
interface Ended {
  readonly code: number;
  readonly signal: string | null;
  readonly err: string;
}

/** Something that a process is stopped in. */
interface Scene {
  readonly name: string;
  readonly signal: StopSignal;
  readonly files: Readonly<Record<string, string>>;
  /** Statements of a session that is in the way meanwhile. */
  readonly blocker?: string;
  /** Applied before. */
  readonly isApplied?: boolean;
  readonly args?: readonly string[];
  /** When to send the signal. */
  readonly when: string;
  /** Files that the next `up` needs otherwise. */
  readonly then?: Readonly<Record<string, string>>;
  /** What that applies. */
  readonly rest: readonly string[];
}

const KEY = await lockKey(parseHistoryTable());

const SCENES: readonly Scene[] = [
  {
    name: "within CREATE INDEX CONCURRENTLY",
    signal: "SIGINT",
    files: { "002_index.sql": "-- Transaction: none\nCREATE INDEX CONCURRENTLY i ON t (id);\n" },
    blocker: "BEGIN; INSERT INTO t VALUES (1)",
    when: isRunning("CREATE INDEX"),
    rest: ["002_index"],
  },
  {
    name: "within VACUUM",
    signal: "SIGTERM",
    files: { "002_vacuum.sql": "-- Transaction: none\nVACUUM t;\n" },
    blocker: "BEGIN; LOCK TABLE t",
    when: isRunning("VACUUM"),
    rest: ["002_vacuum"],
  },
  {
    name: "while it waits for the lock of another run",
    signal: "SIGTERM",
    files: { "002_a.sql": "CREATE TABLE a (id int);\n" },
    blocker: `SELECT pg_advisory_lock(${KEY})`,
    when:
      "EXISTS (SELECT FROM pg_stat_activity WHERE application_name = 'metapg-migration' AND datname = current_database())",
    rest: ["002_a"],
  },
  {
    name: "between two tries",
    signal: "SIGINT",
    files: {
      "002_try.sql": "DO $$ BEGIN PERFORM nextval('tries'); RAISE 'not yet' USING ERRCODE = '40001'; END $$;\n",
    },
    when: "(SELECT last_value >= 3 FROM tries)",
    then: { "002_try.sql": "CREATE TABLE a (id int);\n" },
    rest: ["002_try"],
  },
  {
    name: "within a rollback",
    signal: "SIGINT",
    files: { "002_a.sql": "CREATE TABLE a (id int);\n-- ROLLBACK\nDROP TABLE a;\nSELECT pg_sleep(60);\n" },
    isApplied: true,
    args: ["down"],
    when: isRunning("pg_sleep(60)"),
    rest: [],
  },
];

async function inFolder(files: Readonly<Record<string, string>>, body: (cwd: string) => Promise<void>): Promise<void> {
  const cwd = await Deno.makeTempDir({ prefix: "metapg_" });
  try {
    await write(cwd, files);
    await body(cwd);
  } finally {
    await Deno.remove(cwd, { recursive: true });
  }
}

async function write(cwd: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    const whole = path.includes("/") ? `${cwd}/${path}` : `${cwd}/migrations/default/${path}`;
    await Deno.mkdir(whole.slice(0, whole.lastIndexOf("/")), { recursive: true });
    await Deno.writeTextFile(whole, text);
  }
}

async function ended(child: Deno.ChildProcess): Promise<Ended> {
  const { code, signal, stderr } = await child.output();
  return { code, signal, err: new TextDecoder().decode(stderr) };
}

function exitCode(signal: StopSignal): number {
  return signal === "SIGINT" ? 130 : 143;
}

function upByLibrary(url: string, cwd: string): Promise<string[]> {
  return new MigrationRunner({ database: url, migrationsDir: `${cwd}/migrations/default` }).applyPending();
}

SCENES.forEach((scene, index) => {
  const major = index % 2 === 0 ? 18 : 14;
  Deno.test(`cli.ts stops ${scene.name} on ${scene.signal}, and the next up finishes, on PostgreSQL ${major}`, () =>
    inFolder({ "001_t.sql": "SELECT 1;\n", ...scene.files }, (cwd) =>
      withDatabase(async (url) => {
        await query(url, "CREATE TABLE t (id int); CREATE SEQUENCE tries");
        if (scene.isApplied === true) await upByLibrary(url, cwd);
        const blocker = postgres(url, { max: 1, onnotice: () => {} });
        try {
          if (scene.blocker !== undefined) await blocker.unsafe(scene.blocker).simple();
          const child = spawnCli([...scene.args ?? ["up"], "-u", url], { cwd });
          await until(url, scene.when);
          const since = performance.now();
          child.kill(scene.signal);
          const { code, err } = await ended(child);
          assertEquals(code, exitCode(scene.signal), err);
          assertMatch(err, new RegExp(`^Cancelling \\(${scene.signal}\\)$`, "m"));
          assertEquals(performance.now() - since < 4000, true, "It took too long");
        } finally {
          await blocker.end({ timeout: 1 });
        }
        await until(url, IS_UNLOCKED);
        await until(
          url,
          "NOT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend')",
        );
        await write(cwd, scene.then ?? {});
        const rest = await upByLibrary(url, cwd);
        assertEquals(rest.filter((name) => name !== "001_t"), scene.rest);
        const [row] = await query(
          url,
          "SELECT count(*)::int AS n FROM metapg_migrations WHERE applied_at IS NOT NULL AND partial IS NULL",
        );
        assertEquals(row, { n: 2 });
      }, { major })));
});

Deno.test("cli.ts stops several databases on SIGTERM, twice, and the next up finishes all of them", () =>
  withDatabase((a) =>
    withDatabase((b) => {
      const files = {
        "migrations/a/001_slow.sql": "CREATE TABLE slow (id int);\nSELECT pg_sleep(60);\n",
        "migrations/b/001_slow.sql": "CREATE TABLE slow (id int);\nSELECT pg_sleep(60);\n",
        "env": `DATABASE_URL_A=${a}\nDATABASE_URL_B=${b}\n`,
      };
      return inFolder(files, async (cwd) => {
        await Deno.rename(`${cwd}/migrations/default/env`, `${cwd}/env`);
        const args = ["up", "--db", "a", "--db", "b", "--env-file", "env", "--json"];
        const child = spawnCli(args, { cwd });
        await Promise.all([a, b].map((url) => until(url, isRunning("pg_sleep(60)"))));
        child.kill("SIGTERM");
        child.kill("SIGTERM");
        const { code, stdout } = await child.output();
        const { databases } = JSON.parse(new TextDecoder().decode(stdout));
        assertEquals([code, databases.map((one: { error: { code: string } }) => one.error.code)], [
          143,
          ["ABORTED", "ABORTED"],
        ]);
        for (const [db, url] of [["a", a], ["b", b]] as const) {
          await until(url, IS_UNLOCKED);
          assertEquals(await query(url, "SELECT to_regclass('slow')::text AS slow"), [{ slow: null }]);
          await write(cwd, { [`migrations/${db}/001_slow.sql`]: "CREATE TABLE slow (id int);\n" });
        }
        assertEquals((await spawnCli(args, { cwd }).output()).code, 0);
      });
    })
  ));

Deno.test("cli.ts stops while it connects on SIGINT", () =>
  inFolder({ "001_a.sql": "SELECT 1;\n" }, async (cwd) => {
    const silent = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = silent.addr as Deno.NetAddr;
    const child = spawnCli(["up", "-u", `postgres://me@127.0.0.1:${port}/app`], { cwd });
    const socket = await silent.accept();
    child.kill("SIGINT");
    const { code, err } = await ended(child);
    assertEquals([code, err], [130, "Cancelling (SIGINT)\nError: Cancelled\n"]);
    socket.close();
    silent.close();
  }));

/** Sends a signal once the second migration runs, and says what the process died of. */
async function killInSecond(child: Deno.ChildProcess, signal: StopSignal): Promise<string | null> {
  let told = "";
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    told += text;
    if (/"migration:start".*"name":"002_long"/.test(told)) break;
  }
  child.kill(signal);
  await child.stderr.cancel();
  return (await child.status).signal;
}

Deno.test("cli.ts dies of SIGINT with PGlite, and the next up takes its folder over", () => {
  const files = {
    "001_one.sql": "CREATE TABLE one (id int);\n",
    "002_long.sql": "CREATE TABLE long AS SELECT count(*) FROM generate_series(1, 1000000000);\n",
  };
  return inFolder(files, async (cwd) => {
    const start = (output: string) => spawnCli(["up", output, "-u", "pglite:./data"], { cwd });
    assertEquals(await killInSecond(start("--ndjson"), "SIGINT"), "SIGINT");
    await write(cwd, { "002_long.sql": "CREATE TABLE long (id int);\n" });
    const { code, stdout } = await start("--json").output();
    const { databases } = JSON.parse(new TextDecoder().decode(stdout));
    assertEquals([code, databases[0].done.map((done: { name: string }) => done.name)], [0, ["002_long"]]);
  });
});

Deno.test("main() leaves signals their default action where one of its databases is PGlite", async () => {
  const heard: string[] = [];
  const onSignal = (signal: string) => (heard.push(signal), () => {});
  const { runWith } = await project();
  const onHost = (host: MemoryHost) => void Object.assign(host, { onSignal });
  assertEquals((await runWith({ onHost }, "status", "-u", "pglite:./nowhere")).code, 0);
  assertEquals(heard, []);
  await runWith({ onHost }, "status");
  assertEquals(heard, ["SIGINT", "SIGTERM"]);
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test(`main() ends an open question on ${signal}, with nothing done`, async () => {
    const { run, runWith, json } = await project();
    await run("up", "2");
    let host: MemoryHost | undefined;
    let asked = () => {};
    const question = new Promise<void>((resolve) => asked = resolve);
    const stdin = { isTerminal: true, ask: () => (asked(), new Promise<string>(() => {})) };
    const call = runWith(
      {
        terminal: true,
        env: { TERM: "dumb" },
        onHost: (made) => host = Object.assign(made, { stdin }),
      },
      "down",
      "2",
    );
    await question;
    assertEquals(host!.signal(signal), true);
    const { code, err } = await call;
    assertEquals(code, exitCode(signal));
    assertStringIncludes(err, `Cancelling (${signal})\nError: Nothing done: cancelled before the answer\n`);
    assertEquals((await json("status")).databases[0].applied.length, 2);
  });
}
