import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { diskReader } from "../../src/runtime/file_reader.ts";
import { query, withDatabase } from "../support/databases.ts";
import { PASSWORD } from "../support/server.ts";
import { type Call, type CallSetup, project, SHOP, steady } from "./project.ts";

const DIR = "migrations/default";
const MEND = "Next: Mend the files, then run the same command again; nothing was run\n";
const ONE = { "001_a.sql": "CREATE TABLE a (id int);\n" };

type Contents = Readonly<Record<string, string | Uint8Array>>;

/** A host whose folder of migrations holds these files. */
function holding(files: Contents): CallSetup {
  return { onHost: (host) => Object.entries(files).forEach(([name, text]) => host.disk.set(`${DIR}/${name}`, text)) };
}

/** A host that reads the disk. */
const onDisk: CallSetup = { onHost: (host) => Object.assign(host, { files: diskReader() }) };

/** Asserts that `up`, `status`, `plan` and `validate` say the same of the files, and that the database stays empty. */
async function assertRefused(files: Contents, heading: string, lines: string): Promise<void> {
  const { runWith, query } = await project({});
  for (const command of ["up", "status", "plan"]) {
    const { code, out, err } = await runWith(holding(files), command);
    assertEquals([code, out, err], [7, "", `Error: ${heading}\n${lines}${MEND}`], command);
  }
  const validated = await runWith(holding(files), "validate");
  assertEquals([validated.code, validated.err], [1, ""]);
  // Without a history nobody can tell what was applied.
  assertStringIncludes(validated.out, lines.replace(/^ {2}/gm, "").replaceAll(", and none was applied\n", "\n"));
  assertEquals(await query("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"), []);
}

/** The same for files that cannot be read, with one line per problem and one for its fix. */
function assertInvalid(files: Contents, ...problems: readonly (readonly [string, string?])[]): Promise<void> {
  const count = `${problems.length} ${problems.length === 1 ? "problem" : "problems"}`;
  const lines = problems.map(([message, fix]) => `  ${DIR}/${message}\n${fix === undefined ? "" : `    ${fix}\n`}`);
  return assertRefused(files, `Cannot read the migrations of "${DIR}": ${count}`, lines.join(""));
}

function assertUnordered(files: Contents, message: string, fix: string): Promise<void> {
  return assertRefused(files, "Cannot order the migrations", `  ${DIR}/${message}\n    ${fix}\n`);
}

/** Asserts that a call on a server fails with this text, without a password, and leaves no object behind. */
async function assertUntouched(url: string, call: Promise<Call>, code: number, err: string): Promise<void> {
  const objects = "SELECT relname FROM pg_class WHERE relnamespace::regnamespace::text !~ '^(pg_|information_schema)'";
  const before = await query(url, objects);
  const ended = await call;
  const { host, pathname } = new URL(url);
  assertEquals(
    [ended.code, ended.out, ended.err.replaceAll(host, "HOST").replaceAll(pathname.slice(1), "DB")],
    [code, "", err],
  );
  for (const secret of [PASSWORD, encodeURIComponent(PASSWORD), "sekret"]) assert(!ended.err.includes(secret));
  assertEquals(await query(url, objects), before);
}

/** Calls on a new database of a server. */
async function onServer(
  body: (url: string, run: (url: string, ...args: string[]) => Promise<Call>) => Promise<void>,
): Promise<void> {
  const { runWith } = await project(SHOP, []);
  await withDatabase(
    (url) => body(url, (address, ...args) => runWith({ env: { DATABASE_URL: address } }, ...args)),
    { major: 18 },
  );
}

function changed(url: string, change: (url: URL) => void): string {
  const made = new URL(url);
  change(made);
  return made.href;
}

Deno.test("a folder that is not there", async () => {
  const { run } = await project({ "migrations/shop/001_a.sql": "SELECT 1;\n" });
  for (const command of ["up", "status", "validate", "redo"]) {
    assertEquals(await run(command), {
      code: 2,
      out: "",
      err:
        `Error: Cannot read migrations: no directory "/project/${DIR}". Folders of migrations in "migrations": shop; choose one with --db\n`,
    });
  }
  assertEquals(
    (await run("up", "--dir", "sql")).err,
    'Error: Cannot read migrations: no directory "/project/sql". Create the first migration with: metapg-migration new "first tables" --dir sql\n',
  );
});

