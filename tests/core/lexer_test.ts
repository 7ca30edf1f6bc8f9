import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { Lexer, type Token } from "../../src/core/lexer.ts";
import { ourTokens, postgresTokens, sqlFiles } from "./_oracle.ts";

function read(sql: string): (readonly [kind: string, text: string])[] {
  return tokensOf(sql).map(({ kind, start, end }) => [kind, sql.slice(start, end)] as const);
}

function tokensOf(sql: string): Token[] {
  const tokens: Token[] = [];
  const lexer = new Lexer(sql);
  for (let token = lexer.next(); token !== undefined; token = lexer.next()) tokens.push(token);
  return tokens;
}

Deno.test("Lexer names the kinds of tokens", () => {
  assertEquals(read('SELECT "a""b", U&"c", 1.5, $1 || $t$;$t$ -- x\n/* y /* z */ */ \\i f ; \'q\' ;'), [
    ["word", "SELECT"],
    ["quoted", '"a""b"'],
    ["symbol", ","],
    ["quoted", 'U&"c"'],
    ["symbol", ","],
    ["number", "1.5"],
    ["symbol", ","],
    ["parameter", "$1"],
    ["operator", "||"],
    ["dollar", "$t$;$t$"],
    ["comment", "-- x"],
    ["block", "/* y /* z */ */"],
    ["meta", "\\i f ; 'q' ;"],
  ]);
});

Deno.test("Lexer keeps a string with its prefix and its continuations as one token", () => {
  for (
    const string of [
      "'a''b'",
      "'a\\'",
      "E'a\\'b\\\\'",
      "e'a''b'",
      "U&'\\0041'",
      "B'10'",
      "x'1F'",
      "N'a'",
      "'a'\n'b'",
      "'a' -- why\n  -- not\n 'b'\r'c'",
      "E'a\\''\n'\\'b'",
      "B'1'\n'0'",
    ]
  ) {
    assertEquals(read(`${string};`), [["string", string], ["symbol", ";"]], string);
  }
});

Deno.test("Lexer ends a string where no line break or a block comment comes before the next quote", () => {
  assertEquals(ourTokens("'a' 'b'"), ["'a'", "'b'"]);
  assertEquals(ourTokens("'a' /* */ \n 'b'"), ["'a'", "'b'"]);
  assertEquals(ourTokens("'a' -- b'"), ["'a'"]);
  assertEquals(ourTokens("'a'\n-- b\nc"), ["'a'", "c"]);
  assertEquals(ourTokens("B'1''2'"), ["B'1'", "'2'"]);
});

Deno.test("Lexer tells dollar quotes from parameters and identifiers", () => {
  assertEquals(read("a$b$c $1 $x $é$ $ $é$ $a$ $b$ $a $a$"), [
    ["word", "a$b$c"],
    ["parameter", "$1"],
    ["symbol", "$"],
    ["word", "x"],
    ["dollar", "$é$ $ $é$"],
    ["dollar", "$a$ $b$ $a $a$"],
  ]);
});

Deno.test("Lexer ends operators at comments and before a sign", () => {
  assertEquals(ourTokens("a=-1 +-+ @- *--x\n</*x*/> 5--x"), [
    "a",
    "=",
    "-",
    "1",
    "+",
    "-",
    "+",
    "@-",
    "*",
    "<",
    ">",
    "5",
  ]);
});

Deno.test("Lexer cuts numbers as PostgreSQL 16 and newer", () => {
  const numbers = [
    "1",
    "1_000",
    "1.5",
    "1.",
    ".5",
    "1e5",
    "1.5E-3",
    "1.e+5",
    "0x1F",
    "0X_1f",
    "0o17",
    "0b1_0",
    "1_0.5_0",
  ];
  for (const number of numbers) assertEquals(read(number), [["number", number]]);
  assertEquals(ourTokens("1..10"), ["1", "..", "10"]);
  assertEquals(ourTokens("0x 0o8 1e 1e+ 1_"), ["0", "x", "0", "o8", "1", "e", "1", "e", "+", "1", "_"]);
});

Deno.test("Lexer ends line comments with LF or CR", () => {
  assertEquals(read("--a\rb--c\nd"), [["comment", "--a"], ["word", "b"], ["comment", "--c"], ["word", "d"]]);
});

Deno.test("Lexer marks what is never closed", () => {
  for (const sql of ["'a''", "E'a\\'", "E'\\", '"a""', "$a$ $$", "/* /* */", "/*/", "U&'", 'u&"', "'a'\n'"]) {
    const [token, ...more] = tokensOf(sql);
    assertEquals(token, { kind: token!.kind, start: 0, end: sql.length, closed: false }, sql);
    assertEquals(more, []);
  }
});

Deno.test("Lexer stops at its end and goes on where it is told", () => {
  const text = "SELECT 'a' $$b$$ 'c'";
  assertEquals(new Lexer(text, 7, 9).next(), { kind: "string", start: 7, end: 9, closed: false });
  assertEquals(new Lexer(text, 11, 15).next(), { kind: "dollar", start: 11, end: 15, closed: false });
  const lexer = new Lexer(text);
  lexer.seek(17);
  assertEquals(lexer.next(), { kind: "string", start: 17, end: 20, closed: true });
  assertEquals(lexer.next(), undefined);
});

for (const folder of ["tests", "migrations"]) {
  Deno.test(`Lexer agrees with PostgreSQL on every SQL file under ${folder}/`, () => {
    let judged = 0;
    for (const { path, text } of sqlFiles(folder)) {
      const expected = postgresTokens(text);
      // PostgreSQL's scanner ends at a NUL, and does not know the commands of psql.
      if (expected === undefined || text.includes("\0") || tokensOf(text).some(({ kind }) => kind === "meta")) continue;
      assertEquals(ourTokens(text), expected, path);
      judged++;
    }
    assert(judged > 0);
  });
}

/** Pieces that mean something to the scanner in many combinations. */
const PIECES = [
  ..."'\"$;:.,()[]+-*/<>=@!#%&|?~^_ \n\r\té🐘",
  "''",
  "E'",
  "e'\\",
  "\\'",
  "U&'",
  'u&"',
  "B'",
  "x'1",
  "N'",
  "$$",
  "$a$",
  "$1",
  "--",
  "/*",
  "*/",
  "::",
  ":=",
  "=>",
  "..",
  "a",
  "B",
  "x$",
  "0",
  "12",
  "1e",
  "0x",
  "\n'",
  "'\n'",
  "-- c\n",
];

Deno.test("Lexer agrees with PostgreSQL on any text", () => {
  let judged = 0;
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...PIECES), { maxLength: 14 }), (pieces) => {
      const sql = pieces.join("");
      const tokens = tokensOf(sql);
      if (tokens.some(({ kind }) => kind === "meta")) return;
      const expected = postgresTokens(sql);
      if (tokens.some(({ closed }) => !closed)) assertEquals(expected, undefined);
      if (expected === undefined) return;
      assertEquals(ourTokens(sql), expected);
      judged++;
    }),
    { numRuns: 5000 },
  );
  assert(judged > 1000, `PostgreSQL took only ${judged} texts`);
});

Deno.test("Lexer leaves out only white space", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...PIECES, "\\", "\0", "\v"), { maxLength: 30 }), (pieces) => {
      const sql = pieces.join("");
      let end = 0;
      for (const token of tokensOf(sql)) {
        assert(token.end > token.start);
        assertEquals(sql.slice(end, token.start).trim(), "");
        end = token.end;
      }
      assertEquals(sql.slice(end).trim(), "");
    }),
    { numRuns: 1000 },
  );
});
