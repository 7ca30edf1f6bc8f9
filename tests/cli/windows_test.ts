import { assertEquals, assertStringIncludes } from "@std/assert";
import { checksum } from "../../src/core/checksum.ts";
import { project } from "./project.ts";

const DIR = "C:\\shop\\migrations";

/** As an editor on Windows saves it. */
const FILE =
  "\ufeff-- Description: First\r\n\r\nCREATE TABLE first (\r\n  id int\r\n);\r\n-- ROLLBACK\r\nDROP TABLE first;\r\n";

Deno.test("a folder of Windows is read and written, with and without a separator at its end", async () => {
  for (const dir of [DIR, `${DIR}\\`, "C:/shop/migrations/"]) {
    const { run, json, query } = await project({ "C:/shop/migrations/001_first.sql": FILE });
    assertEquals((await run("up", "-d", dir)).code, 0);
    const [{ applied, pending, changed }] = (await json("status", "-d", dir)).databases;
    assertEquals([applied.length, pending, changed], [1, [], []]);
    const unix = FILE.slice(1).replaceAll("\r\n", "\n");
    assertEquals(await query("SELECT checksum, source FROM metapg_migrations"), [
      { checksum: await checksum(unix), source: unix },
    ]);
    assertEquals((await run("show", "001_first", "-d", dir)).out, unix);
    assertEquals((await run("down", "-d", dir)).code, 0);
    assertEquals(
      (await run("new", "second step", "-d", dir)).out,
      `${dir.replace(/[/\\]$/, "")}/002_second_step.sql\n`,
    );
  }
});

Deno.test("problems of files in a folder of Windows have a path, a line and a column", async () => {
  const { run, json } = await project({
    [`${DIR}\\001_first.sql`]: "CREATE TABLE a (id int);\r\nBEGIN;\r\n",
    [`${DIR}\\001_again.sql`]: "SELECT 1;\r\n",
    [`${DIR}\\deep\\002_x.sql`]: "SELECT 1;\r\n",
  });
  const { out } = await run("validate", "-d", `${DIR}\\`);
  assertStringIncludes(out, `${DIR}/001_first.sql:2:1: Cannot use BEGIN`);
  assertStringIncludes(out, `${DIR}/001_first.sql: Version 1 is also that of "001_again.sql"`);
  assertStringIncludes(out, `${DIR}/deep/002_x.sql: Migration file "deep/002_x.sql" is in a sub-folder`);
  const [{ problems }] = (await json("validate", "-d", DIR)).databases;
  assertEquals(problems.map(({ path, line }: { path: string; line: number | null }) => [path, line]), [
    [`${DIR}/001_first.sql`, null],
    [`${DIR}/001_first.sql`, 2],
    [`${DIR}/deep/002_x.sql`, null],
  ]);
});

Deno.test("an error of a file with CRLF is shown where an editor has it", async () => {
  const { run } = await project({
    [`${DIR}\\001_first.sql`]: "-- ä\r\nCREATE TABLE a (id int);\r\nSELECT  nothing;\r\n",
  });
  const { code, err } = await run("up", "-d", DIR);
  assertEquals(code, 4);
  assertStringIncludes(err, `${DIR}/001_first.sql:3:9\n`);
  assertStringIncludes(err, "  > 3 │ SELECT  nothing;\n      │         ^\n");
});
