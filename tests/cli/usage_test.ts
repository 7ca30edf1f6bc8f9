import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { COMMANDS } from "../../src/cli/commands.ts";
import { VERSION } from "../../src/cli/product.ts";
import { project } from "./project.ts";

const { run, runWith, files, json } = await project({}, []);

for (const { name, examples } of COMMANDS) {
  Deno.test(`main() ${name} --help has an example`, async () => {
    const { code, out, err } = await run(name, "--help");
    assertEquals([code, err], [0, ""]);
    assertStringIncludes(out, `Usage: metapg-migration ${name}`);
    for (const example of examples) assertStringIncludes(out, `\n  $ metapg-migration ${example}\n`);
    assertStringIncludes(out, "\nMore flags of every command: metapg-migration --help\n");
    assertEquals(await run("help", name), { code, out, err });
  });
}

Deno.test("main() COMMAND --help shows the flags that matter for it", async () => {
  const flagsOf = async (...args: string[]) =>
    new Set((await run(...args, "--help")).out.match(/(?<=^ {2}(?:-\w, )?)--[a-z-]+/gm));
  const all = await flagsOf();
  const connected = ["--url", "--table", "--env-file", "--role", "--lock-wait", "--lock-retries", "--lock-timeout"];
  for (const { name } of COMMANDS) {
    const shown = await flagsOf(name);
    assertEquals(shown.has("--db"), name !== "completions", name);
    const isOffline = ["new", "validate", "graph", "ci", "completions"].includes(name);
    if (isOffline) assertEquals(connected.filter((flag) => shown.has(flag)), [], name);
    else assertEquals([shown.has("--url"), shown.has("--env-file")], [true, true], name);
    assertEquals(shown.has("--lock-retries"), ["up", "down", "redo", "sync"].includes(name), name);
    assertEquals(shown.has("--yes"), ["down", "sync", "baseline", "repair", "lock"].includes(name), name);
    assertEquals([shown.has("--jobs"), shown.has("--no-color")], [false, false], name);
  }
  assertEquals([...connected, "--jobs", "--no-color", "--lock"].filter((flag) => !all.has(flag)), []);
});

Deno.test("main() help prints what --help does", async () => {
  assertEquals(await run("help"), await run("--help"));
  assertEquals(await run("help", "rollback"), await run("down", "--help"));
  assertEquals((await json("help", "statu")).error.hint, "Did you mean status?");
});

Deno.test("main() takes a version for no number of migrations", async () => {
  files["migrations/default/001_roles.sql"] = "SELECT 1;\n";
  files["migrations/app/20250131120000_users.sql"] = "SELECT 1;\n";
  const program = "metapg-migration";
  const cases: readonly (readonly [string, string, string])[] = [
    ["down 001", "001", `Say ${program} down 001_roles, or ${program} down 1 for the last one`],
    ["up 01", "01", `Say ${program} up --to 001_roles, or ${program} up 1 for the next one`],
    ["redo 01", "01", `Say ${program} redo 1 for the last one`],
    ["up 003", "003", `Say ${program} up 3 for the next 3`],
    ["down 20250131120000 --db app", "20250131120000", `Say ${program} down 20250131120000_users --db app`],
    ["redo 20250131120000", "20250131120000", "Give a whole number from 1"],
  ];
  for (const [line, version, hint] of cases) {
    assertEquals(await run(...line.split(" ")), {
      code: 2,
      out: "",
      err: `Error: "${version}" is a version, not a number of migrations. ${hint}\n`,
    });
  }
});

Deno.test("main() --help lists every command, and none of the other names", async () => {
  const { code, out } = await run("--help");
  assertEquals(code, 0);
  for (const { name, summary } of COMMANDS) {
    assertMatch(out, new RegExp(`^  ${name}\\b.* ${summary.split(",")[0]}`, "m"));
  }
  for (const { aliases = [] } of COMMANDS) {
    for (const alias of aliases) assertEquals(new RegExp(`^  ${alias}\\b`, "m").test(out), false, alias);
  }
  assertEquals(/--all\b(?!-)/.test(out), false);
});

Deno.test("main() --help fits the terminal", async () => {
  const { out } = await runWith({ columns: 60 }, "up", "--help");
  assertEquals(out.split("\n").filter((line) => line.length > 60), []);
});

Deno.test("main() --version prints the version", async () => {
  assertEquals(await run("--version"), { code: 0, out: `${VERSION}\n`, err: "" });
});

Deno.test("main() without a command prints help to stderr", async () => {
  const { code, out, err } = await run();
  assertEquals([code, out], [2, ""]);
  assertMatch(err, /^Usage: metapg-migration/);
});

