/**
 * Statements and pieces of SQL that scanners get wrong.
 *
 * @module
 */

import type { Random } from "./random.ts";

/** What may stand anywhere in a damaged file: quotes, comments, markers, characters that are no white space to PostgreSQL. */
const ODD = [
  ..."'\"\\$;()[]-/*:.,#@~\0\t\f\v\r\n ",
  "",
  "",
  "",
  " ",
  "\n",
  "--",
  "--\n",
  "/*",
  "*/",
  "/**/",
  "/* /* */ */",
  "/*/**/",
  "-- '\n",
  "-- \\'\r",
  "-- ROLLBACK\n",
  "\n-- ROLLBACK\n",
  "\n-- ROLLBACK (",
  "\n/* ROLLBACK */",
  "\n-- Depends: 001_x\n",
  "E'",
  "E'\\",
  "U&'",
  'U&"',
  "N'",
  "B'",
  "x'",
  "$$",
  "$a$",
  "$é$",
  "$1",
  "$1$",
  "a$$",
  "a$b$",
  "1$a$",
  "1e",
  "0x",
  "1_",
  "\\.",
  "\n\\.\n",
  "\\gexec",
  "\n\\i x.sql\n",
  "BEGIN",
  "BEGIN ATOMIC",
  "END",
  "COMMIT;",
  "CASE",
  "\ufeff",
  "\u00a0",
  "\u0085",
  "\u2028",
  "\u3000",
  "\u200b",
  "\ud83d",
  "\udc18",
  "🐘",
  "é",
  "\u0130",
  "ſ",
  "\x1b[31m",
];

/**
 * Picks a piece of text.
 *
 * @param random What decides.
 * @returns It; often none.
 */
export function odd(random: Random): string {
  return random.chance(0.6) ? "" : random.pick(ODD);
}

/** Insides of quotes. */
const INSIDES = [
  "",
  "a",
  ";",
  "--",
  "/*",
  "*/",
  "\n-- ROLLBACK\n",
  "\r\n",
  "$$",
  "$a$",
  "\\\\",
  "é🐘",
  "\n\\.\n",
  "BEGIN; COMMIT",
  "(",
  ")",
  "\u2028",
  "Depends: x",
];

const TAGS = ["", "a", "A", "_", "a1", "é", "ROLLBACK", "body", "aa", "🐘"];

const BLANKS = [" ", " ", " ", "\n", "\t", "\n\n", "\f", " /* ; */ ", " -- ;\n", "\r\n", " /*/*'*/*/ ", " --\r"];

/** White space or a comment. */
function blank(random: Random): string {
  return random.pick(BLANKS);
}

function inside(random: Random): string {
  return random.several(0, 3, () => random.pick(INSIDES)).join("");
}

function literal(random: Random): string {
  const text = inside(random);
  const doubled = text.replaceAll("'", "''");
  switch (random.below(12)) {
    case 0:
      return `E'${doubled}\\'${random.pick(["", ";", "\\n", "\\x27", "\\101", "\\u0041", "\\"])}\\\\'`;
    case 1:
      return `U&'${doubled.replaceAll("\\", "\\\\")}\\0041'`;
    case 2:
      return `U&'!0041${doubled.replaceAll("\\", "")}'${blank(random)}UESCAPE${blank(random)}'!'`;
    case 3:
      return `'${doubled}'\n'${doubled}'`;
    case 4:
      return `'a'${random.pick([" \n ", "\n", "\r", " -- x\n", "\n--'\n", "\n\n\t", " /**/ "])}';${doubled}'`;
    case 5:
      return random.pick(["B'01'", "x'1F'", "b'1'\n'0'", "N'a;'", "n'--'", "e'\\\\'", "E'\\'';'", "'\\'"]);
    case 6:
    case 7: {
      const tag = `$${random.pick(TAGS)}$`;
      return `${tag}${text.replaceAll(tag, "")}${random.pick(["", "$", "'", "$$x".replaceAll(tag, ""), "\\"])} ${tag}`;
    }
    default:
      return `'${doubled}'`;
  }
}

const NAMES = [
  "a",
  "t",
  "a$b$c",
  "é",
  '"a;b"',
  '"--"',
  '"/*"',
  '"a""b"',
  'U&"\\0061"',
  "a$",
  "_1",
  "begin_",
  "atomic",
  '"\n-- ROLLBACK\n"',
  "ſ",
  "\u00a0",
  "x.y",
];

function name(random: Random): string {
  return random.pick(NAMES);
}

const OPERATORS = [
  "+",
  "-",
  "*",
  "/",
  "||",
  "=",
  "<>",
  "->>",
  "@-",
  "@>",
  "~*",
  "<->",
  "&&",
  "#>",
  "::text=",
  "-*",
  "?|",
];

