import { assertEquals, assertStringIncludes } from "@std/assert";
import { root } from "../../scripts/deno.ts";
import { CLI, RESOLVE_FLAGS } from "../support/cli_process.ts";
import { withDatabase } from "../support/databases.ts";
import { steady } from "./project.ts";

const SPECIFIER = "jsr:@metapg/migration/cli";

const FILES = {
  "001_one.sql": "CREATE TABLE one (id int);\n-- ROLLBACK\nDROP TABLE one;\n",
  "002_two.sql": "-- Transaction: none\nCREATE INDEX CONCURRENTLY two ON one (id);\n-- ROLLBACK\nDROP INDEX two;\n",
};

/** The flags that the README gives for a run, the one that begins with these words. */
async function documented(start: string): Promise<readonly string[]> {
  const readme = await Deno.readTextFile(new URL("README.md", root));
  const line = readme.split("\n").find((one) => one.startsWith(start) && one.includes(SPECIFIER));
  return line!.slice("deno run ".length, line!.indexOf(SPECIFIER)).trim().split(" ");
}

/** What a run of the program in a folder with migrations came to. */
interface Run {
  (...args: readonly string[]): Promise<readonly [code: number, out: string, err: string]>;
}

/** Runs a test with a program that may do no more than some flags permit. */
async function withPermissions(
  flags: readonly string[],
  variables: Readonly<Record<string, string>>,
  body: (run: Run, cwd: string) => Promise<void>,
): Promise<void> {
  const cwd = await Deno.makeTempDir({ prefix: "metapg_" });
  const run: Run = async (...args) => {
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", ...RESOLVE_FLAGS, ...flags, CLI, ...args],
      cwd,
      env: { PGHOST: "nowhere.invalid", NO_COLOR: "", ...variables },
      stdin: "null",
      signal: AbortSignal.timeout(60_000),
    }).output();
    const [out, err] = [stdout, stderr].map((bytes) => steady(new TextDecoder().decode(bytes)));
    return [code, out!, err!];
  };
  try {
    await Deno.mkdir(`${cwd}/migrations/default`, { recursive: true });
    for (const [name, text] of Object.entries(FILES)) {
      await Deno.writeTextFile(`${cwd}/migrations/default/${name}`, text);
    }
    await body(run, cwd);
  } finally {
    await Deno.remove(cwd, { recursive: true });
  }
}

Deno.test("cli.ts needs no more than the README says for a server", () =>
  withDatabase(async (url, { host, port }) => {
    const flags = (await documented("deno run --no-prompt --allow-net")).map((flag) =>
      flag.replace("localhost:5432", `${host}:${port}`)
    );
    await withPermissions(flags, { DATABASE_URL: url }, async (run) => {
      assertEquals(await run("up"), [0, "Applied 2 migrations in  T ms\n", "✓ 001_one  T ms\n✓ 002_two  T ms\n"]);
      assertStringIncludes((await run("status"))[1], "default: 2 applied, 0 pending\n");
      assertEquals(await run("plan"), [0, "-- default: nothing to do\n", ""]);
      assertEquals((await run("down"))[1], "Rolled back 1 migration in  T ms\n");
      assertEquals(await run("lock", "status"), [0, "The lock is free\n", ""]);
      assertEquals(await run("up", "--table", "ops.history", "--dry-run").then(([code]) => code), 0);
      assertEquals(await run("status", "-u", url.replace(/[^/]*$/, "nowhere")), [
        3,
        "",
        `Error: Cannot connect to ${host}:${port}/nowhere: database "nowhere" does not exist. ` +
        "Create the database first, or correct its name in the URL\n",
      ]);
      assertEquals(await run("new", "add three"), [
        2,
        "",
        'Error: Cannot create "migrations/default": Requires write access to "migrations/default", ' +
        "run again with the --allow-write flag\n",
      ]);
    });
    await withPermissions([...flags, "--allow-write=migrations"], { DATABASE_URL: url }, async (run) => {
      assertEquals(await run("new", "add three").then(([code, out]) => [code, out]), [
        0,
        "migrations/default/003_add_three.sql\n",
      ]);
    });
  }));

Deno.test("cli.ts says which permission is missing", () =>
  withPermissions(["--no-prompt"], { DATABASE_URL: "postgres://me@127.0.0.1:1/x" }, async (run) => {
    const cannotRead = await run("up");
    assertEquals(cannotRead[0], 2);
    assertStringIncludes(cannotRead[2], 'Requires read access to "migrations/default"');
    assertEquals(cannotRead[2].includes("Create the first migration"), false);
    assertEquals(await run("lock", "status"), [
      2,
      "",
      'Error: No URL for database "default": DATABASE_URL may not be read. ' +
      "Let Deno read it: deno run --allow-env=DATABASE_URL …\n",
    ]);
    assertEquals(await run("lock", "status", "-u", "postgres://me@127.0.0.1:1/x"), [
      3,
      "",
      'Error: Cannot connect to 127.0.0.1:1/x: Requires net access to "127.0.0.1:1", ' +
      "run again with the --allow-net flag\n",
    ]);
    assertEquals((await run("--version"))[0], 0);
  }));

Deno.test("cli.ts needs no more than the README says for PGlite", async () => {
  const info = await new Deno.Command(Deno.execPath(), { args: ["info", "--json"] }).output();
  const { denoDir } = JSON.parse(new TextDecoder().decode(info.stdout));
  const flags = (await documented("deno run --no-prompt --allow-read")).map((flag) =>
    flag.replace("$DENO_DIR", denoDir)
  );
  await withPermissions(flags, { DATABASE_URL: "pglite:./data" }, async (run, cwd) => {
    assertEquals((await run("up"))[1], "Applied 2 migrations in  T ms\n");
    assertStringIncludes((await run("status"))[1], "default: 2 applied, 0 pending\n");
    assertEquals((await run("down"))[1], "Rolled back 1 migration in  T ms\n");
    assertEquals([...Deno.readDirSync(cwd)].map(({ name }) => name).toSorted(), ["data", "migrations"]);
    await Deno.writeTextFile(`${cwd}/data.lock`, JSON.stringify({ pid: 2 ** 30, host: "", since: "then", token: "" }));
    assertEquals(await run("status", "--lock-wait", "0"), [
      6,
      "",
      `Error: Cannot open "${await Deno.realPath(cwd)}/data": process ${2 ** 30} has it since then. ` +
      `If that process is gone, remove "${await Deno.realPath(cwd)}/data.lock"\n`,
    ]);
  });
});
