/**
 * What PostgreSQL's manual says of the locks of statements that run outside a transaction: nobody can look between two
 * of them.
 *
 * @module
 */

import type { AloneStatement } from "../core/alone_statement.ts";
import { type ObjectName, TokenCursor } from "../core/token_cursor.ts";
import type { Statement } from "../core/statements.ts";
import type { LockMode } from "./lock_mode.ts";

/** A lock on an object that a statement names. */
export interface NamedLock {
  /** The object as it is written. */
  readonly object: ObjectName;
  /** The mode. */
  readonly mode: LockMode;
}

/** What is known of a statement without having run it. */
export interface ManualLocks {
  /** Its locks on what it names. */
  readonly locks: readonly NamedLock[];
  /** What takes time, on the object that it names first. */
  readonly work: "index-build" | "index-rebuild" | "rewrite" | "vacuum" | undefined;
  /** The index that it makes. */
  readonly index?: string | undefined;
  /** What else the manual says. */
  readonly note: string;
  /** Whether it locks more than it names: `unknown` tables, one after another. */
  readonly others: "none" | "unknown";
  /** Whether later statements need what it does, so that it has to be run. */
  readonly effect: "schema" | "none";
}

const WAITS = "waits until every transaction that could use what it changes has ended";

/**
 * Looks up a statement that PostgreSQL refuses in a transaction.
 *
 * @param statement The statement.
 * @param alone What is known of it.
 * @returns What the manual says of it.
 */
export function manualLocks(statement: Statement, alone: AloneStatement): ManualLocks {
  switch (alone.type) {
    case "create-index-concurrently":
      return {
        locks: [{ object: { schema: alone.schema, name: alone.table }, mode: "SHARE UPDATE EXCLUSIVE" }],
        work: "index-build",
        index: alone.name,
        note: `Reads the table twice, and ${WAITS}`,
        others: "none",
        effect: "schema",
      };
    case "drop-index-concurrently":
      return {
        locks: [{ object: alone, mode: "SHARE UPDATE EXCLUSIVE" }],
        work: undefined,
        note: sentence(WAITS),
        others: "none",
        effect: "schema",
      };
    case "detach-partition-concurrently":
      return {
        locks: [
          { object: alone.table, mode: "SHARE UPDATE EXCLUSIVE" },
          { object: alone.partition, mode: "ACCESS EXCLUSIVE" },
        ],
        work: undefined,
        note: `The partition is locked so only in the second of two transactions; before that the statement ${WAITS}`,
        others: "none",
        effect: "schema",
      };
    case "reindex":
      return reindexLocks(alone);
    case "vacuum":
      return vacuumLocks(statement);
    case "cluster":
      return unnamed(
        "Writes every table anew that was clustered before, each under ACCESS EXCLUSIVE in turn",
        "unknown",
      );
    default:
      return unnamed(`${alone.title} locks no table; it is not run here, as it reaches beyond the database`, "none");
  }
}

function reindexLocks(alone: Extract<AloneStatement, { readonly type: "reindex" }>): ManualLocks {
  const { target, name, schema, concurrently } = alone;
  const isOne = (target === "table" || target === "index") && name !== undefined;
  const mode = concurrently ? "SHARE UPDATE EXCLUSIVE" : "SHARE";
  const note = concurrently
    ? `Builds each index beside the old one, and ${WAITS}`
    : "Takes SHARE on each table and ACCESS EXCLUSIVE on each of its indexes in turn";
  return {
    locks: isOne ? [{ object: { schema, name }, mode }] : [],
    work: isOne ? "index-rebuild" : undefined,
    note: isOne ? note : `${note}, in the whole ${target}`,
    others: isOne ? "none" : "unknown",
    effect: "none",
  };
}

/** `VACUUM FULL` writes tables anew; without a table it goes over all of them. */
function vacuumLocks({ sql }: Statement): ManualLocks {
  const cursor = new TokenCursor(sql);
  cursor.accept("vacuum");
  const options = cursor.options();
  const isOn = (name: string) => options.has(name) && !/^(?:false|off|0)$/.test(options.get(name)!);
  let full = isOn("full");
  while (cursor.accept("full|freeze|verbose|analyze|analyse")) full ||= /^vacuum\s+full\b/i.test(sql);
  const tables: ObjectName[] = [];
  do {
    cursor.accept("only");
    const table = cursor.objectName();
    if (table !== undefined) tables.push(table);
    cursor.acceptSymbol("*");
    skipColumns(cursor);
  } while (cursor.acceptSymbol(","));
  return {
    locks: tables.map((object) => ({ object, mode: full ? "ACCESS EXCLUSIVE" : "SHARE UPDATE EXCLUSIVE" })),
    work: full ? "rewrite" : "vacuum",
    note: tables.length > 0
      ? (full ? "Writes the table anew" : "Goes on beside reads and writes")
      : `Goes over all tables, one after another, each under ${full ? "ACCESS EXCLUSIVE" : "SHARE UPDATE EXCLUSIVE"}`,
    others: tables.length > 0 ? "none" : "unknown",
    effect: "none",
  };
}

function skipColumns(cursor: TokenCursor): void {
  if (!cursor.acceptSymbol("(")) return;
  while (cursor.token !== undefined && !cursor.acceptSymbol(")")) cursor.next();
}

function unnamed(note: string, others: ManualLocks["others"]): ManualLocks {
  return { locks: [], work: undefined, note, others, effect: "none" };
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
