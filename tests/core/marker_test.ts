import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { Lexer } from "../../src/core/lexer.ts";
import { isDoubtful, markerKind } from "../../src/core/marker.ts";

function kindOf(text: string): string {
  return markerKind(text, new Lexer(text).next()!);
}

for (const line of ["-- ROLLBACK", "-- ROLLBACK  ", "-- ROLLBACK\t(optional)", "-- ROLLBACK()", "-- ROLLBACK (a) \t"]) {
  Deno.test(`markerKind() takes ${JSON.stringify(line)} for the marker`, () =>
    assertEquals(kindOf(`${line}\n`), "marker"));
}

/** Comments that can only be meant as the marker. */
const NEAR = [
  " -- ROLLBACK",
  "\t-- ROLLBACK",
  "--ROLLBACK",
  "--  ROLLBACK",
  "--\tROLLBACK",
  "-- rollback",
  "-- Rollback",
  "-- ROLL BACK",
  "-- roll-back",
  "-- ROLLBACK:",
  "-- ROLLBACK;",
  "-- ROLLBACK (a) (b)",
  "-- ROLLBACK (never closed",
  "-- ROLLBACK (a) !",
  "-- Rollback (optional)",
  "--- ROLLBACK ---",
  "-- down",
  "-- [DOWN]",
  "-- @undo",
  "-- //@UNDO",
  "-- Revert:",
  "/* ROLLBACK */",
  "/*\n * Rollback\n */",
  "/* down */ SELECT 1",
  "-- migrate:down",
  "-- migrate:down transaction:false",
  "--migrate: down",
  "-- +goose Down",
  "-- +goose DOWN",
  "-- +migrate Down",
  "-- Down Migration",
  "-- rambler down",
  "---- create above / drop below ----",
];

for (const text of NEAR) {
  Deno.test(`markerKind() takes ${JSON.stringify(text)} for a slip`, () => assertEquals(kindOf(text), "near-miss"));
}

/** Comments that are just that. */
const PROSE = [
  "--",
  "-- ROLLBACK is not possible",
  "-- ROLLBACK: drop the table",
  "-- Rollback of 001",
  "-- downloads",
  "-- undone",
  "-- reverts 001",
  "-- rollbacks",
  "-- go down",
  "-- migrate:up",
  "-- migrate:downgrade",
  "-- +goose Up",
  "-- +goose Downstream",
  "-- (rollback)",
  "-- Up Migration",
  "/* rollback the change by hand */",
];

for (const text of PROSE) {
  Deno.test(`markerKind() takes ${JSON.stringify(text)} for prose`, () => assertEquals(kindOf(text), "comment"));
}

Deno.test("markerKind() looks at a long line of blanks once", () => {
  const start = performance.now();
  assertEquals(kindOf(`-- ROLLBACK${" ".repeat(500_000)}x`), "comment");
  const ms = performance.now() - start;
  assert(ms < 5000, `${Math.round(ms)} ms`);
});

Deno.test("markerKind() takes a slip behind SQL for a comment", () => {
  const text = "SELECT 1; -- rollback\n";
  assertEquals(markerKind(text, new Lexer(text, 10).next()!), "comment");
});

Deno.test("markerKind() takes the marker in a file with CR line ends for a slip", () => {
  const text = "SELECT 1;\r-- ROLLBACK\rSELECT 2;";
  assertEquals(markerKind(text, new Lexer(text, 10).next()!), "near-miss");
  assertEquals(kindOf("-- ROLLBACK\rSELECT 2;"), "near-miss");
});

/** The letters of a comment, outside of parentheses, that can only be meant as the marker. */
const SLIPS = /^(?:rollback|down|undo|revert|downmigration|createabovedropbelow)$/;

const FOREIGN = /^[^\p{L}\p{N}]*(?:migrate:\s*down|goose\s+down|migrate\s+down|rambler\s+down)(?![\p{L}\p{N}])/iu;

Deno.test("markerKind() and isDoubtful() agree with what they are meant to look for, whatever a comment begins with", () => {
  const words = [
    ..."rollback ROLLBACK Rollback down DOWN Down undo revert migration migrate goose rambler create above drop".split(
      " ",
    ),
    ..."below section script statements sql SQL step é ſ K İ 1 _ - : ; @ ( ) \t x r d".split(" "),
    " ",
    "",
  ];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...words), { maxLength: 8 }), fc.constantFrom("", " "), (parts, between) => {
      const comment = `--${parts.join(between)}`;
      const letters = comment.replace(/\([^)]*(?:\)|$)/g, "").replace(/[^\p{L}\p{N}]/gu, "").toLowerCase();
      const isSlip = SLIPS.test(letters) || FOREIGN.test(comment);
      const kind = kindOf(comment);
      if (kind !== "marker") assertEquals(kind, isSlip ? "near-miss" : "comment", comment);
      const doubtful =
        /^--[ \t]*(?:ROLLBACK|[Rr]ollback[ \t]+(?:[Ss]ection|[Ss]cript|[Ss]tatements|SQL|sql))(?![\p{L}\p{N}_])/u;
      assertEquals(isDoubtful(comment, new Lexer(comment).next()!), doubtful.test(comment), comment);
    }),
    { numRuns: 20_000 },
  );
});
