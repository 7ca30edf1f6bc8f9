import { assertEquals, assertStringIncludes } from "@std/assert";
import type { ProgramEnd } from "../../src/runtime/program.ts";
import { project, SHOP } from "./project.ts";

const FOLDER = "migrations/default";

/** A project in use: two files that are there, and one that is new. */
const FILES: Readonly<Record<string, string>> = {
  [`${FOLDER}/001_users.sql`]: "CREATE TABLE users (id bigint);\n-- ROLLBACK\nDROP TABLE users;\n",
  [`${FOLDER}/002_index.sql`]: "CREATE INDEX users_id ON users (id);\n-- ROLLBACK\nDROP INDEX users_id;\n",
  [`${FOLDER}/003_name.sql`]: "ALTER TABLE users\n  ADD COLUMN name text NOT NULL;\n",
};

/** What the second file of a project may look like: a key, an index, rows, a change of mind. */
const NEW_TABLES = `-- Depends: 001_roles
CREATE TYPE state AS ENUM ('new', 'old');
CREATE TABLE users (id serial PRIMARY KEY, role int, mail varchar(80) UNIQUE, state state DEFAULT 'new');
CREATE INDEX ON users (mail, state);
INSERT INTO users (role) SELECT id FROM roles;
ALTER TABLE users ADD COLUMN token uuid DEFAULT gen_random_uuid(), ALTER COLUMN mail SET NOT NULL;
UPDATE users SET role = 1;
-- ROLLBACK
DROP TABLE users;
DROP TYPE state;
`;

/** What a git would say that has the first two files at every commit it knows. */
function git(_program: string, args: readonly string[]): ProgramEnd {
  const known = args.at(-1) === "origin/main";
  return known
    ? { code: 0, stdout: ["001_users.sql", "002_index.sql", "README.md", ""].join("\0"), stderr: "" }
    : { code: 128, stdout: "", stderr: `fatal: Not a valid object name ${args.at(-1)}\n` };
}

/** The rules that a call found, by file. */
async function found(files: Readonly<Record<string, string>>, ...args: string[]): Promise<readonly string[]> {
  const { runWith } = await project(files, []);
  const { out } = await runWith({ runProgram: git }, "lint", "--json", ...args);
  const { databases, error } = JSON.parse(out);
  if (databases[0] === undefined) throw new Error(error.message);
  return databases[0].findings.map(({ name, rule }: Record<string, string>) => `${name} ${rule}`);
}

Deno.test("main() lint shows the line, the rule and what to do instead", async () => {
  const { run } = await project(FILES, []);
  assertEquals(await run("lint", "003_name"), {
    code: 1,
    out:
      `migrations/default/003_name.sql:2:14: error[required-column-without-default]: Adding "name" fails if "users" has rows: it is NOT NULL and has no default
> 2 │   ADD COLUMN name text NOT NULL;
    │              ^
  Give it a default, or add it without NOT NULL, fill it, and require it later

migrations/default: 1 file: 1 error
`,
    err: "",
  });
});

Deno.test("main() lint is quiet about a new project, and the samples of this one", async () => {
  const { run } = await project({ ...SHOP, [`${FOLDER}/002_users.sql`]: NEW_TABLES }, []);
  assertEquals(await run("lint"), { code: 0, out: "migrations/default: 3 files: no problems\n", err: "" });
  const samples: Record<string, string> = {};
  for (const db of ["default", "analytics"]) {
    const folder = new URL(`../../migrations/${db}/`, import.meta.url);
    for await (const { name } of Deno.readDir(folder)) {
      samples[`migrations/${db}/${name}`] = await Deno.readTextFile(new URL(name, folder));
    }
  }
  const { json } = await project(samples, []);
  const { databases } = await json("lint", "--all-dbs");
  assertEquals(databases.map(({ db, findings }: Record<string, unknown>) => [db, findings]), [
    ["analytics", []],
    ["default", []],
  ]);
});

Deno.test("main() lint --base looks at what is new, and exempts what it makes", async () => {
  assertEquals(await found(FILES), [
    "002_index index-not-concurrent",
    "002_index drop-index-not-concurrent",
    "003_name required-column-without-default",
  ]);
  assertEquals(await found(FILES, "--base", "origin/main"), ["003_name required-column-without-default"]);
  const more = {
    ...FILES,
    [`${FOLDER}/004_posts.sql`]: "CREATE TABLE posts (id bigint);\n",
    [`${FOLDER}/005_index.sql`]: "CREATE INDEX ON posts (id);\nCREATE INDEX ON users (id);\n",
    [`${FOLDER}/0001_late.sql`]: "SELECT 1;\n",
  };
  delete (more as Record<string, string>)[`${FOLDER}/001_users.sql`];
  assertEquals(await found(more, "--base", "origin/main"), [
    "0001_late late-file",
    "003_name required-column-without-default",
    "005_index index-not-concurrent",
  ]);
});

