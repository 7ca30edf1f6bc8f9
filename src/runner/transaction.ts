/**
 * The message that runs one section in one transaction, together with its history.
 *
 * @module
 */

import type { Row } from "../core/database.ts";
import type { Section } from "../core/migration.ts";
import { countCodePoints, offsetOfCodePoint } from "../core/position.ts";
import { quoteIdentifier, quoteLiteral } from "../core/quote.ts";
import { splitStatements } from "../core/statements.ts";
import type { HistoryTable } from "./history_table.ts";

/** What the last row of a message says; without it the message does not count as done. */
const CLOSING = "metapg:done";

/** `lock_timeout` of a transaction where nothing else is said. */
export const LOCK_TIMEOUT_MS = 3000;

/** Writes the statement that keeps a transaction from waiting for locks any longer, in milliseconds. */
export function lockTimeoutSql(ms: number = LOCK_TIMEOUT_MS): string {
  return `SET LOCAL lock_timeout = ${ms};`;
}

/** Ends a section: its last line may be a comment, and its last statement may have no end of its own. */
const ENDING = "\n;";

/** Texts in the errors of the guards, by which they are told from errors of a migration. */
const GUARDS = {
  lock: "metapg:lock",
  lease: "metapg:lease",
  row: "metapg:row",
  chain: "metapg:chain",
  strings: "metapg:strings",
  unwritten: "metapg:unwritten",
} as const;

/** What a guard looks at. */
export type Guard = keyof typeof GUARDS;

/** What a transaction of the tool consists of. */
export interface TransactionParts {
  /** What it is for, as people who look at the server's sessions see it. */
  readonly title?: string | undefined;
  /** Statements of ours before the section, each one statement. */
  readonly before: readonly string[];
  /** A section of a migration, or one statement of it. */
  readonly section?: Section | undefined;
  /** Brings the session back to its start state. */
  readonly resetSql?: string | undefined;
  /** Writes the history. */
  readonly records: string;
  /** A query for one value, which the closing row tells. */
  readonly answer?: string | undefined;
  /** The statement of the closing row; without it one that tells the answer. */
  readonly closing?: string | undefined;
}

/** A message, and what maps an error's place back to the file. */
export interface Message {
  /** The SQL that is sent. */
  readonly sql: string;
  /** Its transaction, without the closing row. */
  readonly body: string;
  /** What comes before the section. */
  readonly before: string;
  /** The section, or one statement of it. */
  readonly section: Section | undefined;
  /** What comes between the section and COMMIT. */
  readonly after: string;
}

/**
 * Puts a transaction into one message.
 *
 * @param parts What it consists of.
 * @returns The message.
 */
export function transactionMessage(parts: TransactionParts): Message {
  const title = parts.title === undefined ? "" : `/* ${parts.title.replace(/[*/]/g, "")} */ `;
  const before = `${title}BEGIN;\n${parts.before.map((statement) => `${statement}\n`).join("")}`;
  const section = parts.section === undefined ? "" : `${parts.section.sql}${ENDING}\n`;
  const after = `${parts.resetSql ?? ""}\n${parts.records}\n`;
  const body = `${before}${section}${after}COMMIT;\n`;
  return { sql: `${body}${parts.closing ?? closingSql(parts.answer)}`, body, before, section: parts.section, after };
}

/**
 * Writes the closing row of a message.
 *
 * @param answer A query for one value, which it tells.
 * @returns A statement.
 */
export function closingSql(answer = "SELECT NULL"): string {
  return `SELECT ${quoteLiteral(CLOSING)} AS value, (${answer})::pg_catalog.text AS answer`;
}

/** Where in a message an error came up. */
export type MessagePlace =
  /** In the section, at an offset of its own text in UTF-16 units; `undefined` if the server does not tell. */
  | { readonly type: "section"; readonly offset: number | undefined }
  /** At COMMIT. */
  | { readonly type: "commit" }
  /** In a statement of the tool before the section: a guard, a setting, a role. */
  | { readonly type: "before" }
  /** In a statement of the tool after it: a reset, the history. */
  | { readonly type: "after" }
  /** Behind COMMIT, in the closing row. */
  | { readonly type: "committed" };

/**
 * Finds where in a message an error came up: by its position, else by the number of statements that completed.
 *
 * @param message The message.
 * @param error What the server says: a position in code points from 1, and how many statements completed.
 * @returns The place.
 */
export function placeInMessage(
  message: Message,
  error: { readonly position?: number | undefined; readonly completed?: number | undefined },
): MessagePlace {
  const section = message.section;
  const before = countCodePoints(message.before);
  if (section === undefined) return { type: "before" };
  if (error.position !== undefined) {
    if (error.position <= before) return { type: "before" };
    const inSection = error.position - before;
    const length = countCodePoints(section.sql);
    // What is sent without a transaction has nothing behind it.
    const isBehind = message.sql !== message.body && error.position > countCodePoints(message.body);
    if (isBehind) return { type: "committed" };
    if (inSection > length + ENDING.length) return { type: "after" };
    // At the end that the tool puts behind it: its last statement is not finished.
    const end = inSection > length ? splitStatements(section).at(-1)?.end : undefined;
    return {
      type: "section",
      offset: end === undefined ? offsetOfCodePoint(section.sql, inSection) : end - section.start,
    };
  }
  const statements = splitStatements(section);
  if (error.completed === undefined) {
    return { type: "section", offset: statements.length === 1 ? statements[0]!.start - section.start : undefined };
  }
  const place = error.completed - countStatements(message.before);
  if (place < 0) return { type: "before" };
  const statement = statements[place];
  if (statement !== undefined) return { type: "section", offset: statement.start - section.start };
  const behind = place - statements.length - countStatements(message.after);
  return { type: behind < 0 ? "after" : behind === 0 ? "commit" : "committed" };
}

