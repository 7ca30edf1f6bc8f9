import { assert, assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { MigrationError } from "../../src/core/error.ts";
import { parseFile } from "../../src/core/parse.ts";
import { quoteIdentifier, quoteLiteral } from "../../src/core/quote.ts";
import { memoryReader } from "../../src/core/reader.ts";
import { SqlError } from "../../src/core/sql_error.ts";
import { MigrationRunner } from "../../src/runner/runner.ts";
import { onEveryEngine, onServers, type Project } from "./project.ts";

/** What is gone if a value is read as SQL. */
const CANARY = "CREATE TABLE public.canary (id int); INSERT INTO public.canary VALUES (1);";

const DROP = "DROP TABLE public.canary; --";

/** Texts that end a quote of some kind if it is not minded. */
const HOSTILE = [
  `'; ${DROP}`,
  `"; ${DROP}`,
  `\\'; ${DROP}`,
  `$$; ${DROP} $1 \${x}`,
  `$a$; COMMIT; ${DROP} $a$`,
  `é🐘E'\\x27'; ${DROP}`,
  `*/ ''; ${DROP} %s %I {}`,
  "\\",
];

async function isSafe({ query }: Pick<Project, "query">): Promise<void> {
  assertEquals((await query("SELECT id FROM public.canary")).map((row) => row.id), [1]);
}

async function only(project: Project, sql: string): Promise<unknown> {
  return Object.values((await project.query(sql))[0] ?? {})[0];
}

/** Names that a catalog may hold, as an option of ours: quoted, with quotes doubled. */
const TABLES = [
  `"; ${DROP}`,
  `\\'; ${DROP}`,
  `$$; ${DROP} \\`,
  `é🐘'"`,
  "%s %I {} a.b Table",
  `${"é".repeat(28)}"`,
];

onEveryEngine("a history may have any name, and every command finds it", async (project) => {
  await project.query(CANARY);
  project.files["001_a.sql"] = "SELECT 1;\n-- ROLLBACK\nSELECT 2;\n";
  project.files["002_b.sql"] = "-- Transaction: none\nSELECT 1;\nDO $$ BEGIN END $$;\n";
  for (const name of TABLES) {
    const schema = `ops ${name}`.slice(0, 28);
    const runner = project.runner({ table: `${quoteIdentifier(schema)}.${quoteIdentifier(name)}` });
    assertEquals(await runner.applyPending(), ["001_a", "002_b"], name);
    assertEquals((await runner.getAppliedMigrations()).map((record) => record.name), ["001_a", "002_b"]);
    assertEquals((await runner.lockStatus()).holder, null);
    await runner.repair({ forget: [] });
    assertEquals(await runner.rollbackMigration("001_a"), ["001_a"]);
    assertEquals((await runner.history()).map(({ action }) => action), ["applied", "applied", "rolled_back"]);
    const names = await project.query(
      `SELECT c.relname::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE n.nspname = ${quoteLiteral(schema)} AND c.relkind = 'r' ORDER BY length(c.relname::text)`,
    );
    assertEquals(names.map((row) => row.name), [name, `${name}_log`]);
    await project.query(`DROP SCHEMA ${quoteIdentifier(schema)} CASCADE`);
  }
  await isSafe(project);
});

onEveryEngine("names of 63 bytes in the schema are taken, longer ones refused before they are cut", async (project) => {
  const schema = `${"é".repeat(31)}'`;
  assertEquals(new TextEncoder().encode(schema).length, 63);
  project.files["001_a.sql"] = "SELECT 1;";
  await project.runner({ table: `"${schema}".h` }).applyPending();
  assertEquals(await only(project, `SELECT count(*)::int FROM "${schema}".h`), 1);
  await project.query(`DROP SCHEMA "${schema}" CASCADE`);
  const error = assertThrows(() => project.runner({ table: `"${schema}x".h` }), MigrationError);
  assertEquals(error.code, "CONFIG");
});

onEveryEngine("descriptions and texts arrive as they are written", async (project) => {
  await project.query(`${CANARY} CREATE TABLE public.said (n int, text text);`);
  for (const [index, text] of HOSTILE.entries()) {
    project.files[`${100 + index}_a.sql`] = `-- Description: ${text}\n-- ${text}\n` +
      `INSERT INTO public.said VALUES (${index}, '${text.replaceAll("'", "''")}');\n-- ROLLBACK (${
        text.replaceAll(/[()]/g, "")
      })\n-- ${text}\nDELETE FROM public.said WHERE n = ${index};\n`;
  }
  const runner = project.runner();
  await runner.applyPending();
  const said = await project.query("SELECT text FROM public.said ORDER BY n");
  assertEquals(said.map((row) => row.text), HOSTILE);
  for (const [index, record] of (await runner.getAppliedMigrations()).entries()) {
    assertEquals(record.description, HOSTILE[index]!);
    assertEquals((await runner.show(record.name)).source, project.files[`${record.name}.sql`]);
  }
  await runner.rollbackMigration("100_a", { cascade: true });
  assertEquals(await only(project, "SELECT count(*)::int FROM public.said"), HOSTILE.length - 1);
  await isSafe(project);
});

onEveryEngine("a text of every character arrives byte by byte", async (project) => {
  const controls = Array.from({ length: 31 }, (_, code) => String.fromCharCode(code + 1)).filter((one) => one !== "\r");
  const others = ["\x7f", "\x80", "\x9f", "\u00a0", "\u2028", "\u2029", "\ufeff", "\ufffd", "\uffff", "\u{10ffff}"];
  const text = `SELECT 1; /* ${controls.join("")}${others.join("")}\r\\'"$$$a$ */\n-- ROLLBACK\n`;
  project.files["001_a.sql"] = text;
  project.files["002_b.sql"] = `-- Transaction: none\n${text}`;
  const runner = project.runner();
  await runner.applyPending();
  assertEquals((await runner.show("001_a")).source, text);
  assertEquals((await runner.show("002_b")).source, `-- Transaction: none\n${text}`);
  assertEquals(
    await only(project, "SELECT encode(convert_to(source, 'UTF8'), 'hex') FROM metapg_migrations WHERE version = 1"),
    Array.from(new TextEncoder().encode(text), (byte) => byte.toString(16).padStart(2, "0")).join(""),
  );
});

/** Messages, details and hints of a server are anything that a migration raises. */
const RAISED = [
  ...HOSTILE,
  `first\nsecond'; ${DROP}\n\rthird`,
  '\\x00 \\u0000 \x01\x7f invalid input syntax for type integer: "metapg:lock"',
  `COMMIT; ${DROP} {"a": "}\\"}`,
];

for (const mode of ["single", "none"]) {
  onEveryEngine(`errors that a migration raises are kept word for word (transaction ${mode})`, async (project) => {
    await project.query(CANARY);
    const runner = project.runner();
    for (const text of RAISED) {
      const raised = quoteLiteral(text);
      const body = `BEGIN RAISE EXCEPTION USING MESSAGE = ${raised}, DETAIL = ${raised}, HINT = ${raised}; END`;
      project.files["001_a.sql"] = `${mode === "none" ? "-- Transaction: none\n" : ""}DO ${quoteLiteral(body)};\n`;
      const error = await assertRejects(() => runner.applyPending(), SqlError) as SqlError;
      assertEquals([error.detail, error.serverHint], [text, text]);
      assert(!/[\r\n]/.test(error.message), error.message);
      const [row] = await project.query(
        "SELECT error, details ->> 'detail' AS detail FROM metapg_migrations_log ORDER BY id DESC LIMIT 1",
      );
      assertEquals([row?.error, row?.detail], [error.message, text]);
      assertEquals(await only(project, "SELECT error FROM metapg_migrations"), error.message);
      if (mode === "none") await runner.repair({ forget: ["001_a"] }).catch(() => undefined);
      await project.query("DELETE FROM metapg_migrations");
    }
    await isSafe(project);
  });
}

onEveryEngine("names that are asked for reach the server as values", async (project) => {
  await project.query(CANARY);
  project.files["001_a.sql"] = "SELECT 1;";
  const runner = project.runner();
  await runner.applyPending();
  for (const name of HOSTILE) {
    for (
      const call of [
        () => runner.repair({ forget: [name] }),
        () => runner.repair({ done: { name, unit: 1 } }),
        () => runner.repair({ again: { name, unit: 1 } }),
        () => runner.show(name),
        () => runner.rollbackMigration(name),
        () => runner.applyPending({ target: name }),
      ]
    ) {
      const error = await assertRejects(call, MigrationError, undefined, name) as MigrationError;
      assertEquals(error.code, "UNKNOWN_MIGRATION", name);
      assertStringIncludes(error.message, name);
    }
  }
  await isSafe(project);
});

onEveryEngine("rows of any name are shown, named as dependencies and forgotten", async (project) => {
  await project.query(CANARY);
  project.files["001_a.sql"] = "SELECT 1;";
  const runner = project.runner();
  await runner.applyPending();
  for (const name of HOSTILE) {
    await project.query(`INSERT INTO metapg_migrations
      SELECT ${quoteLiteral(name)}, 7, 7, ${quoteLiteral(name)}, checksum || 'x', token_checksum || 'x',
        ARRAY[${quoteLiteral(name)}], ${quoteLiteral(`SELECT 1; -- ${name}`)}, applied_at
      FROM metapg_migrations WHERE version = 1`);
    assertEquals((await runner.show(name)).source, `SELECT 1; -- ${name}`);
    assertEquals((await runner.getStatus()).missing.map((record) => record.name), [name]);
    await runner.repair({ forget: [name] });
    assertEquals((await runner.getAppliedMigrations()).map((record) => record.name), ["001_a"]);
    const log = (await runner.history()).at(-1);
    assertEquals([log?.action, log?.name], ["forgotten", name]);
    assertEquals((log?.details as { readonly old: { readonly source: string } }).old.source, `SELECT 1; -- ${name}`);
  }
  await isSafe(project);
});

Deno.test("a dependency or a database that is not a name is refused before anything is sent", async () => {
  for (const text of HOSTILE) {
    const { migration, problems } = await parseFile("001_a.sql", `-- Depends: ${text}\nSELECT 1;`);
    assertEquals([migration, problems[0]?.code], [undefined, "header"]);
    const database = () => assert(false) as never;
    const error = assertThrows(() => new MigrationRunner({ dbName: text, database, reader: memoryReader({}) }));
    assertEquals((error as MigrationError).code, "CONFIG");
  }
});

onServers("migrations run as a role of any name", async (project) => {
  await project.query(CANARY);
  for (const [index, text] of HOSTILE.entries()) {
    const role = `${crypto.randomUUID().slice(0, 8)} ${text}`;
    await project.query(`CREATE ROLE ${quoteIdentifier(role)}; GRANT CREATE ON SCHEMA public TO PUBLIC`);
    try {
      project.files[`${100 + index}_a.sql`] = `CREATE TABLE by_role_${index} AS SELECT current_user::text AS role;`;
      project.files[`${200 + index}_b.sql`] = `-- Transaction: none\nINSERT INTO by_role_${index} SELECT current_user;`;
      await project.runner({ role }).applyPending();
      const rows = await project.query(`SELECT role FROM by_role_${index}`);
      assertEquals(rows.map((row) => row.role), [role, role]);
      assertEquals(
        await only(project, "SELECT applied_by FROM metapg_migrations ORDER BY seq DESC LIMIT 1"),
        "postgres",
      );
    } finally {
      await project.query(`DROP OWNED BY ${quoteIdentifier(role)}; DROP ROLE ${quoteIdentifier(role)}`);
    }
  }
  await isSafe(project);
});