const NUMBERS = ["1", "1.", ".5", "1e10", "1E-5", "0x1f", "0o17", "0b1", "1_000", "1.5_0", "$1", "-1", "- -1"];

/** An expression that PostgreSQL mostly takes. */
function expression(random: Random, depth = 0): string {
  if (depth > 3) return random.pick(NUMBERS);
  const next = () => expression(random, depth + 1);
  switch (random.below(14)) {
    case 0:
      return `(${blank(random)}${next()}${blank(random)})`;
    case 1:
      return `${next()} ${random.pick(OPERATORS)}${random.pick([" ", "", "--x\n", "/*;*/", "\n"])}${next()}`;
    case 2:
      return `CASE WHEN true THEN ${next()} ELSE ${next()} END`;
    case 3:
      return `f(${random.several(0, 3, next).join(",")})`;
    case 4:
      return `(SELECT ${next()} FROM t)`;
    case 5:
      return `${name(random)}::${random.pick(["text", "numeric(1,2)", "int[]"])}`;
    case 6:
      return `(ARRAY[1,2])[${random.pick(["1:2", "1", ":", "a:b"])}]`;
    case 7:
    case 8:
      return random.pick(NUMBERS);
    case 9:
    case 10:
      return name(random);
    default:
      return literal(random);
  }
}

/** Statements that the format has rules for; `…` stands for an expression. */
const TEMPLATES = [
  "SELECT …",
  "SELECT … AS end, … AS begin",
  "SELECT …, … FROM t WHERE a = …",
  "INSERT INTO t VALUES (…, …)",
  "UPDATE t SET a = …",
  "CREATE TABLE t (a int DEFAULT …, CHECK (a > …))",
  "CREATE RULE r AS ON INSERT TO t DO ALSO (SELECT …; DELETE FROM t WHERE a = …)",
  "CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT …; SELECT …; END",
  "CREATE OR REPLACE PROCEDURE p(a int DEFAULT …) LANGUAGE sql BEGIN ATOMIC INSERT INTO t VALUES (CASE a WHEN 1 THEN … END); END",
  "create function f() returns int begin atomic select case when true then case 1 when 2 then … end end; select 1 end; end",
  "CREATE FUNCTION f() RETURNS void LANGUAGE sql BEGIN\n-- ROLLBACK\nATOMIC\n-- ROLLBACK\nEND",
  "CREATE FUNCTION f(begin int, OUT atomic int) RETURNS int LANGUAGE sql RETURN …",
  "CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $body$ BEGIN COMMIT; END $body$",
  "CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT (SELECT …; SELECT 2); END",
  "CREATE TRIGGER begin BEFORE INSERT ON t EXECUTE FUNCTION f(…)",
  "CREATE SCHEMA s CREATE TABLE a (id int) CREATE VIEW v AS SELECT …",
  "CREATE VIEW v AS SELECT begin, atomic FROM t",
  "DO $$ BEGIN PERFORM …; END $$",
  "DO LANGUAGE plpgsql '…'",
  "CALL p(…)",
  "COMMENT ON TABLE t IS 'x'",
  "PREPARE transaction AS SELECT …",
  "PREPARE TRANSACTION 'x'",
  "BEGIN",
  "BEGIN ISOLATION LEVEL SERIALIZABLE, READ ONLY",
  "START TRANSACTION READ WRITE",
  "COMMIT",
  "COMMIT AND CHAIN",
  "COMMIT PREPARED 'x'",
  "END WORK",
  "ROLLBACK",
  "ROLLBACK WORK TO SAVEPOINT a",
  "ROLLBACK TO a",
  "ROLLBACK PREPARED 'x'",
  "ABORT TRANSACTION",
  "SAVEPOINT a",
  "RELEASE a",
  "SET TRANSACTION READ ONLY",
  "SET LOCAL TRANSACTION ISOLATION LEVEL REPEATABLE READ",
  "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",
  "SET LOCAL SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",
  "SET SESSION SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",
  "SET TRANSACTION SNAPSHOT 'x'",
  "SET transaction TO 1",
  "SET session = 1",
  "SET LOCAL work_mem TO '1MB'",
  "SET standard_conforming_strings = off",
  "SET SESSION standard_conforming_strings TO 'on'",
  "SELECT set_config('standard_conforming_strings', 'off', …)",
  "SELECT pg_advisory_unlock_all()",
  "RESET ALL",
  "DISCARD ALL",
  "DISCARD TEMP",
  "VACUUM t",
  "VACUUM (ANALYZE, VERBOSE) t",
  "ANALYZE t",
  "CLUSTER",
  "CLUSTER VERBOSE",
  "CLUSTER (VERBOSE) t",
  "CLUSTER t USING i",
  "REINDEX TABLE t",
  "REINDEX (CONCURRENTLY) INDEX i",
  "REINDEX (concurrently off, verbose) TABLE t",
  "REINDEX INDEX CONCURRENTLY i",
  "REINDEX DATABASE d",
  "REINDEX SCHEMA s",
  "REINDEX SYSTEM",
  "CREATE INDEX CONCURRENTLY ON t (a)",
  'CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS "i;" ON ONLY t ((…))',
  "CREATE INDEX concurrently_ ON t (a)",
  "DROP INDEX CONCURRENTLY IF EXISTS i, j",
  "DROP INDEX CONCURRENTLY if",
  "DROP INDEX i",
  "ALTER TABLE IF EXISTS ONLY t DETACH PARTITION p CONCURRENTLY",
  "ALTER TABLE t DETACH PARTITION p FINALIZE",
  "ALTER TABLE t * ADD COLUMN b int DEFAULT …",
  "ALTER SYSTEM SET work_mem = '1MB'",
  "ALTER DATABASE d SET TABLESPACE x",
  "ALTER DATABASE d WITH TABLESPACE = x",
  "ALTER DATABASE d SET tablespace = 1",
  "ALTER DATABASE d SET work_mem = 1",
  "CREATE DATABASE d TEMPLATE template0",
  "DROP DATABASE IF EXISTS d WITH (FORCE)",
  "CREATE TABLESPACE x LOCATION '/x'",
  "DROP TABLESPACE IF EXISTS x",
  "CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p",
  "CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p WITH (connect = false)",
  "CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION with_, p WITH (create_slot = 'off', copy_data)",
  "ALTER SUBSCRIPTION s REFRESH PUBLICATION",
  "ALTER SUBSCRIPTION s SET PUBLICATION p WITH (refresh = 0)",
  "ALTER SUBSCRIPTION s ADD PUBLICATION p",
  "ALTER SUBSCRIPTION s SET (two_phase = on)",
  "ALTER SUBSCRIPTION s DISABLE",
  "DROP SUBSCRIPTION s",
  "COPY t FROM STDIN;\n1\t';\n\\.\n",
  "COPY t (a, b) FROM STDIN WITH (FORMAT csv, HEADER true)",
  "COPY (SELECT … FROM t) TO STDOUT",
  "COPY t FROM '/x' WITH (FORMAT csv)",
  "COPY t TO PROGRAM 'cat'",
  "LOCK TABLE t IN ACCESS EXCLUSIVE MODE NOWAIT",
  "GRANT SELECT ON t TO PUBLIC",
  "EXPLAIN (COSTS off) SELECT …",
  "DECLARE c CURSOR FOR SELECT …",
  "LISTEN x",
  "SELECT $1 || $$ ; $$ || $x$ $$ $x$",
  "\\connect other\n",
  "SELECT 1 \\gexec\n",
  "# comment\nSELECT 1",
  "",
];