Deno.test("main() lint --base warns of statements that were edited since", async () => {
  const before: Readonly<Record<string, string>> = {
    "001_users.sql": "CREATE TABLE users (id int);\n",
    "002_index.sql": "-- in one way\nSELECT 1;\n",
  };
  const runProgram = (_: string, args: readonly string[]): ProgramEnd => {
    if (args.includes("diff")) return { code: 0, stdout: `${Object.keys(before).join("\0")}\0`, stderr: "" };
    const shown = args.includes("show") ? before[args.at(-1)!.replace("origin/main:./", "")] : undefined;
    return shown === undefined ? git(_, args) : { code: 0, stdout: shown, stderr: "" };
  };
  const { runWith } = await project({
    [`${FOLDER}/001_users.sql`]: "CREATE TABLE users (id bigint);\n",
    [`${FOLDER}/002_index.sql`]: "-- in another way\nSELECT 1;\n",
    [`${FOLDER}/003_new.sql`]: "SELECT 1;\n",
  }, []);
  const lint = (...args: string[]) => runWith({ runProgram }, "lint", "--base", "origin/main", ...args);
  const { code, out } = await lint();
  assertEquals(code, 0);
  assertStringIncludes(
    out,
    'migrations/default/001_users.sql:1:1: warning[changed]: "001_users" was edited since origin/main: where it is applied, up refuses it\n',
  );
  assertStringIncludes(out, "migrations/default: 1 file: 1 warning\n");
  assertEquals((await lint("--fail-on", "warning")).code, 1);
  assertEquals((await lint("003_new")).out, "migrations/default: 1 file: no problems\n");
});

Deno.test("main() lint --base says why it cannot compare", async () => {
  const { runWith, run } = await project(FILES, []);
  const said = async (ref: string) => (await runWith({ runProgram: git }, "lint", "--base", ref)).err;
  assertStringIncludes(await said("nowhere"), 'Cannot compare with "nowhere": Not a valid object name nowhere');
  assertStringIncludes(await said("--output=x"), '"--output=x" names no commit');
  assertStringIncludes((await run("lint", "--base", "HEAD")).err, 'Cannot run "git": there is no such program');
  assertStringIncludes((await run("lint", "--base", "HEAD", "-u", "pglite:")).err, "Give either --base or --url");
});

Deno.test("main() lint --url looks at what that database has not", async () => {
  const { run, json } = await project(FILES);
  await run("up", "2");
  const { databases, exitCode } = await json("lint", "--url", "test:default");
  assertEquals([exitCode, databases[0].files], [1, 1]);
  assertEquals(databases[0].findings.map(({ name }: { name: string }) => name), ["003_name"]);
});

Deno.test("main() lint takes levels and the server from metapg.json or deno.json", async () => {
  const config = {
    serverVersion: 17,
    lint: { rules: { "index-not-concurrent": "off", "drop-index-not-concurrent": "off" } },
  };
  assertEquals(await found({ ...FILES, "metapg.json": JSON.stringify(config) }), [
    "003_name required-column-without-default",
  ]);
  const jsonc = `{ // "metapg": {},\n  "name": "x", /* , */ "metapg": ${JSON.stringify(config)},\n}`;
  const virtual = {
    [`${FOLDER}/004_v.sql`]: "ALTER TABLE users ADD COLUMN v bigint GENERATED ALWAYS AS (id) VIRTUAL;\n",
  };
  const both = { ...FILES, ...virtual, "deno.json": jsonc };
  assertEquals(await found(both, "004_v"), ["004_v unsupported-syntax"]);
  assertEquals(await found(both, "004_v", "--server-version", "18"), []);
});

Deno.test("main() lint refuses a configuration that it does not understand", async () => {
  const said = async (text: string) => {
    const { run } = await project({ ...FILES, "metapg.json": text }, []);
    const { code, err } = await run("lint");
    assertEquals(code, 2);
    return err;
  };
  const prefix = 'Error: Cannot use the configuration in "metapg.json": ';
  assertStringIncludes(await said("{"), `${prefix}it is not JSON`);
  assertStringIncludes(await said('{"lint":{"rules":{"drop-tables":"off"}}}'), `${prefix}unknown key "drop-tables"`);
  assertStringIncludes(await said('{"lint":{"rules":{"drop-table":"no"}}}'), `${prefix}"drop-table" is "no"`);
  assertStringIncludes(await said('{"serverVersion":"13"}'), `${prefix}"serverVersion" is "13"`);
  assertStringIncludes(await said('{"lints":{}}'), 'Did you mean "lint"?');
});

