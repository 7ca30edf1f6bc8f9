/**
 * What units set in their session: a run that resumes in a new one sets it again.
 *
 * @module
 */

import { splitStatements, type Statement } from "./statements.ts";
import { TokenCursor } from "./token_cursor.ts";
import type { Unit } from "./unit.ts";

/**
 * Lists what the first units of a section left set in their session: `SET`, `RESET` and
 * `SELECT set_config(…, false)`, also inside blocks. What a later one of them sets anew is left out, as it may name what
 * is gone by then.
 *
 * @param units The units of the section.
 * @param upTo How many of them are finished.
 * @returns The statements, in order.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { sessionStatements, splitUnits } from "@metapg/migration/core";
 *
 * const units = splitUnits({ sql: "SET search_path = app; VACUUM users; SET ROLE owner;", start: 0 });
 * assertEquals(sessionStatements(units, 2).map(({ sql }) => sql), ["SET search_path = app"]);
 * ```
 */
export function sessionStatements(units: readonly Unit[], upTo: number): Statement[] {
  let left: SessionEffect[] = [];
  for (const unit of units.slice(0, upTo)) {
    for (const statement of splitStatements(unit.section)) {
      const parameter = parameterOf(statement);
      if (parameter === undefined) continue;
      left = [...survivors(left, parameter), { statement, parameter }];
    }
  }
  return left.filter(({ parameter }) => !OF_THE_TOOL.has(parameter)).map(({ statement }) => statement);
}

/** What every unit ends with, whatever it set: the next message is read by these. */
const OF_THE_TOOL: ReadonlySet<string> = new Set(["client_encoding", "standard_conforming_strings"]);

/**
 * Tells whether a unit takes a role for its own transaction only: `SET LOCAL ROLE` and its like.
 *
 * @param unit The unit.
 * @returns Whether it does.
 */
export function takesLocalRole(unit: Unit): boolean {
  return splitStatements(unit.section).some(({ sql }) => {
    const cursor = new TokenCursor(sql);
    if (cursor.accept("set")) return cursor.accept("local") && (cursor.word === "role" || cursor.word === "session");
    return /\bset_config\s*\(\s*'(?:role|session_authorization)'.*\btrue\b/is.test(sql);
  });
}

/** Parameters in lower case; `*`: all of them but the user; `?`: unknown ones, by values that may be read from others. */
type Parameter = string;

interface SessionEffect {
  readonly statement: Statement;
  readonly parameter: Parameter;
}

/** What still counts after a parameter was set anew. */
function survivors(before: readonly SessionEffect[], parameter: Parameter): SessionEffect[] {
  switch (parameter) {
    case "?":
      // Whatever its value was read from is needed as it was then.
      return before.map(({ statement }) => ({ statement, parameter: "?" }));
    case "*":
      return before.filter((effect) => ["role", "session_authorization", "?"].includes(effect.parameter));
    case "session_authorization":
      return before.filter((effect) => effect.parameter !== "role" && effect.parameter !== parameter);
    default:
      return before.filter((effect) => effect.parameter !== parameter);
  }
}

/** What a statement sets for the rest of its session; `undefined` if it sets nothing or does something else, too. */
function parameterOf({ kind, sql }: Statement): Parameter | undefined {
  if (kind === "set-characteristics") return "?";
  if (kind !== "plain") return undefined;
  const cursor = new TokenCursor(sql);
  if (cursor.accept("set")) return setParameter(cursor);
  if (cursor.accept("reset")) return cursor.accept("all") ? "*" : namedParameter(cursor);
  return cursor.accept("select") ? configParameter(cursor) : undefined;
}

function setParameter(cursor: TokenCursor): Parameter | undefined {
  if (cursor.accept("local") || cursor.accept("constraints")) return undefined;
  if (cursor.accept("session") && cursor.accept("authorization")) return "session_authorization";
  return namedParameter(cursor);
}

/** Names that the grammar has for parameters. */
const SPELLINGS: Readonly<Record<string, string>> = {
  schema: "search_path",
  names: "client_encoding",
  time: "timezone",
  session: "session_authorization",
};

function namedParameter(cursor: TokenCursor): Parameter {
  const name = cursor.objectName();
  if (name === undefined) return "?";
  const parameter = name.name.toLowerCase();
  return name.schema === undefined ? SPELLINGS[parameter] ?? parameter : `${name.schema.toLowerCase()}.${parameter}`;
}

/** Functions that only read, in the arguments of `set_config()`. */
const READERS = "current_setting|current_database|current_schema|concat|concat_ws|format|quote_ident|coalesce";

/** A list of calls of `set_config()` and nothing else. */
function configParameter(cursor: TokenCursor): Parameter | undefined {
  const parameters: Parameter[] = [];
  do {
    const parameter = configCall(cursor);
    if (parameter === undefined) return undefined;
    parameters.push(parameter);
    if (cursor.accept("as") || cursor.token?.kind === "word" || cursor.token?.kind === "quoted") cursor.identifier();
  } while (cursor.acceptSymbol(","));
  if (cursor.token !== undefined) return undefined;
  return parameters.length === 1 ? parameters[0] : "?";
}

function configCall(cursor: TokenCursor): Parameter | undefined {
  const name = cursor.objectName();
  if (name?.name !== "set_config" || (name.schema ?? "pg_catalog") !== "pg_catalog") return undefined;
  if (!cursor.acceptSymbol("(")) return undefined;
  const parameter = cursor.literal()?.toLowerCase();
  if (parameter === undefined || !cursor.acceptSymbol(",")) return undefined;
  const isConstant = cursor.literal() !== undefined && cursor.text === ",";
  if (!passReading(cursor) || !cursor.acceptSymbol(",")) return undefined;
  const isLocal = cursor.word ?? cursor.literal();
  if (cursor.word !== undefined) cursor.next();
  if (!/^(?:f(?:a|al|als|alse)?|no?|off?|0)$/i.test(isLocal ?? "") || !cursor.acceptSymbol(")")) return undefined;
  return isConstant ? parameter : "?";
}

/** Passes over the rest of an argument; `false` if it calls a function that may do more than read. */
function passReading(cursor: TokenCursor): boolean {
  for (let depth = 0; cursor.token !== undefined && (depth > 0 || cursor.text !== ",");) {
    const isCall = cursor.accept(READERS) && cursor.text === "(";
    if (cursor.text === "(" && !isCall) return false;
    if (cursor.text === "(") depth++;
    if (cursor.text === ")" && --depth < 0) return false;
    cursor.next();
  }
  return true;
}
