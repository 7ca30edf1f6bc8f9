/**
 * The messages of a journal: whatever units set in their session, its entries are written by the user that the run began
 * with, and in a transaction that may write.
 *
 * @module
 */

import { takesLocalRole } from "../core/session_statements.ts";
import type { Unit } from "../core/unit.ts";
import type { Session } from "./session.ts";
import { PREPARE_SQL } from "./start_state.ts";
import { lockTimeoutSql, type Message, transactionMessage } from "./transaction.ts";

/** `lock_timeout` of an entry that is written by itself, in milliseconds. */
export const ENTRY_LOCK_TIMEOUT_MS = 3000;

/** An earlier unit may have made transactions read-only. */
const WRITABLE = "SET TRANSACTION READ WRITE;";

/** What a unit may have set is not for the entries. */
const PATIENT = ["SET LOCAL statement_timeout = 0;", lockTimeoutSql(ENTRY_LOCK_TIMEOUT_MS)];

/** Remembers the roles that a unit may have set. */
const REMEMBER_ROLES = "SELECT pg_catalog.set_config('metapg.session_user', session_user::pg_catalog.text, true), " +
  "pg_catalog.set_config('metapg.role', pg_catalog.current_setting('role'), true);";

/** Takes these roles again, where they are others. */
const AS_MIGRATION_USER = [
  "SELECT CASE WHEN pg_catalog.current_setting('metapg.session_user') <> session_user::pg_catalog.text THEN " +
  "pg_catalog.set_config('session_authorization', pg_catalog.current_setting('metapg.session_user'), false) END;",
  "SELECT CASE WHEN pg_catalog.current_setting('metapg.role') <> pg_catalog.current_setting('role') THEN " +
  "pg_catalog.set_config('role', pg_catalog.current_setting('metapg.role'), false) END;",
];

/** An entry that is written by itself. */
export interface Entry {
  /** What is written. */
  readonly records: string;
  /** A query for one value, which the closing row tells. */
  readonly answer?: string;
  /** Whether no unit comes after it: then what units set, as the name of the application, stays out of it. */
  readonly isLast?: boolean;
}

/**
 * Makes the message of an entry.
 *
 * @param session The session of the run.
 * @param entry The entry, and what must hold for it to be written.
 * @returns The message.
 */
export function entryMessage(session: Session, entry: Entry & { readonly guards: readonly string[] }): Message {
  const { guards, records, answer, isLast = false } = entry;
  const begin = [WRITABLE, ...PATIENT];
  if (session.scope === "transaction") return transactionMessage({ before: [...begin, ...guards], records, answer });
  const before = [...begin, REMEMBER_ROLES, session.loginSql, ...guards];
  if (isLast) return transactionMessage({ before, resetSql: session.resetSql, records, answer });
  return transactionMessage({ before, records: [records, ...AS_MIGRATION_USER, PREPARE_SQL].join("\n"), answer });
}

/** A unit that commits together with its entry. */
export interface UnitEntry {
  /** What it is for. */
  readonly title: string;
  /** What must hold for it to be run. */
  readonly guards: readonly string[];
  /** Statements that it runs under, where nothing set before holds. */
  readonly settings: readonly string[];
  /** The unit. */
  readonly unit: Unit;
  /** Its entry. */
  readonly records: string;
}

/**
 * Makes the message of a unit that commits together with its entry.
 *
 * @param session The session of the run.
 * @param entry The unit and its entry.
 * @returns The message.
 */
export function unitMessage(session: Session, { title, guards, settings, unit, records }: UnitEntry): Message {
  const { section } = unit;
  if (session.scope === "transaction") {
    const before = [WRITABLE, ...guards, ...settings];
    return transactionMessage({ title, before, section, resetSql: session.resetSql, records });
  }
  // A role that ends with the transaction gives way to the one before it.
  const remember = takesLocalRole(unit) ? [] : [REMEMBER_ROLES];
  return transactionMessage({
    title,
    before: [WRITABLE, REMEMBER_ROLES, session.loginSql, ...guards, ...AS_MIGRATION_USER],
    section,
    resetSql: [...PATIENT, ...remember, session.loginSql].join("\n"),
    records: [records, ...AS_MIGRATION_USER, PREPARE_SQL].join("\n"),
  });
}
