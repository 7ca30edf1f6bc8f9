import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { tokenChecksum } from "../../src/core/checksum.ts";
import { splitStatements } from "../../src/core/statements.ts";
import { readSections } from "../../src/core/sections.ts";
import { ourTokens, postgresStatements, sqlFiles } from "./_oracle.ts";

function split(sql: string): string[] {
  return splitStatements({ sql, start: 0 }).map((statement) => statement.sql);
}

Deno.test("splitStatements() gives offsets in the text of the file", () => {
  const text = "SELECT 1;\n-- ROLLBACK\n  SELECT 2 ; -- two\nVACUUM";
  const start = text.indexOf("  SELECT 2");
  const statements = splitStatements({ sql: text.slice(start), start });
  assertEquals(statements.map((statement) => text.slice(statement.start, statement.end)), ["SELECT 2", "VACUUM"]);
  assertEquals(statements.map(({ sql, kind }) => [sql, kind]), [["SELECT 2", "plain"], ["VACUUM", "alone"]]);
});

Deno.test("splitStatements() takes what is not whole as one statement", () => {
  assertEquals(split("SELECT 1; SELECT ';"), ["SELECT 1", "SELECT ';"]);
  assertEquals(split("SELECT (1; SELECT 2"), ["SELECT (1; SELECT 2"]);
  assertEquals(split("SELECT 1); SELECT 2"), ["SELECT 1)", "SELECT 2"]);
  assertEquals(split("CREATE FUNCTION f() BEGIN ATOMIC SELECT 1; SELECT 2"), [
    "CREATE FUNCTION f() BEGIN ATOMIC SELECT 1; SELECT 2",
  ]);
});

Deno.test("splitStatements() leaves out empty statements and commands of psql", () => {
  assertEquals(split(";; ; -- x\n/* y */;"), []);
  assertEquals(split("\\set x 1;\nSELECT 1 \\g\nSELECT 2"), ["SELECT 1", "SELECT 2"]);
});

Deno.test("splitStatements() passes over the rows behind COPY … FROM STDIN", () => {
  assertEquals(split("COPY t FROM stdin;\n1;\tit's (\n\\.\nSELECT 1;\nSELECT 2"), [
    "COPY t FROM stdin",
    "SELECT 1",
    "SELECT 2",
  ]);
  assertEquals(split("COPY t FROM stdin;\nSELECT 1"), ["COPY t FROM stdin", "SELECT 1"]);
});

Deno.test("splitStatements() sees BEGIN ATOMIC only in CREATE FUNCTION and CREATE PROCEDURE", () => {
  assertEquals(split("CREATE VIEW v AS SELECT begin atomic; SELECT 2").length, 2);
  assertEquals(split("CREATE OR REPLACE VIEW v AS SELECT begin atomic; SELECT 2").length, 2);
  assertEquals(split("CREATE 'x' FUNCTION f() BEGIN ATOMIC SELECT 1; END").length, 2);
  assertEquals(
    split("CREATE FUNCTION f(begin int) RETURNS begin LANGUAGE sql BEGIN ATOMIC SELECT 1; END; SELECT 2").length,
    2,
  );
  assertEquals(split('CREATE FUNCTION f() BEGIN "ATOMIC"; SELECT 2').length, 2);
  assertEquals(split("CREATE FUNCTION f() BEGIN; SELECT 2").length, 2);
  assertEquals(split("CREATE FUNCTION f() BEGIN begin ATOMIC END; SELECT 2").length, 2);
});

Deno.test("splitStatements() takes BEGIN ATOMIC inside BEGIN ATOMIC as a part of it", () => {
  const outer =
    "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC CREATE FUNCTION g() RETURNS int BEGIN ATOMIC SELECT 1; END; SELECT 2; END";
  assertEquals(split(`${outer}; SELECT 3`), [outer, "SELECT 3"]);
});

for (const folder of ["tests", "migrations"]) {
  Deno.test(`splitStatements() agrees with PostgreSQL on every SQL file under ${folder}/`, () => {
    let judged = 0;
    for (const { path, text } of sqlFiles(folder)) {
      const expected = postgresStatements(text);
      if (expected === undefined || text.includes("\0")) continue;
      assertEquals(split(text).map(ourTokens), expected, path);
      judged++;
    }
    assert(judged > 0);
  });
}

