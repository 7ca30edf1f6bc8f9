/**
 * Migration files that try to be misread: whole ones of odd pieces, and real ones with damage.
 *
 * @module
 */

import type { Random } from "./random.ts";
import { headerLine, odd, statement } from "./hostile_statements.ts";

/** Where the up section may end, or seem to. */
const MARKERS = [
  "-- ROLLBACK",
  "-- ROLLBACK",
  "-- ROLLBACK",
  "-- ROLLBACK (again)",
  "-- ROLLBACK\t( ) ",
  " -- ROLLBACK",
  "-- Rollback",
  "--ROLLBACK",
  "-- ROLLBACK;",
  "-- ROLLBACK of this",
  "/* down */",
  "-- migrate:down",
  "SELECT 1 -- ROLLBACK",
];

/** Line ends of whole files. */
const LINE_ENDS = ["\n", "\n", "\n", "\n", "\r\n", "\r"];

/**
 * Writes a migration file.
 *
 * @param random What decides.
 * @param seeds Real files, some of which come out damaged.
 * @returns Its text.
 */
export function hostileFile(random: Random, seeds: readonly string[]): string {
  let text = random.chance(0.4) ? damagedSeed(random, seeds) : composedFile(random);
  const damage = random.chance(0.5) ? 0 : random.below(4);
  for (let i = 0; i < damage; i++) text = mutate(random, text);
  const lineEnd = random.pick(LINE_ENDS);
  if (lineEnd !== "\n" && random.chance(0.5)) text = text.replaceAll("\n", lineEnd);
  return random.chance(0.03) ? `\ufeff${text}` : text;
}

/**
 * Damages the bytes of a file.
 *
 * @param random What decides.
 * @param text Its text.
 * @returns Bytes, mostly not UTF-8.
 */
export function hostileBytes(random: Random, text: string): Uint8Array {
  const bytes = new TextEncoder().encode(text);
  for (let i = random.below(3); i >= 0 && bytes.length > 0; i--) bytes[random.below(bytes.length)] = random.below(256);
  return bytes.subarray(0, random.chance(0.5) ? bytes.length : random.below(bytes.length + 1));
}

function damagedSeed(random: Random, seeds: readonly string[]): string {
  const text = random.pick(seeds);
  if (random.chance(0.2)) return splice(random, text, random.pick(seeds));
  return mutate(random, text);
}

function composedFile(random: Random): string {
  const header = random.several(0, 3, () => `${headerLine(random)}\n`).join("");
  const up = section(random);
  if (random.chance(0.4)) return header + up;
  return `${header}${up}\n${random.pick(MARKERS)}\n${section(random)}`;
}

function section(random: Random): string {
  return random.several(1, 4, () => `${statement(random)}${random.chance(0.95) ? ";" : ""}${odd(random)}\n`).join("");
}

/** The start of one text and the end of another. */
function splice(random: Random, first: string, second: string): string {
  return first.slice(0, random.below(first.length + 1)) + second.slice(random.below(second.length + 1));
}

function mutate(random: Random, text: string): string {
  return random.chance(0.5) ? mutatePieces(random, [...text]) : mutatePieces(random, tokens(text));
}

/** Roughly words, runs of blanks and single signs. */
function tokens(text: string): string[] {
  return text.match(/\w+|\s+|[^\w\s]/gsu) ?? [];
}

/** Leaves out, doubles, inserts, or swaps characters or tokens. */
function mutatePieces(random: Random, pieces: string[]): string {
  const at = random.below(pieces.length + 1);
  const other = random.below(pieces.length + 1);
  switch (random.below(5)) {
    case 0:
      pieces.splice(at, 1 + random.below(3));
      break;
    case 1:
      pieces.splice(at, 0, ...pieces.slice(at, at + 1 + random.below(4)));
      break;
    case 2:
      pieces.splice(at, 0, odd(random));
      break;
    case 3:
      [pieces[at], pieces[other]] = [pieces[other] ?? "", pieces[at] ?? ""];
      break;
    default:
      pieces.splice(at, 0, statement(random));
  }
  return pieces.join("");
}
