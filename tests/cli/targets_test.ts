import { assertEquals, assertRejects } from "@std/assert";
import { chooseTargets, type Needs, type TargetFlags } from "../../src/cli/targets.ts";
import { MigrationError } from "../../src/core/error.ts";
import { memoryReader } from "../../src/core/reader.ts";

const reader = memoryReader({
  "migrations/shop/001_a.sql": "",
  "migrations/app/001_a.sql": "",
  "migrations/app/notes.md": "",
  "migrations/docs/readme.md": "",
  "migrations/_old/001_a.sql": "",
  "migrations/odd/First.SQL": "",
  "elsewhere/001_a.sql": "",
});

const ALL: Needs = { database: "required", files: "required" };

function choose(flags: Partial<TargetFlags>, env: Record<string, string> = {}, needs: Needs = ALL) {
  return chooseTargets({ root: "migrations", ...flags }, needs, {
    env: (name) => env[name],
    mayReadEnv: (name) => name !== "DATABASE_URL_DENIED",
    reader,
    checkFolder: async (path) => void await reader.list(path),
    absolutePath: (path) => `/work/${path}`,
  });
}

async function refusal(flags: Partial<TargetFlags>, env: Record<string, string> = {}, needs: Needs = ALL) {
  const error: MigrationError = await assertRejects(() => choose(flags, env, needs), MigrationError);
  return { code: error.code, message: error.message, hint: error.hint, problems: error.problems };
}

Deno.test("chooseTargets() takes names once and in order", async () => {
  const env = { DATABASE_URL_APP: "a", DATABASE_URL_SHOP: "s" };
  assertEquals(await choose({ db: ["shop", "app", "shop"] }, env), [
    { db: "app", dir: "migrations/app", url: "a" },
    { db: "shop", dir: "migrations/shop", url: "s" },
  ]);
});

Deno.test("chooseTargets() finds every folder that holds migrations, also ill-named ones", async () => {
  const targets = await choose({ allDbs: true }, {}, { database: "unused", files: "required" });
  assertEquals(targets.map(({ db, url }) => [db, url]), [["app", undefined], ["odd", undefined], ["shop", undefined]]);
});

Deno.test("chooseTargets() lets --url and --dir go before environment and root", async () => {
  assertEquals(await choose({ url: "u", dir: "elsewhere" }, { DATABASE_URL: "x" }), [
    { db: "default", dir: "elsewhere", url: "u" },
  ]);
  for (const root of ["migrations/", "migrations\\", "migrations//"]) {
    assertEquals((await choose({ root, db: ["app"], url: "u" }))[0]?.dir, "migrations/app");
  }
});

Deno.test("chooseTargets() names the variable to set", async () => {
  const { code, message } = await refusal({ db: ["app"] }, { DATABASE_URL: "x" });
  assertEquals([code, message], ["CONFIG", 'No URL for database "app": DATABASE_URL_APP is not set']);
});

Deno.test("chooseTargets() tells a variable that may not be read from one that is not set", async () => {
  const { message, hint } = await refusal({ db: ["denied"], dir: "elsewhere" });
  assertEquals([message, hint], [
    'No URL for database "denied": DATABASE_URL_DENIED may not be read',
    "Let Deno read it: deno run --allow-env=DATABASE_URL_DENIED …",
  ]);
});

Deno.test("chooseTargets() reports everything that is not configured at once", async () => {
  const { code, problems } = await refusal({ db: ["app", "shop", "Bad"] });
  assertEquals(code, "CONFIG");
  assertEquals(problems.map(({ message }) => message), [
    'Invalid database name "Bad"',
    'No URL for database "app": DATABASE_URL_APP is not set',
    'No URL for database "shop": DATABASE_URL_SHOP is not set',
  ]);
});

Deno.test("chooseTargets() helps where the folder is not there", async () => {
  const noUrl: Needs = { database: "unused", files: "required" };
  assertEquals(
    (await refusal({}, {}, noUrl)).hint,
    'Folders of migrations in "migrations": app, odd, shop; choose one with --db',
  );
  assertEquals((await refusal({ db: ["ap"] }, {}, noUrl)).hint, "Did you mean --db app?");
  assertEquals((await refusal({ db: ["ap"] }, {}, { ...ALL, files: "unused" })).hint, "Did you mean --db app?");
  assertEquals(
    (await refusal({}, {}, noUrl)).message,
    'Cannot read migrations: no directory "/work/migrations/default"',
  );
  assertEquals(
    (await refusal({ root: "nowhere" }, {}, noUrl)).hint,
    'Create the first migration with: metapg-migration new "first tables" --root nowhere',
  );
  const none = await refusal({ root: "migrations/docs", allDbs: true });
  assertEquals([none.code, none.message, none.hint], [
    "CONFIG",
    'No database in "/work/migrations/docs": none of its folders holds migrations',
    undefined,
  ]);
});

Deno.test("chooseTargets() says where migrations belong that are in the folder of all databases", async () => {
  const hint = (db: string) =>
    `The migrations in "elsewhere" belong to no database: move them to "elsewhere/${db}", or give --dir elsewhere`;
  assertEquals((await refusal({ root: "elsewhere" })).hint, hint("default"));
  assertEquals((await refusal({ root: "elsewhere", db: ["app"] })).hint, hint("app"));
  assertEquals((await refusal({ root: "elsewhere", allDbs: true })).hint, hint("default"));
});

Deno.test("chooseTargets() tells an empty URL from none", async () => {
  assertEquals(await refusal({ url: "", db: ["app"] }), {
    code: "CONFIG",
    message: 'No URL for database "app": --url is empty',
    hint: "Give --url postgres://USER:PASSWORD@HOST/DATABASE; if it comes from a variable, see that this is set",
    problems: [],
  });
  assertEquals(
    (await refusal({ db: ["app"] }, { DATABASE_URL_APP: "" })).message,
    'No URL for database "app": DATABASE_URL_APP is empty',
  );
});

Deno.test("chooseTargets() refuses what cannot be meant", async () => {
  const names = { db: ["app", "shop"] };
  const cases: readonly (readonly [Partial<TargetFlags>, string, string])[] = [
    [{ all: true }, "USAGE", "There is no --all"],
    [{ db: ["app"], allDbs: true }, "USAGE", "Give either --db or --all-dbs"],
    [{ ...names, url: "u" }, "USAGE", "Give --url for one database only"],
    [{ ...names, dir: "d" }, "USAGE", "Give --dir for one database only"],
    [{ db: ["a-b", "a_b"] }, "CONFIG", 'Databases "a-b" and "a_b" have one variable: DATABASE_URL_A_B'],
  ];
  for (const [flags, code, message] of cases) {
    const error = await refusal(flags);
    assertEquals([error.code, error.message], [code, message]);
  }
});