/**
 * Writes a statement without its semicolon.
 *
 * @param random What decides.
 * @returns It, with odd blanks between its words and odd values in it.
 */
export function statement(random: Random): string {
  // Half of them plain: every file with a statement that is refused is of no more use to the judge.
  const template = random.chance(0.5) ? TEMPLATES[random.below(18)]! : random.pick(TEMPLATES);
  const isSpaced = random.chance(0.7);
  return template.replaceAll(/…| /g, (piece) => {
    if (piece === "…") return expression(random);
    return isSpaced || random.chance(0.7) ? piece : blank(random);
  });
}

const HEADER_LINES = [
  "-- Description: d'); DROP TABLE x; --",
  "-- Description: $$ \\ E'",
  "-- description:x",
  "-- Depends: 001_a, 002_b",
  "-- Depends: (none)",
  "-- Depends:",
  "-- Depends on: 001_a",
  "-- Dependz: 001_a",
  "-- Transaction: none",
  "-- Transaction: NONE",
  "-- Transaction: none",
  "-- Transaction : none",
  "-- Transactional: none",
  "-- Lock-Timeout: 3s",
  "-- Lock Timeout: 3s",
  "-- Statement-Timeout: 1000h",
  "-- Lock-Timeout: 5m",
  "-- Note: nothing",
  "/* Transaction: none */",
  "-- a comment",
  "",
  "\t--\tLock-Timeout:\t0",
  "--\u00a0Depends: 001_a",
];

/**
 * Writes a line for the top of a file.
 *
 * @param random What decides.
 * @returns A header key, a near miss of one, or a comment.
 */
export function headerLine(random: Random): string {
  return random.pick(HEADER_LINES);
}
