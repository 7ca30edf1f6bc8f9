import { assertEquals, assertStringIncludes } from "@std/assert";
import { fileURLToPath } from "node:url";
import { root } from "../../scripts/deno.ts";
import { VERSION } from "../../src/cli/product.ts";
import type { Rehearsed } from "../../src/rehearsal/rehearsal.ts";
import { steady } from "./project.ts";
import { withDatabase } from "../support/databases.ts";
import { IS_SLEEPING, until } from "../support/until.ts";

const BINARY = fileURLToPath(new URL("dist/metapg-migration", root));

async function build(): Promise<void> {
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-lock", "scripts/build_binary.ts"],
    cwd: root,
    signal: AbortSignal.timeout(120_000),
  }).output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
}

function start(cwd: string, args: readonly string[], env: Readonly<Record<string, string>>): Deno.ChildProcess {
  return new Deno.Command(BINARY, {
    args: [...args],
    cwd,
    env,
    clearEnv: true,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    signal: AbortSignal.timeout(60_000),
  }).spawn();
}

/** Exit code, standard output and standard error. */
async function ended(child: Deno.ChildProcess): Promise<readonly [number, string, string]> {
  const { code, stdout, stderr } = await child.output();
  const [out, err] = [stdout, stderr].map((bytes) => steady(new TextDecoder().decode(bytes)));
  return [code, out!, err!];
}

/** Runs the sample project and then what fails and what is cancelled. */
async function tryOnServer(cwd: string, url: string): Promise<void> {
  const run = (...args: string[]) => ended(start(cwd, args, { DATABASE_URL: url }));
  const added = (name: string, sql: string) => Deno.writeTextFile(`${cwd}/migrations/default/${name}.sql`, sql);
  const [code, applied] = await run("up");
  assertEquals([code, applied], [0, "Applied 12 migrations in  T ms\n"]);
  assertStringIncludes((await run("status"))[1], "default: 12 applied, 0 pending\n");
  assertEquals((await run("down"))[1], "Rolled back 1 migration in  T ms\n");
  await added("013_typo", "SELECT 1;\nSELEKT 2;\n");
  const [failed, , said] = await run("up");
  assertEquals(failed, 4);
  assertStringIncludes(said, 'Error: "013_typo" failed: syntax error at or near "SELEKT"');
  await added("013_typo", "SELECT pg_sleep(300);\n");
  const child = start(cwd, ["up"], { DATABASE_URL: url });
  await until(url, IS_SLEEPING);
  child.kill("SIGINT");
  assertEquals((await ended(child))[0], 130);
  await until(url, `NOT ${IS_SLEEPING}`);
}

Deno.test("build_binary.ts makes a program that needs neither a runtime nor a package", async (t) => {
  await build();
  const cwd = await Deno.makeTempDir({ prefix: "metapg_" });
  try {
    await Deno.mkdir(`${cwd}/migrations/default`, { recursive: true });
    for (const { name } of Deno.readDirSync(new URL("migrations/default/", root))) {
      await Deno.copyFile(new URL(`migrations/default/${name}`, root), `${cwd}/migrations/default/${name}`);
    }
    await t.step("it knows its version", async () => {
      assertEquals(await ended(start(cwd, ["--version"], {})), [0, `${VERSION}\n`, ""]);
    });
    await t.step("it does not take a database from a file that nobody named", async () => {
      await Deno.writeTextFile(`${cwd}/.env`, "DATABASE_URL=pglite:\n");
      const [code, , said] = await ended(start(cwd, ["status"], {}));
      assertEquals(code, 2);
      assertStringIncludes(said, "DATABASE_URL is not set");
    });
    await t.step("it has PGlite in it", async () => {
      const env = { DATABASE_URL: "pglite:./data" };
      assertEquals((await ended(start(cwd, ["up"], env)))[1], "Applied 12 migrations in  T ms\n");
      assertStringIncludes((await ended(start(cwd, ["status"], env)))[1], "default: 12 applied, 0 pending\n");
    });
    await t.step("it has PostgreSQL's grammar in it", async () => {
      assertEquals(await ended(start(cwd, ["lint"], {})), [
        0,
        "migrations/default: 12 files: no problems (1 ignored)\n",
        "",
      ]);
    });
    await t.step("it has PGlite's extensions in it, and names no package that it could not load", async () => {
      const names = [
        "citext",
        "hstore",
        "pg_trgm",
        "pgcrypto",
        "uuid-ossp",
        "moddatetime",
        "pg_stat_statements",
        "vector",
      ];
      await Deno.mkdir(`${cwd}/extensions`);
      for (const [index, name] of names.entries()) {
        await Deno.writeTextFile(`${cwd}/extensions/00${index + 1}_x.sql`, `CREATE EXTENSION "${name}";\n`);
      }
      const [code, out] = await ended(start(cwd, ["rehearse", "-d", "extensions", "--json"], {}));
      const [{ migrations }] = JSON.parse(out).databases;
      const told = migrations.map(({ verdict, obstacle }: Rehearsed) => obstacle === null ? verdict : obstacle.hint);
      assertEquals([code, told], [1, [
        ...names.slice(1).map(() => "irreversible"),
        "Rehearse on a server that has it with --shadow-url (library: shadowUrl)",
      ]]);
    });
    await t.step("it migrates a server", () => withDatabase((url) => tryOnServer(cwd, url)));
  } finally {
    await Deno.remove(cwd, { recursive: true });
  }
});