Deno.test("main() lint tells GitHub the paths from the top of the repository", async () => {
  const { runWith } = await project({ "migrations/default/001_gone.sql": "DROP TABLE users;\n" }, []);
  const paths = { "/": "project/migrations/default", "/project": "migrations/default", "/other": "migrations/default" };
  for (const [GITHUB_WORKSPACE, folder] of Object.entries(paths)) {
    const lint = async (format: string) =>
      (await runWith({ env: { GITHUB_WORKSPACE } }, "lint", "--format", format)).out;
    assertStringIncludes(await lint("github"), `file=${folder}/001_gone.sql,`);
    assertStringIncludes(await lint("sarif"), `"uri": "${folder}/001_gone.sql"`);
  }
});

Deno.test("main() lint prints annotations, and one document for all databases", async () => {
  const files = { ...FILES, "migrations/app/001_gone.sql": "DROP TABLE users, posts;\n" };
  const { run } = await project(files, []);
  assertEquals(await run("lint", "--format", "github", "--db", "app"), {
    code: 1,
    out: [1, 2].map((n) =>
      `::error file=migrations/app/001_gone.sql,line=1,endLine=1,col=1,endColumn=24,title=drop-table::The rows of "${
        n === 1 ? "users" : "posts"
      }" are lost, and code that runs may still use it. Deploy code that does without it first; then excuse the statement, and say since when\n`
    ).join(""),
    err: "migrations/app: 1 file: 2 errors\n",
  });
  const sarif = JSON.parse((await run("lint", "--format", "sarif", "--all-dbs")).out);
  assertEquals(sarif.runs[0].results.map(({ ruleId }: { ruleId: string }) => ruleId), [
    "drop-table",
    "drop-table",
    "index-not-concurrent",
    "drop-index-not-concurrent",
    "required-column-without-default",
  ]);
  const json = JSON.parse((await run("lint", "--format", "json", "--all-dbs")).out);
  assertEquals([json.command, json.exitCode, json.databases.length], ["lint", 1, 2]);
  assertStringIncludes((await run("lint", "--format", "sarif", "--json")).err, "Give either --format or --json");
});

Deno.test("main() lint lists what the file format has against a file, and goes on with the others", async () => {
  const broken = { ...FILES, [`${FOLDER}/004_b.sql`]: "BEGIN;\nCOMMIT;\n", [`${FOLDER}/x.sql`]: "SELECT 1;\n" };
  assertEquals(await found(broken), [
    "004_b refused-statement",
    "004_b refused-statement",
    "x file-name",
    "002_index index-not-concurrent",
    "002_index drop-index-not-concurrent",
    "003_name required-column-without-default",
  ]);
});

Deno.test("main() lint knows no other names than those of files, and no other versions than servers have", async () => {
  const { run } = await project(FILES, []);
  assertStringIncludes((await run("lint", "003_nam")).err, 'Did you mean "003_name"?');
  assertEquals((await run("lint", "--server-version", "9.6")).code, 2);
});

Deno.test("main() lint --fix rewrites what is not in use, and says what it did", async () => {
  const files = {
    [`${FOLDER}/001_users.sql`]: "CREATE INDEX users_old ON users (old);\n",
    [`${FOLDER}/002_index.sql`]: "CREATE INDEX users_id ON users (id);\n",
    [`${FOLDER}/003_name.sql`]: "ALTER TABLE users ADD CONSTRAINT named CHECK (name <> '');\r\n",
  };
  const { files: disk, run, runWith } = await project(files, []);
  const refused = await run("lint", "--fix");
  assertEquals([refused.code, disk], [2, files]);
  const fixed = await runWith({ runProgram: git }, "lint", "--fix", "--base", "origin/main");
  assertEquals(fixed, {
    code: 0,
    out: "migrations/default: 2 files: no problems\n",
    err: `Rewrote migrations/default/003_name.sql (validating-check)
Created migrations/default/004_validate_named.sql (validating-check)
`,
  });
  assertEquals(
    disk[`${FOLDER}/003_name.sql`],
    "ALTER TABLE users ADD CONSTRAINT named CHECK (name <> '') NOT VALID;\r\n",
  );
  assertEquals(
    (await run("lint", "--fix", "002_index")).err,
    "Rewrote migrations/default/002_index.sql (index-not-concurrent)\n",
  );
  assertEquals(disk[`${FOLDER}/001_users.sql`], files[`${FOLDER}/001_users.sql`]);
  assertEquals(
    (await runWith({ runProgram: git }, "lint", "--fix", "--base", "origin/main", "001_users")).err,
    "Left migrations/default/001_users.sql:1 (index-not-concurrent): what is in use already must not be edited\n",
  );
  assertEquals((await run("validate")).code, 0);
});