/** Counts the statements of a text. */
export function countStatements(sql: string): number {
  return splitStatements({ sql, start: 0 }).length;
}

/**
 * Reads the closing row of a message.
 *
 * @param rows The rows of its last statement.
 * @returns What was asked for, empty if nothing was; `undefined` if the closing row is missing.
 */
export function readClosing(rows: readonly Row[]): string | undefined {
  return rows[0]?.value === CLOSING ? String(rows[0].answer ?? "") : undefined;
}

/** Fails the transaction unless a condition is met. */
export function failUnless(condition: string, guard: Guard): string {
  return failUnlessAll([[condition, guard]]);
}

/** Fails the transaction unless conditions are met. The cast needs no procedural language. */
export function failUnlessAll(conditions: readonly (readonly [condition: string, guard: Guard])[]): string {
  const cases = conditions.map(([condition, guard]) => `WHEN (${condition}) IS NOT TRUE THEN '${GUARDS[guard]}'`);
  return `SELECT (CASE ${cases.join(" ")} ELSE '0' END)::pg_catalog.int4;`;
}

/** Fails the transaction unless it holds the lock. */
export function lockGuard(key: bigint): string {
  return failUnless(`pg_catalog.pg_try_advisory_xact_lock(${key})`, "lock");
}

/** Fails the transaction unless its strings are read as the file means them: behind a pooler nothing set before holds. */
export const STRINGS_GUARD = failUnless("pg_catalog.current_setting('standard_conforming_strings') = 'on'", "strings");

/** What a migration's row must be for a transaction to go on. */
export type ExpectedRow =
  /** Not there, or only a note of a failure. */
  | { readonly type: "pending" }
  /** Fully applied with this text. */
  | { readonly type: "applied"; readonly checksum: string }
  /** Part-way with so many units done. */
  | { readonly type: "partial"; readonly unitsDone: number };

/** A migration's row as it must be. */
export interface RowCheck {
  /** The migration. */
  readonly name: string;
  /** Its row. */
  readonly expected: ExpectedRow;
}

/**
 * Fails the transaction unless a migration's row is as expected.
 *
 * @param table The history table.
 * @param row The row.
 * @param chain The row of the step before, where that one may have failed without anybody having looked.
 * @returns A statement. It is another one than that of the lock: what it sees must be from after the lock was had.
 */
export function rowGuard(table: HistoryTable, row: RowCheck, chain?: RowCheck): string {
  const is = (check: RowCheck) => isAs(table, ...checkValues(check));
  const before: readonly (readonly [string, Guard])[] = chain === undefined ? [] : [[is(chain), "chain"]];
  return failUnlessAll([...before, [is(row), "row"]]);
}

/** What a row must be, as two constants: its name, and the state that {@linkcode isAs} compares. */
export function checkValues({ name, expected }: RowCheck): readonly [name: string, state: string] {
  return [quoteLiteral(name), quoteLiteral(stateOf(expected))];
}

function stateOf(expected: ExpectedRow): string {
  switch (expected.type) {
    case "pending":
      return "";
    case "applied":
      return expected.checksum;
    case "partial":
      return `partial ${expected.unitsDone}`;
  }
}

/**
 * Writes the condition that a row is in a state.
 *
 * @param table The history table.
 * @param name An expression for the migration's name.
 * @param state An expression for the state: nothing where it is not there or is only a note of a failure, `partial` and the
 * number of its units that are done, or the checksum of what is fully applied.
 * @returns The condition.
 */
export function isAs(table: HistoryTable, name: string, state: string): string {
  const found = `SELECT CASE WHEN h.partial IS NOT NULL THEN pg_catalog.concat('partial ', h.units_done) ` +
    `WHEN h.applied_at IS NOT NULL THEN h.checksum END FROM ${table.sql} h WHERE h.name = ${name}`;
  return `coalesce((${found}), '') = ${state}`;
}

/** Which guard an error comes from, if it comes from one. The quotes around its text are those of the server's language. */
export function failedGuard(message: string): Guard | undefined {
  return (Object.keys(GUARDS) as Guard[]).find((guard) => message.includes(GUARDS[guard]));
}

/** What a migration runs under. */
export interface TransactionSettings {
  /** `lock_timeout` in milliseconds; `undefined` leaves the server's. */
  readonly lockTimeoutMs: number | undefined;
  /** `statement_timeout` in milliseconds; `undefined` leaves the server's. */
  readonly statementTimeoutMs: number | undefined;
  /** Statements of the caller. */
  readonly session: readonly string[];
  /** Role to run as. */
  readonly role: string | undefined;
}

/** Writes settings as statements, for the transaction or for the session. */
export function settingsSql(settings: TransactionSettings, scope: "LOCAL" | "SESSION"): string[] {
  return [
    ...(settings.lockTimeoutMs === undefined ? [] : [`SET ${scope} lock_timeout = ${settings.lockTimeoutMs};`]),
    ...(settings.statementTimeoutMs === undefined
      ? []
      : [`SET ${scope} statement_timeout = ${settings.statementTimeoutMs};`]),
    ...settings.session.map((statement) => `${statement}\n;`),
    ...(settings.role === undefined ? [] : [`SET ${scope} ROLE ${quoteIdentifier(settings.role)};`]),
  ];
}