/** Whole statements, without a comment at either end. */
const STATEMENTS = [
  "SELECT 1",
  "SELECT 'a;''b', E'\\';', U&'\\0041;', \";\", '\n-- ROLLBACK\n'",
  "SELECT $$;$$, $a$ $$;$$ $a$ AS a$b$c /* ; /* ; */ */, 1 -- ;\n, 2",
  "SELECT 'é🐘', '--', '/*' /* ' */ AS x",
  "SELECT 'a'\n';b'",
  "INSERT INTO t VALUES (1, (2)), (3, ';')",
  "CREATE RULE r AS ON INSERT TO t DO ALSO (INSERT INTO l VALUES (1); DELETE FROM l)",
  "CREATE FUNCTION f(x int DEFAULT (1)) RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END",
  "CREATE OR REPLACE PROCEDURE p() LANGUAGE sql BEGIN ATOMIC DELETE FROM t WHERE a = (CASE b WHEN 1 THEN 2 END); END",
  "CREATE FUNCTION g() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1 AS end; SELECT t.end FROM t; SELECT 2 end; END",
  "CREATE FUNCTION h() RETURNS int LANGUAGE sql RETURN CASE WHEN true THEN 1 END",
  "CREATE FUNCTION i() RETURNS int LANGUAGE sql AS $f$ BEGIN; SELECT 1; END; $f$",
  "CREATE FUNCTION e() RETURNS void LANGUAGE sql BEGIN ATOMIC END",
  "CREATE SCHEMA s CREATE TABLE a (id int) CREATE VIEW v AS SELECT 1",
  "DO $$ BEGIN NULL; END $$",
  "BEGIN",
  "END",
  "SELECT begin, atomic FROM t",
  "CREATE TABLE t (a int, CHECK (a > 0 AND (a < 1)))",
  "SELECT a[1:2], b::text, c->>'d', -1, 1..2, 1e5, 0x1F, 1_000",
];
const GAPS = ["", " ", "\n", "-- x;\n", "/* ; */", ";", "\n-- $$ '\n"];

Deno.test("splitStatements() splits joined statements where they were joined", () => {
  const pieces = fc.array(fc.record({ sql: fc.constantFrom(...STATEMENTS), gap: fc.constantFrom(...GAPS) }));
  let judged = 0;
  fc.assert(
    fc.property(pieces, fc.constantFrom(...GAPS), fc.boolean(), (pieces, lead, ended) => {
      let text = lead;
      const starts: number[] = [];
      for (const { sql, gap } of pieces) {
        starts.push(text.length);
        text += `${sql};${gap}`;
      }
      if (!ended && text.endsWith(";") && !text.endsWith(";;")) text = text.slice(0, -1);
      const statements = splitStatements({ sql: text, start: 0 });
      assertEquals(statements.map(({ sql }) => sql), pieces.map(({ sql }) => sql));
      assertEquals(statements.map(({ start }) => start), starts);
      const expected = postgresStatements(text);
      if (expected !== undefined) {
        assertEquals(statements.map(({ sql }) => ourTokens(sql)), expected);
        judged++;
      }
    }),
    { numRuns: 500 },
  );
  assert(judged > 100, `PostgreSQL took only ${judged} texts`);
});

Deno.test("readSections() cuts at the marker that joins two lists of statements", () => {
  const lists = fc.array(fc.constantFrom(...STATEMENTS), { minLength: 1 });
  fc.assert(
    fc.property(lists, lists, fc.boolean(), (up, down, ended) => {
      const marker = "\n-- ROLLBACK (again)\n";
      const upSql = up.join(";\n") + (ended ? ";" : "") + "\n";
      const text = upSql + marker.slice(1) + down.join("; ");
      const sections = readSections(text);
      assertEquals(sections.up, { sql: upSql, start: 0 });
      assertEquals(sections.rollback?.start, upSql.length + marker.length - 1);
      assertEquals(sections.upStatements.map(({ sql }) => sql), up);
      assertEquals(sections.rollbackStatements.map(({ sql }) => sql), down);
      assertEquals(sections.findings, []);
    }),
    { numRuns: 500 },
  );
});

Deno.test("readSections() finds the token checksum of the up section on its way", async () => {
  const pieces = [
    ...STATEMENTS,
    ";",
    "\n-- ROLLBACK\n",
    "-- a comment\n",
    "/* /* b */ */",
    "COPY t FROM stdin;\n1;\tit's (\n\\.\n",
    "(",
    ")",
    "\\set x 1",
    "'",
    "$a$ é🐘",
    " \n",
  ];
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...pieces), { maxLength: 12 }), async (parts) => {
      const { up, upTokens } = readSections(parts.join(" "));
      if (upTokens === undefined) assert(up.sql.includes("COPY"));
      else assertEquals(await upTokens.checksum(), await tokenChecksum(up.sql));
    }),
    { numRuns: 2000 },
  );
});