Deno.test("main() lint --fix says in one line why it leaves a file, and rewrites what else it can", async () => {
  const files = {
    [`${FOLDER}/001_mixed.sql`]:
      "CREATE INDEX a ON users (a);\nCREATE INDEX b ON users (b);\nALTER TABLE users ADD c int;\n-- ROLLBACK\nDROP INDEX b;\n",
    [`${FOLDER}/002_checks.sql`]:
      "ALTER TABLE users ADD CONSTRAINT named CHECK (a > 0);\nALTER TABLE users ADD CHECK (b > 0);\n",
    [`${FOLDER}/003_refused.sql`]: "ALTER TABLE users ADD CONSTRAINT c CHECK (c > 0);\nVACUUM users;\n",
  };
  const { json, run, files: disk } = await project(files, []);
  const names = ["001_mixed", "002_checks", "003_refused"];
  const { err } = await run("lint", "--fix", ...names);
  assertEquals(
    err,
    `Rewrote migrations/default/002_checks.sql (validating-check)
Created migrations/default/004_validate_named.sql (validating-check)
Left migrations/default/001_mixed.sql:1 (index-not-concurrent, drop-index-not-concurrent): line 3 does more than make or drop an index
Left migrations/default/002_checks.sql:2 (validating-check): it has no name to VALIDATE it by
Left migrations/default/003_refused.sql:1 (validating-check): the file has to be mended first, as it is refused
`,
  );
  assertEquals(disk[`${FOLDER}/003_refused.sql`], files[`${FOLDER}/003_refused.sql`]);
  const { databases } = await json("lint", "--fix", "001_mixed");
  assertEquals([databases[0].written, databases[0].left], [[], [{
    path: `${FOLDER}/001_mixed.sql`,
    line: 1,
    rules: ["index-not-concurrent", "drop-index-not-concurrent"],
    reason: "line 3 does more than make or drop an index",
  }]]);
});

Deno.test("main() lint looks into files that are refused for a statement or their header, too", async () => {
  const refused = {
    "001_vacuum": "DROP TABLE old;\nVACUUM FULL users;\n-- ROLLBACK\nCREATE INDEX i ON users (a);\n",
    "002_dump": "COPY a FROM stdin;\n1\tit's; (\n\\.\n\\echo done\nDROP TABLE b;\n",
    "003_hash": "DROP TABLE c;\n# no comment\nDROP TABLE d;\nDROP TABLE e;\n",
    "004_header": "-- Transactions: none\nDROP TABLE f;\n",
    // Where a rollback begins is not known, nor where a string ends.
    "005_marker": "SELECT 1;\n-- Rollback\nDROP TABLE g;\n",
    "006_open": "DROP TABLE h;\nSELECT 'x;\n",
  };
  const files = Object.entries(refused).map(([name, text]) => [`${FOLDER}/${name}.sql`, text]);
  assertEquals(await found(Object.fromEntries(files)), [
    "001_vacuum refused-statement",
    "002_dump refused-statement",
    "002_dump refused-statement",
    "003_hash refused-statement",
    "004_header header",
    "005_marker marker",
    "006_open syntax",
    "001_vacuum drop-table",
    "001_vacuum table-rewrite",
    "001_vacuum index-not-concurrent",
    "002_dump drop-table",
    "003_hash drop-table",
    "003_hash drop-table",
    "004_header drop-table",
  ]);
  const [first, second] = files;
  assertEquals(await found(Object.fromEntries([first!, second!]), "002_dump"), [
    "002_dump refused-statement",
    "002_dump refused-statement",
    "002_dump drop-table",
  ]);
});

Deno.test("main() lint --fail-on says which findings exit with 1, and the configuration does so for ci, too", async () => {
  const files = {
    [`${FOLDER}/001_names.sql`]: "UPDATE users SET age = 0;\n",
    [`${FOLDER}/002_wide.sql`]: "SELECT 1;\n",
  };
  const { run, json, files: there } = await project(files, []);
  const code = async (...args: string[]) => (await run("lint", ...args)).code;
  assertEquals([await code(), await code("--fail-on", "error"), await code("--fail-on", "warning")], [0, 0, 1]);
  assertEquals([await code("--fail-on", "note"), await code("002_wide", "--fail-on", "note")], [1, 0]);
  assertEquals((await json("lint", "--fail-on", "warning")).databases[0].ok, false);
  const wrong = await run("lint", "--fail-on", "info");
  assertEquals([wrong.code, wrong.err.includes("error, warning, note")], [2, true]);
  there["metapg.json"] = '{ "lint": { "failOn": "warning" } }';
  assertEquals([await code(), await code("--fail-on", "error")], [1, 0]);
  const { databases } = await json("ci");
  assertEquals(databases[0].steps[1], { ...databases[0].steps[1], name: "lint", state: "findings" });
  there["metapg.json"] = '{ "lint": { "failOn": "off" } }';
  assertStringIncludes((await run("lint")).err, '"failOn" is "off"');
});
