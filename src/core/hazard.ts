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
export function findHazards(sql: string, origin: number): Finding[] {
  if (!HAZARD.test(sql)) return [];
  const findings = settingHazard(sql, origin);
  const isDo = new TokenCursor(sql).word === "do";
  for (const cursor = new TokenCursor(sql); cursor.token !== undefined;) {
    const { kind, start, end } = cursor.token;
    const isName = kind === "word" || kind === "quoted";
    const name = isName ? cursor.identifier() : undefined;
    if (!isName) cursor.next();
    if (name === UNLOCK_ALL && cursor.text === "(") findings.push(unlockFinding(origin + start));
    if (name === "set_config" && turnsOff(cursor)) findings.push(stringsFinding(origin + start));
    if (isDo && kind === "dollar") {
      const tag = sql.indexOf("$", start + 1) - start + 1;
      findings.push(...findHazards(sql.slice(start + tag, end - tag), origin + start + tag));
    }
  }
  return findings;
}

function settingHazard(sql: string, origin: number): Finding[] {
  const cursor = new TokenCursor(sql);
  if (!cursor.accept("set")) return [];
  cursor.accept("session|local");
  if (cursor.identifier()?.toLowerCase() !== STRINGS_SETTING) return [];
  if (!cursor.acceptSymbol("=")) cursor.accept("to");
  return ON.test(valueAhead(cursor)) ? [] : [stringsFinding(origin)];
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
