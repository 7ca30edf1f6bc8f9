/**
 * Calls and settings that would take the ground from under a run: they release its lock, or change how SQL is read.
 *
 * @module
 */

import type { Finding } from "./finding.ts";
import { decodeLiteral } from "./literal.ts";
import { TokenCursor } from "./token_cursor.ts";

const UNLOCK_ALL = "pg_advisory_unlock_all";
const STRINGS_SETTING = "standard_conforming_strings";
const HAZARD = new RegExp(`${UNLOCK_ALL}|${STRINGS_SETTING}`, "i");

/** Values that leave the setting on; `default` is what every connection sets: on. */
const ON = /^(?:on|t|tr|tru|true|y|ye|yes|1|default)$/i;

/**
 * Finds `pg_advisory_unlock_all()`, also in the body of a `DO`, and `standard_conforming_strings = off`.
 *
 * @param sql One statement.
 * @param origin Offset of the statement in the text of the file.
 * @returns What is wrong, at its token.
 */
export function* findHazards(sql: string, origin: number): Iterable<Finding> {
  if (!HAZARD.test(sql)) return;
  if (isSetOff(new TokenCursor(sql))) yield stringsFinding(origin);
  yield* findCalls(sql, (offset) => origin + offset);
  const cursor = new TokenCursor(sql);
  if (!cursor.accept("do")) return;
  for (let token = cursor.token; token !== undefined; cursor.next(), token = cursor.token) {
    const { kind, start } = token;
    const text = cursor.text;
    if (kind !== "string" && kind !== "dollar") continue;
    // In a dollar quote the place of a call is known, in a string its escapes blur it.
    const body = origin + start + (kind === "dollar" ? text.indexOf("$", 1) + 1 : 0);
    yield* findCalls(decodeLiteral(text), (offset) => kind === "dollar" ? body + offset : body);
  }
}

function* findCalls(sql: string, place: (offset: number) => number): Iterable<Finding> {
  for (const cursor = new TokenCursor(sql); cursor.token !== undefined;) {
    const { kind, start } = cursor.token;
    const isName = kind === "word" || kind === "quoted";
    const name = isName ? cursor.identifier() : undefined;
    if (!isName) cursor.next();
    if (name === UNLOCK_ALL && cursor.text === "(") yield unlockFinding(place(start));
    if (name === "set_config" && turnsOff(cursor)) yield stringsFinding(place(start));
  }
}

/** `SET standard_conforming_strings = off`. */
function isSetOff(cursor: TokenCursor): boolean {
  if (!cursor.accept("set")) return false;
  cursor.accept("session|local");
  if (cursor.identifier()?.toLowerCase() !== STRINGS_SETTING) return false;
  if (!cursor.acceptSymbol("=")) cursor.accept("to");
  return !ON.test(valueAhead(cursor));
}

/** At the parenthesis of `set_config('standard_conforming_strings', value, …)`; a value that is computed counts as off. */
function turnsOff(cursor: TokenCursor): boolean {
  if (!cursor.acceptSymbol("(") || valueAhead(cursor).toLowerCase() !== STRINGS_SETTING) return false;
  cursor.next();
  return cursor.acceptSymbol(",") && !ON.test(valueAhead(cursor));
}

function valueAhead({ token, text }: TokenCursor): string {
  return token?.kind === "string" || token?.kind === "dollar" ? decodeLiteral(text) : text;
}

function unlockFinding(offset: number): Finding {
  return {
    code: "refused-statement",
    offset,
    message: `Cannot call ${UNLOCK_ALL}() in a migration: it releases the lock that keeps other runs out`,
    hint: "Release your own locks with pg_advisory_unlock(key)",
  };
}

function stringsFinding(offset: number): Finding {
  return {
    code: "refused-statement",
    offset,
    message: `Cannot turn ${STRINGS_SETTING} off in a migration: the file is read with it on`,
    hint: "Remove it, and write strings with backslash escapes as E'…'",
  };
}
