/**
 * What PostgreSQL's grammar says of a statement and transactions, as the judge of what is refused.
 *
 * @module
 */

import { parseSync } from "libpg-query";

/** What a statement is to the rules of the format. */
export interface Verdict {
  /** As our `StatementKind`, with `refused` for `alone` where PostgreSQL takes the statement in no transaction. */
  readonly kind: string;
  /** Whether no migration may hold it. */
  readonly never: boolean;
}

/** A node of the parse tree. */
type Node = Readonly<Record<string, unknown>>;

interface Option {
  readonly defname: string;
  readonly arg?: Node;
}

const TRANSACTION_KINDS: Readonly<Record<string, string>> = {
  TRANS_STMT_BEGIN: "begin",
  TRANS_STMT_START: "begin",
  TRANS_STMT_COMMIT: "commit",
  TRANS_STMT_ROLLBACK: "rollback",
  TRANS_STMT_SAVEPOINT: "savepoint",
  TRANS_STMT_RELEASE: "savepoint",
  TRANS_STMT_ROLLBACK_TO: "savepoint",
  TRANS_STMT_PREPARE: "prepare-transaction",
  TRANS_STMT_COMMIT_PREPARED: "refused",
  TRANS_STMT_ROLLBACK_PREPARED: "refused",
};

const ALWAYS_REFUSED: ReadonlySet<string> = new Set([
  "CreatedbStmt",
  "DropdbStmt",
  "CreateTableSpaceStmt",
  "DropTableSpaceStmt",
  "AlterSystemStmt",
  "DropSubscriptionStmt",
]);

/**
 * Judges each statement.
 *
 * @param sql Any text.
 * @returns What PostgreSQL takes each for; `undefined` if it refuses the text.
 */
export function postgresVerdicts(sql: string): Verdict[] | undefined {
  try {
    return (parseSync(sql).stmts ?? []).map(({ stmt = {} }) => {
      const [type, node] = Object.entries(stmt)[0] as [string, Node] | undefined ?? ["", {}];
      return { kind: kindOf(type, node), never: isNever(type, node) };
    });
  } catch {
    return undefined;
  }
}

function kindOf(type: string, node: Node): string {
  if (type === "TransactionStmt") return TRANSACTION_KINDS[String(node.kind)] ?? "begin";
  if (type === "VariableSetStmt" && node.kind === "VAR_SET_MULTI") {
    return node.name === "SESSION CHARACTERISTICS" ? "set-characteristics" : "set-transaction";
  }
  return ALWAYS_REFUSED.has(type) || isRefused(type, node) ? "refused" : "plain";
}

function isRefused(type: string, node: Node): boolean {
  const options = [node.options, node.params].flatMap((list) => (list ?? []) as { readonly DefElem: Option }[])
    .map(({ DefElem }) => DefElem);
  const off = (name: string) => options.some((option) => option.defname === name && !isOn(option));
  switch (type) {
    case "VacuumStmt":
      return node.is_vacuumcmd === true;
    case "IndexStmt":
    case "DropStmt":
      return node.concurrent === true;
    case "ClusterStmt":
      return node.relation === undefined;
    case "ReindexStmt":
      return /SCHEMA|SYSTEM|DATABASE/.test(String(node.kind)) ||
        options.findLast((option) => option.defname === "concurrently" && isOn(option)) !== undefined;
    case "DiscardStmt":
      return node.target === "DISCARD_ALL";
    case "AlterDatabaseStmt":
      return options.length === 1 && options[0]!.defname === "tablespace";
    case "CreateSubscriptionStmt":
      return !off("create_slot") && !off("connect");
    case "AlterSubscriptionStmt":
      if (node.kind === "ALTER_SUBSCRIPTION_REFRESH" || node.kind === "ALTER_SUBSCRIPTION_REFRESH_PUBLICATION") {
        return true;
      }
      if (/PUBLICATION/.test(String(node.kind))) return !off("refresh");
      return options.some(({ defname }) => defname === "two_phase" || defname === "failover");
    case "AlterTableStmt":
      return JSON.stringify(node.cmds).includes('"concurrent":true');
    default:
      return false;
  }
}

/** An option without a value is on. */
function isOn({ arg }: Option): boolean {
  return arg === undefined ||
    !/"(?:sval|str)":"(?:off|false)"|"Boolean":\{\}|"Integer":\{\}/i.test(JSON.stringify(arg));
}

function isNever(type: string, node: Node): boolean {
  if (type === "CopyStmt") return node.filename === undefined;
  return type === "DiscardStmt" && node.target === "DISCARD_ALL";
}