Deno.test("main() answers wrong usage with one line and 2", async () => {
  const cases: readonly (readonly [string, string])[] = [
    ["upp", 'Unknown command "upp". Did you mean up?'],
    ["up --jsn", 'Unknown option "--jsn". Did you mean --json?'],
    ["up --jsno", 'Unknown option "--jsno". Did you mean --json?'],
    ["up --lock-tmeout=1s", 'Unknown option "--lock-tmeout". Did you mean --lock-timeout?'],
    ["up --statement 3s", 'Unknown option "--statement". Did you mean --statement-timeout?'],
    ["up --dry-run=false", "--dry-run takes no value. See metapg-migration up --help"],
    ["up --yes=1", "--yes takes no value. See metapg-migration up --help"],
    ["up --force", 'Unknown option "--force". See metapg-migration up --help'],
    ["repair --force", 'Unknown option "--force". See metapg-migration repair --help'],
    ["up -x", 'Unknown option "-x". See metapg-migration up --help'],
    ["frobnicate", 'Unknown command "frobnicate". See metapg-migration --help'],
    ["rolback", 'Unknown command "rolback". Did you mean rollback?'],
    ["help statu", 'Unknown command "statu". Did you mean status?'],
    [
      "help up down",
      'Too many arguments for "help". Expected 1 argument but got 2: up, down. See metapg-migration help --help',
    ],
    ["up 0", 'Invalid argument "0". Expected a whole number from 1'],
    ["up 003_posts", 'Invalid argument "003_posts". To end with a migration use --to 003_posts'],
    ["up 1 2", 'Too many arguments for "up". Expected 1 argument but got 2: 1, 2. See metapg-migration up --help'],
    ["up 1 --to 001_roles", "Give either a number or --to"],
    ["up --all", "There is no --all. For every database use --all-dbs; metapg-migration up applies all migrations"],
    ["up --jobs x", 'Invalid value "x" of --jobs. Expected a whole number from 1'],
    ["up --lock table", 'Invalid value "table" of --lock. Use one of: session, lease'],
    ["up --lock-wait 5", 'Invalid value "5" of --lock-wait. Expected a duration as in 30s, 5m or 0, or forever'],
    ["up -q -v", 'Option "-v, --verbose" cannot be used with option "-q, --quiet". See metapg-migration up --help'],
    ["down 2 --cascade", "--cascade needs the NAME of a migration"],
    ["down 0", 'Invalid argument "0". Expected a whole number from 1'],
    ["redo 002_users", 'Invalid argument "002_users". Expected a whole number from 1'],
    ["down 2 --to 0", "Give either what to roll back or --to"],
    ["show", 'Missing required argument "name". See metapg-migration show --help'],
    ["baseline", 'Required option "--to <name>" not specified. See metapg-migration baseline --help'],
    [
      "repair --done 001_x",
      'Invalid value "001_x" of --done. Expected NAME:N, a migration and the number of its unit',
    ],
    ["lock break", 'Invalid argument "break". Use one of: status, release'],
    ["completions tcsh", 'Invalid argument "tcsh". Use one of: bash, zsh, fish'],
    ["graph --format svg", 'Invalid value "svg" of --format. Use one of: mermaid, dot, text'],
    ["wait --timeout soon", 'Invalid value "soon" of --timeout. Expected a duration as in 250ms, 3s, 5m, 1h or 0'],
    ["up --env-file none", 'Cannot read "none": no such file'],
    ["up --db Bad", 'Invalid database name "Bad". Use lower-case letters, digits, - and _, beginning with a letter'],
  ];
  for (const [line, message] of cases) {
    assertEquals(await run(...line.split(" ")), { code: 2, out: "", err: `Error: ${message}\n` });
  }
});

Deno.test("main() --json is a document for wrong usage, too", async () => {
  const document = await json("up", "--jsn");
  assertEquals(document, {
    format: 1,
    command: "up",
    exitCode: 2,
    databases: [],
    error: {
      code: "USAGE",
      message: 'Unknown option "--jsn"',
      hint: "Did you mean --json?",
      problems: [],
      applied: [],
      rolledBack: [],
      unknown: [],
    },
  });
  assertEquals((await json()).command, null);
  assertEquals((await json("rollback", "--cascade")).command, "down");
});

Deno.test("main() takes flags before and after the command", async () => {
  const document = JSON.parse((await run("--json", "--db", "x", "validate")).out);
  assertEquals([document.command, document.error.code], ["validate", "CONFIG"]);
});

Deno.test("main() --env-file fills what the environment leaves out", async () => {
  files["vars"] = "DATABASE_URL='mysql://one'\nDATABASE_URL_APP=postgres://h/d?nonsense=1\n";
  files["migrations/default/001_x.sql"] = "SELECT 1;\n";
  files["migrations/app/001_x.sql"] = "SELECT 1;\n";
  assertMatch((await run("up", "--env-file", "vars")).err, /must begin with postgres/);
  assertMatch((await run("up", "--env-file", "vars", "--db", "app")).err, /unknown key "nonsense"/);
  const own = { env: { DATABASE_URL: "postgres://h/d?other=1" } };
  assertMatch((await runWith(own, "up", "--env-file", "vars")).err, /unknown key "other"/);
});

Deno.test("main() reports every configuration error before a database is touched", async () => {
  const setup = { env: { DATABASE_URL: "mysql://x", DATABASE_URL_APP: "postgres://h/d?nonsense=1" } };
  const { code, err } = await runWith(setup, "up", "--db", "app", "--db", "default");
  assertEquals(code, 2);
  assertMatch(err, /^Error: Cannot start: 2 databases are not configured\n/);
  assertMatch(err, /nonsense/);
  assertMatch(err, /must begin with postgres/);
});

Deno.test("main() refuses a URL where none is expected, without showing it", async () => {
  const url = "postgres://me:hunter2@localhost/app";
  const err = "Error: A database URL stands where none is expected. Give it as --url URL, or in DATABASE_URL\n";
  for (const args of [["up", url], [url], ["--db", url, "up"], ["new", `add ${url}`], [`--ulr=${url}`], ["-x", url]]) {
    assertEquals(await run(...args), { code: 2, out: "", err }, args.join(" "));
  }
  const { command, exitCode, error } = await json("up", "host=h user=me password=hunter2");
  assertEquals([command, exitCode, error.code], ["up", 2, "USAGE"]);
  assertEquals(JSON.stringify(error).includes("hunter2"), false);
});

Deno.test("main() does not show the value of an unknown flag", async () => {
  const { err } = await run("up", "--secret=hunter2");
  assertEquals(err, 'Error: Unknown option "--secret". See metapg-migration up --help\n');
});
