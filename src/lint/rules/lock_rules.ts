/**
 * Rules about locks that are held for long.
 *
 * @module
 */

import { positionAt } from "../../core/position.ts";
import type { LintFile } from "../lint_file.ts";
import { shown } from "../names.ts";
import { rowWrites } from "../row_writes.ts";
import type { Rule } from "../rule.ts";
import { followTransactions } from "../same_transaction.ts";
import { setTimeout } from "../set_timeout.ts";
import { alterations, type AlterCommand } from "../table_parts.ts";
import { all, as, type Node, type RangeVar } from "../tree.ts";

/** Commands of ALTER TABLE that let others read and write. */
const GENTLE: ReadonlySet<string> = new Set([
  "AT_ValidateConstraint",
  "AT_SetStatistics",
  "AT_SetOptions",
  "AT_ResetOptions",
  "AT_SetRelOptions",
  "AT_ResetRelOptions",
  "AT_ClusterOn",
  "AT_DropCluster",
  "AT_AttachPartition",
  "AT_DetachPartitionFinalize",
]);

const workUnderLock: Rule = {
  id: "work-under-lock",
  level: "warning",
  summary: "work on rows in a transaction that has locked a table against everybody",
  sections: "both",
  follow(file) {
    let locked: { readonly table: string; readonly line: number } | undefined;
    let isTold = false;
    const isShared = followTransactions(file);
    return function* ({ node, start }) {
      if (!isShared(node)) locked = undefined;
      if (locked !== undefined && !isTold && isWork(node, file)) {
        isTold = true;
        yield {
          message:
            `This runs while "${locked.table}" is locked by line ${locked.line}, and nobody can use that meanwhile`,
          hint: "Move it to a file of its own",
        };
      }
      const table = lockedTable(node, file);
      if (table !== undefined) locked ??= { table: shown(table), ...positionAt(file.migration.text, start) };
    };
  },
};

function isGentle({ subtype, def }: AlterCommand): boolean {
  return GENTLE.has(subtype ?? "") || as(def, "PartitionCmd")?.concurrent === true;
}

/** A table in use that a statement locks against those who read or write it. */
function lockedTable(node: Node, file: LintFile): RangeVar | undefined {
  const rename = as(node, "RenameStmt");
  const tables = [
    ...alterations(node).filter(({ command }) => !isGentle(command)).map(({ table }) => table),
    ...all(as(node, "TruncateStmt")?.relations, "RangeVar"),
    ...all(as(node, "LockStmt")?.relations, "RangeVar"),
    ...(rename?.renameType === "OBJECT_COLUMN" || rename?.renameType === "OBJECT_TABLE" ? [rename.relation] : []),
  ];
  return tables.find((table) => table !== undefined && file.isInUse(table));
}

const lockWithoutTimeout: Rule = {
  id: "lock-without-timeout",
  level: "warning",
  summary: "a strong lock in a file without a transaction, which is waited for without end",
  sections: "both",
  follow(file) {
    const { transaction, lockTimeoutMs } = file.migration;
    let isLimited = lockTimeoutMs !== undefined;
    return function* ({ node }) {
      const limit = setTimeout(node, "lock_timeout");
      if (limit !== undefined) isLimited = limit > 0;
      const table = isLimited || transaction === "single" ? undefined : lockedTable(node, file);
      if (table === undefined) return;
      yield {
        message: `This waits for "${shown(table)}" without a time-out, and everybody else who wants it behind this`,
        hint:
          "Move it to a file with a transaction, which has a lock_timeout, or put SET lock_timeout = '3s' before it",
      };
    };
  },
};

/** Whether a statement takes time with the number of rows. Rows that the file itself lists are few. */
function isWork(node: Node, file: LintFile): boolean {
  const index = as(node, "IndexStmt");
  if (index !== undefined) return file.isInUse(index.relation);
  if (rowWrites(node).some(({ relation }) => file.isInUse(relation))) return true;
  const source = as(as(node, "InsertStmt")?.selectStmt, "SelectStmt");
  return source?.fromClause !== undefined || as(node, "MergeStmt") !== undefined ||
    as(node, "RefreshMatViewStmt") !== undefined || as(node, "CreateTableAsStmt")?.objtype === "OBJECT_TABLE";
}

/** The weakest mode that keeps writers out, as PostgreSQL numbers them. */
const SHARE = 5;

const explicitLock: Rule = {
  id: "explicit-lock",
  level: "warning",
  summary: "LOCK TABLE in a mode that keeps writers out",
  sections: "both",
  *statement({ node }, file) {
    const lock = as(node, "LockStmt");
    if ((lock?.mode ?? 0) < SHARE) return;
    for (const table of all(lock?.relations, "RangeVar").filter((one) => file.isInUse(one))) {
      yield {
        message: `Nobody can write "${shown(table)}" from here to the end of the file`,
        hint: "Leave it to the statements below to take the locks that they need",
      };
    }
  },
};

/** What reads or writes all rows. */
const SCANS: ReadonlySet<string> = new Set(["AT_SetNotNull", "AT_AlterColumnType", "AT_AddConstraint"]);

const repeatedAlterTable: Rule = {
  id: "repeated-alter-table",
  level: "warning",
  summary: "several ALTER TABLE that each read the table, where one would do",
  sections: "both",
  follow(file) {
    let previous: string | undefined;
    return function* ({ node }) {
      const [first] = alterations(node);
      const scans = alterations(node).some(({ command: { subtype, def } }) =>
        SCANS.has(subtype ?? "") && as(def, "Constraint")?.skip_validation !== true &&
        as(def, "Constraint")?.indexname === undefined
      );
      const table = first !== undefined && scans && file.isInUse(first.table) ? shown(first.table) : undefined;
      if (table !== undefined && table === previous) {
        yield {
          message: `This reads "${table}" once more: the statement before it does so, too`,
          hint: "Put both into one ALTER TABLE, with a comma between them: then the table is read once",
        };
      }
      previous = table;
    };
  },
};

/** Rules about locks. */
export const LOCK_RULES: readonly Rule[] = [workUnderLock, lockWithoutTimeout, explicitLock, repeatedAlterTable];
