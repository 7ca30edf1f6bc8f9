import { assertEquals } from "@std/assert";
import { root } from "../../scripts/deno.ts";
import { lockKey, parseHistoryTable } from "../../src/runner/history_table.ts";
import { CLI, RUN_FLAGS } from "../support/cli_process.ts";
import { query, withDatabase } from "../support/databases.ts";
import { IS_SLEEPING, until } from "../support/until.ts";
import { steady } from "./project.ts";

const TIMEOUT_MS = 60_000;

const MOD = new URL("mod.ts", root).href;

const ONE = { "001_one.sql": "CREATE TABLE one (id int);\n-- ROLLBACK\nDROP TABLE one;\n" };

/** How a process ended, and what it wrote. */
interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a test in a folder of its own that holds migrations of the default database. */
async function inFolder(files: Readonly<Record<string, string>>, body: (cwd: string) => Promise<void>): Promise<void> {
  const cwd = await Deno.makeTempDir({ prefix: "metapg_" });
  try {
    await Deno.mkdir(`${cwd}/migrations/default`, { recursive: true });
    for (const [name, text] of Object.entries(files)) {
      await Deno.writeTextFile(`${cwd}/migrations/default/${name}`, text);
    }
    await body(cwd);
  } finally {
    await Deno.remove(cwd, { recursive: true });
  }
}

function start(program: string, args: readonly string[], cwd: string): Deno.ChildProcess {
  return new Deno.Command(program, {
    args: [...args],
    cwd,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).spawn();
}

function startCli(cwd: string, ...args: readonly string[]): Deno.ChildProcess {
  return start(Deno.execPath(), ["run", ...RUN_FLAGS, CLI, ...args], cwd);
}

async function ended(child: Deno.ChildProcess): Promise<Ended> {
  const { code, stdout, stderr } = await child.output();
  const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { code, out: out!, err: err! };
}

Deno.test("cli.ts status --json prints one document and nothing else on stdout", async () => {
  await inFolder(ONE, async (cwd) => {
    const { code, out, err } = await ended(
      startCli(cwd, "status", "--json", "-u", "pglite:./x", "-d", "migrations/default"),
    );
    assertEquals([code, err], [0, ""]);
    const document = JSON.parse(out);
    assertEquals([document.format, document.command, document.databases[0].pending[0].name], [1, "status", "001_one"]);
    assertEquals([...Deno.readDirSync(cwd)].map(({ name }) => name), ["migrations"]);
  });
});

Deno.test("cli.ts exits with 3 and one line, without the password, where nothing listens", async () => {
  await inFolder(ONE, async (cwd) => {
    const { code, out, err } = await ended(startCli(cwd, "up", "-u", "postgres://someone:sekret@127.0.0.1:1/shop"));
    assertEquals({ code, out, err }, {
      code: 3,
      out: "",
      err: "Error: Cannot connect to 127.0.0.1:1/shop: connection refused\n",
    });
  });
});

for (const [signal, expected] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
  Deno.test(`cli.ts exits with ${expected} on ${signal}, and the server stops, forgets and unlocks`, async () => {
    // What speaks of PREPARE has a message of its own, also where a busy machine makes the server look far.
    const one = { "001_one.sql": `-- PREPARE\n${ONE["001_one.sql"]}` };
    const files = { ...one, "002_slow.sql": "CREATE TABLE slow (id int);\nSELECT pg_sleep(300);\n" };
    await inFolder(files, (cwd) =>
      withDatabase(async (url) => {
        const child = startCli(cwd, "up", "-u", url);
        await until(url, IS_SLEEPING);
        child.kill(signal);
        const { code, out, err } = await ended(child);
        assertEquals([code, out], [expected, ""]);
        assertEquals(
          steady(err),
          `✓ 001_one  T ms\nCancelling (${signal})\n✗ 002_slow  cancelled\nError: Cancelled\nApplied: 001_one\nNot applied: 002_slow (nothing of it was kept)\n`,
        );
        await until(url, `NOT ${IS_SLEEPING}`);
        const key = await lockKey(parseHistoryTable());
        const rows = await query(
          url,
          `SELECT to_regclass('one')::text AS one, to_regclass('slow')::text AS slow, pg_try_advisory_lock(${key})::int AS free`,
        );
        assertEquals(rows.map(({ one, slow, free }) => [one, slow, Number(free)]), [["one", null, 1]]);
      }, { major: 18 }));
  });
}

Deno.test("cli.ts does not mind a reader that is gone before it writes", async () => {
  const files = { "001_loud.sql": "DO $$ BEGIN RAISE NOTICE 'loud'; END $$;\n" };
  for (const [redirection, args] of [["", ["status"]], ["2>&1", ["up"]], ["2>&1", ["--help"]]] as const) {
    await inFolder(files, async (cwd) => {
      const script = `"$@" ${redirection} | head -0; echo "\${PIPESTATUS[0]}" >code`;
      const flags = args[0] === "--help" ? [] : ["-u", "pglite:./x"];
      const all = ["-c", script, "bash", Deno.execPath(), "run", ...RUN_FLAGS, CLI, ...args, ...flags];
      const { err } = await ended(start("bash", all, cwd));
      assertEquals([await Deno.readTextFile(`${cwd}/code`), /\bat\b.*\d:\d|EPIPE/.test(err)], ["0\n", false]);
    });
  }
});

Deno.test("cli.ts up in two processes at once on an empty database applies everything once", async () => {
  const files = Object.fromEntries(
    [1, 2, 3, 4, 5, 6].map((version) => [
      `00${version}_t.sql`,
      `CREATE TABLE t${version} (id int);\nINSERT INTO t${version} VALUES (1);\nSELECT pg_sleep(0.1);\n`,
    ]),
  );
  await inFolder(files, (cwd) =>
    withDatabase(async (url) => {
      const both = await Promise.all([1, 2].map(() => ended(startCli(cwd, "up", "-u", url))));
      assertEquals(both.map(({ code }) => code), [0, 0]);
      const counts = both.map(({ out }) => Number(/^Applied (\d+) migration/.exec(out)?.[1] ?? 0));
      assertEquals(counts.toSorted(), [0, 6]);
      const rows = await query(
        url,
        "SELECT (SELECT count(*)::int FROM metapg_migrations) AS rows, " +
          "(SELECT count(*)::int FROM metapg_migrations_log WHERE action = 'applied') AS log, " +
          "(SELECT count(*)::int FROM t6) AS t6",
      );
      assertEquals(rows.map(({ rows, log, t6 }) => [rows, log, t6].map(Number)), [[6, 6, 1]]);
    }, { major: 14 }));
});

Deno.test("a program that used a runner ends by itself", async () => {
  await inFolder(ONE, (cwd) =>
    withDatabase(async (url) => {
      for (const database of [url, "pglite:./data"]) {
        const program = `import { MigrationRunner } from "${MOD}";
const runner = new MigrationRunner({ database: ${JSON.stringify(database)} });
console.log((await runner.applyPending()).join(), (await runner.getStatus()).isUpToDate);
const end = performance.now();
globalThis.addEventListener("unload", () => console.log(performance.now() - end < 5000 ? "ended" : "hung"));`;
        await Deno.writeTextFile(`${cwd}/program.ts`, program);
        const { code, out, err } = await ended(
          start(Deno.execPath(), ["run", ...RUN_FLAGS, `${cwd}/program.ts`], cwd),
        );
        assertEquals({ code, out, err }, { code: 0, out: "001_one true\nended\n", err: "" });
      }
    }));
});