Deno.test("files that cannot be read", async () => {
  const dir = await Deno.makeTempDir();
  try {
    await Deno.mkdir(`${dir}/001_folder.sql`);
    await Deno.symlink("/no/such/file", `${dir}/002_dangling.sql`);
    await Deno.symlink("003_circle.sql", `${dir}/003_circle.sql`);
    const { runWith, query } = await project({});
    const { code, out, err } = await runWith(onDisk, "up", "--dir", dir);
    assertEquals([code, out], [7, ""]);
    assertEquals(
      err.replaceAll(dir, "DIR"),
      `Error: Cannot read the migrations of "DIR": 3 problems
  DIR/001_folder.sql: Cannot read the file: it is a directory
  DIR/002_dangling.sql: Cannot read the file: no such file or directory
  DIR/003_circle.sql: Cannot read the file: its links lead in a circle
${MEND}`,
    );
    const gone = await runWith(onDisk, "up", "--dir", `${dir}/nowhere`);
    assertEquals([gone.code, gone.out], [2, ""]);
    assertStringIncludes(gone.err, `Error: Cannot read "${dir}/nowhere": no such file or directory. Create the first`);
    const file = await runWith(onDisk, "up", "--dir", `${dir}/001_folder.sql/x`);
    assertEquals(file.code, 2);
    assertEquals(await query("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"), []);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});

Deno.test("files that are not text", async () => {
  await assertInvalid(
    { "001_latin.sql": Uint8Array.of(...new TextEncoder().encode("SELECT 1;\n-- gr"), 0xf6, 0xdf, 0x65) },
    ["001_latin.sql:2:6: Not UTF-8", "Save the file as UTF-8"],
  );
  await assertInvalid(
    { "001_utf16.sql": Uint8Array.of(0xff, 0xfe, 0x53, 0) },
    ["001_utf16.sql:1:1: Not UTF-8", "The file is UTF-16: save it as UTF-8"],
  );
  await assertInvalid(
    { "001_nul.sql": "SELECT '\0';\n" },
    ["001_nul.sql:1:9: NUL character", "Remove it: PostgreSQL cannot store it"],
  );
});

Deno.test("files without SQL, and with two rollback sections", async () => {
  const fix = "Write the statements before the rollback section, or SELECT 1; if it is meant to do nothing";
  await assertInvalid(
    { "001_a.sql": "", "002_b.sql": "-- nothing\n/* yet */\n", "003_c.sql": "\ufeff\r\n \t;\n" },
    ["001_a.sql:1:1: The up section contains no SQL", fix],
    ["002_b.sql:1:1: The up section contains no SQL", fix],
    ["003_c.sql:1:1: The up section contains no SQL", fix],
  );
  await assertInvalid(
    { "001_a.sql": "SELECT 1;\n-- ROLLBACK\nSELECT 2;\n-- ROLLBACK (again)\nSELECT 3;\n" },
    [
      "001_a.sql:4:1: Second rollback marker",
      "A file has one up and one rollback section: remove the line, or make two migrations of the file",
    ],
  );
});

Deno.test("two files of one version", async () => {
  await assertInvalid(
    { "0001_b.sql": "SELECT 1;\n", "001_a.sql": "SELECT 1;\n" },
    ['001_a.sql: Version 1 is also that of "0001_b.sql"', "Give one of them another version"],
  );
});

Deno.test("dependencies that cannot be met", async () => {
  const known = "There is no file of that name, and none was applied";
  await assertUnordered(
    { ...ONE, "002_b.sql": "-- Depends: 001_a, 003_c\nSELECT 1;\n" },
    '002_b.sql:1:20: Unknown dependency "003_c"',
    known,
  );
  await assertUnordered(
    { "001_a.sql": "-- Depends: 001_a\nSELECT 1;\n" },
    '001_a.sql:1:13: Migration "001_a" depends on itself',
    "Remove its own name from Depends",
  );
  await assertUnordered(
    {
      "001_a.sql": "-- Depends: 003_c\nSELECT 1;\n",
      "002_b.sql": "-- Depends: 001_a\nSELECT 1;\n",
      "003_c.sql": "-- Depends: 002_b\nSELECT 1;\n",
    },
    "001_a.sql:1:13: Dependencies form a cycle: 001_a -> 003_c -> 002_b -> 001_a",
    "Remove one of these dependencies",
  );
});

Deno.test("a target that nothing has", async () => {
  const { run, query } = await project();
  const near = (name: string) => `Error: Unknown migration "${name}". Did you mean "002_users"?\n`;
  for (const name of ["002_user", "002", "002_users.sql", `${DIR}/002_users.sql`]) {
    assertEquals(await run("up", "--to", name), { code: 2, out: "", err: near(name) });
  }
  assertEquals(
    (await run("up", "--to", "nothing_like_it")).err,
    'Error: Unknown migration "nothing_like_it". Migrations are named by their file name without .sql\n',
  );
  assertEquals(await query("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"), []);
});

Deno.test("names of files that are not those of migrations", async () => {
  const name = "is not the name of a migration file";
  await assertInvalid(
    {
      "001..sql": "SELECT 1;\n",
      "001_A.sql": "SELECT 1;\n",
      "001_a b.sql": "SELECT 1;\n",
      "001_a.SQL": "SELECT 1;\n",
      "1234567890123456_a.sql": "SELECT 1;\n",
      "more/002_b.sql": "SELECT 1;\n",
    },
    [`001..sql: "001..sql" ${name}`, 'Remove the extra "." before .sql'],
    [`001_A.sql: "001_A.sql" ${name}`, 'Use lower case: "001_a.sql"'],
    [`001_a b.sql: "001_a b.sql" ${name}`, 'Replace blanks by "_": "001_a_b.sql"'],
    [`001_a.SQL: "001_a.SQL" ${name}`, 'Use lower case: "001_a.sql"'],
    [
      `1234567890123456_a.sql: "1234567890123456_a.sql" ${name}`,
      "Write the version with at most 15 digits, as in 20250131120000",
    ],
    [
      'more/002_b.sql: Migration file "more/002_b.sql" is in a sub-folder',
      `Move it into "${DIR}", or begin the file's name with _`,
    ],
  );
});

Deno.test("near misses of the marker", async () => {
  const lines = [
    "--ROLLBACK",
    "--  ROLLBACK",
    " -- ROLLBACK",
    "\t-- ROLLBACK",
    "-- rollback",
    "-- Rollback",
    "-- ROLLBACK:",
    "-- ROLLBACK;",
    "-- ROLL BACK",
    "-- roll-back",
    "--- ROLLBACK ---",
    "/* ROLLBACK */",
    "-- ROLLBACK (never closed",
    "-- DOWN",
    "-- Undo:",
    "-- revert",
    "-- migrate:down",
    "-- +goose Down",
    "-- Down Migration",
  ];
  const number = (index: number) => String(index + 1).padStart(3, "0");
  await assertInvalid(
    Object.fromEntries(
      lines.map((line, index) => [`${number(index)}_a.sql`, `SELECT 1;\n${line}\nDROP TABLE important;\n`]),
    ),
    ...lines.map((line, index) =>
      [
        `${number(index)}_a.sql:2:${line.search(/\S/) + 1}: "${line.trim()}" does not begin the rollback section`,
        "Write the line exactly as -- ROLLBACK, from column 1, or say more in the comment if it is not meant",
      ] as const
    ),
  );
});

Deno.test("near misses of a key of the header", async () => {
  const lines = {
    "Depend: 000_x": "Depends",
    "Depends on: 000_x": "Depends",
    "Dependencies: 000_x": "Depends",
    "Requires: 000_x": "Depends",
    "Depends : 000_x": "Depends",
    "Transactions: none": "Transaction",
    "Transaction Mode: none": "Transaction",
    "Trasnaction: none": "Transaction",
    "Lock Timeout: 3s": "Lock-Timeout",
    "lock_timeout: 3s": "Lock-Timeout",
    "LockTimeout: 3s": "Lock-Timeout",
    "Statement-Time-Out: 3s": "Statement-Timeout",
    "Idle-Timeout: 3s": "Statement-Timeout",
    "Descripton: x": "Description",
  };
  const number = (index: number) => String(index + 1).padStart(3, "0");
  await assertInvalid(
    Object.fromEntries(Object.keys(lines).map((line, index) => [`${number(index)}_a.sql`, `-- ${line}\nSELECT 1;\n`])),
    ...Object.entries(lines).map(([line, key], index) =>
      [
        `${number(index)}_a.sql:1:1: "${line.slice(0, line.indexOf(":") + 1)}" is not a header key`,
        `Write ${key}:, or drop the colon in a comment`,
      ] as const
    ),
  );
  await assertInvalid(
    { "001_a.sql": "-- Transaction: off\n-- Lock-Timeout: 3\n-- Lock-Timeout: 4s\nSELECT 1;\n-- Depends: 000_x\n" },
    [
      '001_a.sql:1:1: Unknown value "off" for "Transaction"',
      "The only value is none; without the line the migration runs in one transaction",
    ],
    [
      '001_a.sql:2:1: Unknown value "3" for "Lock-Timeout"',
      "Write a whole number and a unit, as in 250ms, 3s, 5m or 1h (at most 24 days), or 0 for none",
    ],
    ['001_a.sql:3:1: Header key "Lock-Timeout" is given twice', "Remove one of them"],
    [
      '001_a.sql:5:1: Header key "Depends" stands behind the first statement',
      "Move it to the top of the file, or drop the colon in a comment",
    ],
  );
});

Deno.test("an applied file that was renamed", async () => {
  const { files, run, query } = await project();
  await run("up");
  files[`${DIR}/003_articles.sql`] = files[`${DIR}/003_posts.sql`]!;
  delete files[`${DIR}/003_posts.sql`];
  assertEquals(await run("up"), {
    code: 7,
    out: "",
    err: `Error: Cannot continue: applied migrations have another file name
  ${DIR}/003_articles.sql: Applied migration "003_posts" seems to be renamed to "003_articles"
Next: Restore the name, or record the new one with metapg-migration repair
`,
  });
  const { out } = await run("status");
  assertStringIncludes(out, "the file is 003_articles by now");
  assertStringIncludes(out, "is applied as 003_posts");
  assertEquals(await query("SELECT count(*)::int AS n FROM metapg_migrations WHERE name = '003_posts'"), [{ n: 1 }]);
});

Deno.test("a rollback section that has only comments is warned of until it has SQL", async () => {
  const file = `${DIR}/001_first_table.sql`;
  const { files, run, json } = await project({});
  await run("new", "first table");
  files[file] = files[file]!.replace("\n\n\n", "\nCREATE TABLE a (id int);\n\n");
  const place = `${file}:8:1: The rollback section has comments but no SQL: rolling back will do nothing (warning)`;
  const fix = "  Write the statements that undo the migration, or delete everything from the marker on";
  const status = await run("status");
  assertEquals([status.code, status.err], [0, `! ${place}\n${fix}\nNext: metapg-migration up\n`]);
  assertEquals((await json("status")).databases[0].warnings[0].code, "rollback");
  assertEquals(await run("validate"), { code: 0, out: `${place}\n${fix}\n${DIR}: 1 warning\n`, err: "" });
  const up = await run("up");
  assertEquals([up.code, steady(up.err)], [0, `! ${place}\n${fix}\n✓ 001_first_table  T ms\n`]);
  assertEquals([(await run("up")).err, (await run("status")).err], ["", ""]);
  assertEquals(
    (await run("down", "--dry-run")).err,
    `! ${file}: The rollback of "001_first_table" has comments but no SQL: nothing of the migration is undone (warning)
  Write the statements into the file and run metapg-migration repair before you roll back
`,
  );
  files[file] += "DROP TABLE a;\n";
  await run("repair", "--yes");
  assertEquals(
    steady((await run("down")).err),
    "Rolling back 001_first_table\n✓ 001_first_table  rolled back,  T ms\n",
  );
});

Deno.test("addresses that cannot be used", async () => {
  const { run } = await project();
  const encoded = 'In user and password, "@" is written %40, "/" %2F and ":" %3A';
  const scheme = "it must begin with postgres://, postgresql:// or pglite:. " +
    "Write it as postgres://USER:PASSWORD@HOST:PORT/DATABASE, without quotes or blanks around it";
  const at = 'user and password must be percent-encoded ("@" as %40, "/" as %2F)';
  const port = `the port must be a number from 1 to 65535. ${encoded}`;
  const cases: Readonly<Record<string, string>> = {
    "localhost/shop": scheme,
    "mysql://u:sekret@h/db": scheme,
    "postgres:/u:sekret@h/db": scheme,
    '"postgres://u:sekret@h/db"': scheme,
    "host=h password=sekret": scheme,
    "postgres://u:sekret@h:99999/db": port,
    "postgres://u:sek%zzret@h/db": "a % must be followed by the two hexadecimal digits of a UTF-8 byte",
    "postgres://u:sek@ret@h/db": at,
    "postgres://u:sek/ret@h/db": at,
    "postgres://u:sekret@[::1/db": "an IPv6 address must be written in brackets",
    "postgres://u:sekret@h/db?sslmode=maybe": '"sslmode" must be one of ' +
      "prefer, disable, allow, require, verify-ca, verify-full. It comes from the URL, or from PGSSLMODE",
    "postgres://u:sekret@h/db?ssl_mode=require": 'unknown key "ssl_mode". ' +
      "Settings of the server are written options=-c%20name%3Dvalue; a ? in a password as %3F",
    "pglite://data": "a PGlite folder is written pglite:./folder or pglite:/folder",
  };
  for (const [url, reason] of Object.entries(cases)) {
    const call = await run("up", "-u", url);
    assertEquals(call, { code: 2, out: "", err: `Error: Cannot read the database URL: ${reason}\n` }, url);
    const { databases, error } = JSON.parse((await run("status", "--json", "-u", url)).out);
    assertEquals([databases, error.code, JSON.stringify(error).includes("sekret")], [[], "CONFIG", false]);
  }
});

Deno.test("a server that is not there, and one that lacks what was asked for", async () => {
  await onServer(async (url, run) => {
    const down = "postgres://u:sekret@127.0.0.1:1/x";
    const refused = "Cannot connect to 127.0.0.1:1/x: connection refused\n";
    await assertUntouched(url, run(down, "up"), 3, `Error: ${refused}`);
    const waiting = `Waiting: ${refused}Error: No answer within 300.0 ms\n`;
    await assertUntouched(url, run(down, "wait", "--timeout", "300ms"), 3, waiting);
    const wrong = 'Cannot connect to HOST/DB: password authentication failed for user "postgres". ' +
      "Check user and password; in a URL, special characters of both are percent-encoded\n";
    await assertUntouched(url, run(changed(url, (one) => one.password = "sekret"), "up"), 3, `Error: ${wrong}`);
    const nowhere = 'Cannot connect to HOST/nowhere: database "nowhere" does not exist. ' +
      "Create the database first, or correct its name in the URL\n";
    await assertUntouched(url, run(changed(url, (one) => one.pathname = "/nowhere"), "up"), 3, `Error: ${nowhere}`);
    assertEquals((await run(url, "wait", "--timeout", "10s")).code, 0);
  });
});

Deno.test("a history that is not ours, or of a newer release", async () => {
  await onServer(async (url, run) => {
    const foreign = 'Error: Cannot use "public"."metapg_migrations" for the history: it is not a table of this tool. ' +
      "Choose another name with --table\n";
    await query(url, "CREATE TABLE metapg_migrations (id int)");
    for (const command of [["up"], ["status"], ["down"], ["history"], ["repair", "-y"], ["lock", "status"]]) {
      if (command[0] === "lock") assertEquals((await run(url, ...command)).code, 0);
      else await assertUntouched(url, run(url, ...command), 7, foreign);
    }
    await query(url, "COMMENT ON TABLE metapg_migrations IS '@metapg/migration layout 2'");
    await assertUntouched(
      url,
      run(url, "up"),
      7,
      'Error: Cannot use "public"."metapg_migrations": its layout 2 is from a newer release, this one knows layout 1. Upgrade this tool\n',
    );
    await query(
      url,
      "DROP TABLE metapg_migrations; CREATE VIEW metapg_migrations AS SELECT 1 AS id; " +
        "COMMENT ON VIEW metapg_migrations IS '@metapg/migration layout 1'",
    );
    await assertUntouched(url, run(url, "up"), 7, foreign);
    await query(url, "DROP VIEW metapg_migrations; CREATE TABLE metapg_migrations_log (id int)");
    await assertUntouched(
      url,
      run(url, "up"),
      7,
      foreign.replace("metapg_migrations", "metapg_migrations_log"),
    );
    assertEquals((await run(url, "up", "--table", "app.history")).code, 0);
  });
});

Deno.test("a read-only server takes no migration, but says how it stands", async () => {
  await onServer(async (url, run) => {
    const readOnly = `${url}?options=-c%20default_transaction_read_only%3Don`;
    const text = 'Error: Cannot write to "DB": the server is read-only. ' +
      "Connect to the primary, and see that default_transaction_read_only is off\n";
    await assertUntouched(url, run(readOnly, "up"), 7, `${text}Not applied: 001_roles, 002_users, 003_posts\n`);
    await assertUntouched(url, run(readOnly, "baseline", "--to", "001_roles", "-y"), 7, text);
    assertEquals((await run(readOnly, "status")).code, 0);
    assertEquals((await run(url, "up")).code, 0);
    assertEquals((await run(readOnly, "up")).code, 0);
    await assertUntouched(
      url,
      run(readOnly, "down", "002_users"),
      7,
      `Rolling back 002_users\n${text}Not rolled back: 002_users\n`,
    );
  });
});

Deno.test("a role that may not create the history", async () => {
  await onServer(async (url, run) => {
    const role = `weak_${new URL(url).pathname.slice(1)}`;
    await query(url, `CREATE ROLE ${role} LOGIN PASSWORD 'sekret'; REVOKE CREATE ON SCHEMA public FROM PUBLIC`);
    try {
      const weak = changed(url, (one) => Object.assign(one, { username: role, password: "sekret" }));
      const grant = "Grant the role what it needs: CREATE on the schema of the history for the first run, " +
        "then SELECT, INSERT, UPDATE and DELETE on its tables\n";
      await assertUntouched(
        url,
        run(weak, "up"),
        2,
        `Error: Cannot use the history: permission denied for schema public (42501). ${grant}Not applied: 001_roles, 002_users, 003_posts\n`,
      );
      assertEquals((await run(weak, "status")).code, 0);
      assertEquals((await run(url, "up", "1")).code, 0);
      await assertUntouched(
        url,
        run(weak, "status"),
        2,
        `Error: Cannot use the history: permission denied for table metapg_migrations (42501). Grant the role what it needs to read: USAGE on the schema of the history and SELECT on its table; for the log on that, too\n`,
      );
    } finally {
      await query(url, `DROP ROLE ${role}`);
    }
  });
});

Deno.test("odd files that are fine: Windows line ends, a byte order mark, 15 digits, 20 MB", async () => {
  const value = `('${"x".repeat(1000)}')`;
  const large = `INSERT INTO big VALUES\n${Array(20_000).fill(value).join(",\n")};\n`;
  const files = {
    [`${DIR}/001_windows.sql`]:
      "\ufeff-- Description: Für alle\r\n\r\nCREATE TABLE big (\r\n  text text\r\n);\r\n-- ROLLBACK\r\nDROP TABLE big;\r\n",
    [`${DIR}/002_large.sql`]: large,
    [`${DIR}/999999999999999_last.sql`]: "-- Depends: 001_windows\r\nSELECT 1;\r\n-- ROLLBACK\r\n",
  };
  const { runWith } = await project(files, []);
  await withDatabase(async (url) => {
    const run = (...args: string[]) => runWith({ env: { DATABASE_URL: url } }, ...args);
    const up = await run("up");
    assertEquals([up.code, steady(up.out)], [0, "Applied 3 migrations in  T ms\n"]);
    const rows = await query(
      url,
      "SELECT (SELECT count(*)::int FROM big) AS rows, version::text, length(source) AS length FROM metapg_migrations ORDER BY seq",
    );
    assertEquals(rows.map(({ rows, version, length }) => [Number(rows), version, Number(length)]), [
      [
        20_000,
        "1",
        "-- Description: Für alle\n\nCREATE TABLE big (\n  text text\n);\n-- ROLLBACK\nDROP TABLE big;\n".length,
      ],
      [20_000, "2", large.length],
      [20_000, "999999999999999", "-- Depends: 001_windows\nSELECT 1;\n-- ROLLBACK\n".length],
    ]);
    assertEquals((await run("check")).out, "default: no problems\n");
    assertEquals((await run("show", "002_large")).out, large);
  }, { major: 14 });
});
