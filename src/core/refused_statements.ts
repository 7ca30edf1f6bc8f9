/**
 * Statements that a migration must not hold, found before anything runs.
 *
 * @module
 */

import { copyDirection } from "./copy.ts";
import { type Finding, FindingList } from "./finding.ts";
import { findHazards } from "./hazard.ts";
import type { TransactionMode } from "./header.ts";
import type { Statement } from "./statements.ts";
import { TokenCursor } from "./token_cursor.ts";

/**
 * Lists what the statements of a section must not be.
 *
 * @param statements All statements of the section, in order.
 * @param transaction The mode of the file.
 * @returns What is wrong, at the offset of the statement or of the token.
 */
export function findRefusedStatements(
  statements: readonly Statement[],
  transaction: TransactionMode,
): readonly Finding[] {
  const findings = new FindingList();
  const refuseByMode = transaction === "single" ? refuseInTransaction : refuseOutside;
  for (const finding of refuseByMode(statements)) findings.add(finding);
  for (const statement of statements) {
    for (const finding of refuseAlways(statement)) findings.add(finding);
  }
  return findings.list();
}

const NO_TRANSACTION = 'Add the line "-- Transaction: none" to the header, best in a migration of its own';

function* refuseInTransaction(statements: readonly Statement[]): Iterable<Finding> {
  const slotless = new Set<string>();
  for (const statement of statements) {
    const { alone, kind, start } = statement;
    if (kind === "plain") {
      const subscription = slotlessSubscription(statement);
      if (subscription !== undefined) slotless.add(subscription);
    } else if (kind !== "alone") {
      yield refuse(start, `Cannot use ${title(statement)} in a transactional migration`, controlHint(statement));
    } else if (alone?.inTransaction === "refused" && alone.type !== "discard-all") {
      if (alone.type === "drop-subscription" && slotless.has(alone.name)) continue;
      const isTwoPhase = alone.type === "commit-prepared" || alone.type === "rollback-prepared";
      yield refuse(
        start,
        `PostgreSQL refuses ${alone.title} in a transaction`,
        isTwoPhase ? controlHint(statement) : NO_TRANSACTION,
      );
    }
  }
}

/** `ALTER SUBSCRIPTION name SET (slot_name = NONE)`: `DROP SUBSCRIPTION name` may then run in a transaction. */
function slotlessSubscription({ sql }: Statement): string | undefined {
  if (!/^alter\b/i.test(sql)) return undefined;
  const cursor = new TokenCursor(sql);
  if (!cursor.accept("alter", "subscription")) return undefined;
  const name = cursor.identifier();
  return cursor.accept("set") && cursor.options().get("slot_name") === "none" ? name : undefined;
}

function controlHint({ kind }: Statement): string {
  switch (kind) {
    case "begin":
    case "commit":
      return "Remove it: the migration is one transaction as it is";
    case "rollback":
      return "Remove it; the rollback section begins with the line -- ROLLBACK";
    case "set-transaction":
    case "set-characteristics":
      return "Remove it: the transaction has begun, and it must be able to write the history";
    default:
      return "Remove it: the migration and its history row commit together";
  }
}

/** In a `Transaction: none` file: blocks `BEGIN … COMMIT` must be whole, as each of them is one unit. */
function* refuseOutside(statements: readonly Statement[]): Iterable<Finding> {
  let block: Statement | undefined;
  for (const statement of statements) {
    const finding = refuseInBlocks(statement, block);
    if (finding !== undefined) yield finding;
    if (statement.kind === "begin") block ??= statement;
    if (statement.kind === "commit" || statement.kind === "rollback") block = undefined;
  }
  if (block !== undefined) {
    yield refuse(block.start, `${title(block)} without COMMIT`, "End the block with COMMIT");
  }
}

function refuseInBlocks(statement: Statement, block: Statement | undefined): Finding | undefined {
  const { alone, kind, start, sql } = statement;
  const name = title(statement);
  switch (kind) {
    case "begin":
      if (block !== undefined) {
        return refuse(start, `Cannot use ${name} inside a block`, "End the block before with COMMIT");
      }
      return refuseReadOnly(statement);
    case "set-transaction":
      if (block !== undefined) return refuseReadOnly(statement);
      return refuse(start, `Cannot use ${name} outside a block`, "Put it between BEGIN and COMMIT");
    case "savepoint":
      if (block !== undefined) return undefined;
      return refuse(start, `Cannot use ${name} outside a block`, "Put it between BEGIN and COMMIT");
    case "commit":
      if (/\band\s+chain\b/i.test(sql)) return refuse(start, `Cannot use ${name} AND CHAIN`, "Write COMMIT; BEGIN;");
      if (block !== undefined) return undefined;
      return refuse(start, `${name} without BEGIN`, "Remove it, or begin the block with BEGIN");
    case "rollback":
      return refuse(start, `Cannot use ${name} in a migration`, controlHint(statement));
    case "prepare-transaction":
      return refuse(start, `Cannot use ${name} in a migration`, "End the block with COMMIT");
    case "alone":
      if (block === undefined || alone?.inTransaction !== "refused" || alone.type === "discard-all") return undefined;
      return refuse(
        start,
        `PostgreSQL refuses ${alone.title} in a transaction`,
        "Move it out of the block BEGIN … COMMIT",
      );
    default:
      return undefined;
  }
}

/** The journal entry of a block is written inside it. */
function refuseReadOnly({ sql, start }: Statement): Finding | undefined {
  return /\bread\s+only\b/i.test(sql)
    ? refuse(start, "Cannot use READ ONLY in a migration", "Remove it: the block has to write the history")
    : undefined;
}

function refuseAlways({ alone, sql, start }: Statement): Iterable<Finding> {
  if (alone?.type === "discard-all") {
    const hint =
      "Remove it: it releases the lock that keeps other runs out, and every migration ends with a reset session";
    return [refuse(start, "Cannot use DISCARD ALL in a migration", hint)];
  }
  if (sql.startsWith("#")) return [refuse(start, '"#" does not begin a comment in SQL', "Begin comments with --")];
  switch (copyDirection(sql)) {
    case "in": {
      const hint = "Use INSERT … VALUES, or COPY from a file or program of the server";
      return [refuse(start, "Cannot use COPY … FROM STDIN in a migration: no data is sent with it", hint)];
    }
    case "out":
      return [refuse(start, "Cannot use COPY … TO STDOUT in a migration: nobody reads the data", "Remove it")];
    default:
      return findHazards(sql, start);
  }
}

/** How a message names a statement that controls transactions. */
function title({ kind, sql }: Statement): string {
  switch (kind) {
    case "set-transaction":
      return "SET TRANSACTION";
    case "set-characteristics":
      return "SET SESSION CHARACTERISTICS";
    case "prepare-transaction":
      return "PREPARE TRANSACTION";
    default: {
      const word = /^\w+/.exec(sql)?.[0].toUpperCase() ?? "";
      if (word === "START") return "START TRANSACTION";
      return word === "ROLLBACK" && kind === "savepoint" ? "ROLLBACK TO SAVEPOINT" : word;
    }
  }
}

function refuse(offset: number, message: string, hint: string): Finding {
  return { code: "refused-statement", offset, message, hint };
}
