import { assertEquals, assertRejects } from "@std/assert";
import { DatabaseError } from "../../src/core/database_error.ts";
import { MigrationError } from "../../src/core/error.ts";
import { splitUnits } from "../../src/core/unit.ts";
import { mayHaveCommitted } from "../../src/runner/open_end.ts";
import { onServers } from "./project.ts";

const FAILED = new DatabaseError("server", "boom", {
  sqlstate: "P0001",
  where: "PL/pgSQL function f() line 1 at RAISE",
});

async function isOpen(sql: string, error: unknown = FAILED, answer: string | Error = "false"): Promise<boolean> {
  const [unit] = splitUnits({ sql, start: 0 });
  const finish = () => answer instanceof Error ? Promise.reject(answer) : Promise.resolve([{ value: answer }]);
  return await mayHaveCommitted({ finish }, unit!, error);
}

const OPEN = [
  "DO $$ BEGIN INSERT INTO t VALUES (1); COMMIT; END $$",
  "DO $$ BEGIN commit; CREATE TEMP TABLE x (id int) ON COMMIT DROP; END $$",
  "DO LANGUAGE plpython3u $$ plpy.commit() $$",
  "DO LANGUAGE plperl $$ spi_commit(); $$",
];
const CLOSED = [
  "DO $$ BEGIN ALTER TABLE commits ADD committed_at date; END $$",
  "DO $$ BEGIN CREATE TEMP TABLE x (id int) ON COMMIT DROP; END $$",
  "DO $$ BEGIN CALL p(); END $$",
  "CALL p()",
  "VACUUM",
];

Deno.test("mayHaveCommitted() finds a COMMIT in a DO, and asks for procedures where one is called", async () => {
  for (const sql of OPEN) assertEquals(await isOpen(sql), true, sql);
  for (const sql of CLOSED) assertEquals(await isOpen(sql), false, sql);
  assertEquals(await isOpen("CALL p()", FAILED, "true"), true);
  assertEquals(await isOpen("DO $$ BEGIN CALL p(); END $$", FAILED, "true"), true);
  assertEquals(await isOpen("DO $$ BEGIN PERFORM recall(); END $$", FAILED, "true"), false);
  assertEquals(await isOpen("CALL p()", FAILED, new Error("gone")), true);
});

Deno.test("mayHaveCommitted() knows what fails before a body runs", async () => {
  const sql = OPEN[0]!;
  const failed = (sqlstate: string, where?: string) => new DatabaseError("server", "boom", { sqlstate, where });
  assertEquals(await isOpen("CALL wrok()", failed("42883"), "true"), false);
  assertEquals(
    await isOpen(sql, failed("42601", 'compilation of PL/pgSQL function "inline_code_block" near line 1')),
    false,
  );
  assertEquals(await isOpen(sql, failed("42P01", "PL/pgSQL function inline_code_block line 3 at SQL statement")), true);
  const nested = 'compilation of PL/pgSQL function "p" near line 1\nPL/pgSQL function inline_code_block line 3 at CALL';
  assertEquals(await isOpen(sql, failed("42601", nested)), true);
  assertEquals(await isOpen(sql, failed("57014")), true);
});

onServers("a CALL is asked about only where a procedure is that may commit", async (project) => {
  const finish = project.query;
  const ask = async () => await mayHaveCommitted({ finish }, splitUnits({ sql: "CALL p()", start: 0 })[0]!, FAILED);
  assertEquals(await ask(), false);
  await project.query(`CREATE PROCEDURE p() LANGUAGE plpgsql AS $$ BEGIN
    CREATE TEMP TABLE x (committed_at date) ON COMMIT DROP; END $$;
    CREATE PROCEDURE q() LANGUAGE sql AS 'SELECT ''commit'''`);
  assertEquals(await ask(), false);
  await project.query("CREATE PROCEDURE r() LANGUAGE plpgsql AS $$ BEGIN COMMIT; END $$");
  assertEquals(await ask(), true);
});

onServers(
  "what fails before its body runs may be mended and goes on, and what began says how to edit it",
  async (project) => {
    await project.query(`CREATE TABLE done (id int);
    CREATE PROCEDURE work() LANGUAGE plpgsql AS $$ BEGIN INSERT INTO done VALUES (1); COMMIT; PERFORM 1 / 0; END $$`);
    const write = (sql: string) => project.files["001_x.sql"] = `-- Transaction: none\n${sql};\n`;
    const fails = () => assertRejects(() => project.runner().applyPending(), MigrationError);
    for (const sql of ["CALL wrok()", "DO $$ BEGIN COMMIT; NONSENSE END $$"]) {
      write(sql);
      assertEquals((await fails()).code, "PARTIAL", sql);
      const [row] = await project.query("SELECT unit_state AS state FROM metapg_migrations");
      assertEquals(row, { state: "failed" }, sql);
    }
    write("CALL work()");
    assertEquals((await fails()).code, "PARTIAL");
    write("INSERT INTO done VALUES (2)");
    const { code, hint } = await fails();
    assertEquals(code, "CHANGED");
    assertEquals(
      hint,
      "Restore its first statement; show 001_x prints it as it ran; if unit 1 may run as it is now, say repair --again 001_x:1 first",
    );
    await project.runner().repair({ again: { name: "001_x", unit: 1 } });
    assertEquals(await project.runner().applyPending(), ["001_x"]);
    assertEquals(await project.query("SELECT id FROM done ORDER BY id"), [{ id: 1 }, { id: 2 }]);
  },
);
