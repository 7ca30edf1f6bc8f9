/**
 * What a run must know of a server before it does anything.
 *
 * @module
 */

import type { Row } from "../core/database.ts";
import { MigrationError } from "../core/error.ts";
import type { Problem } from "../core/problem.ts";
import { quoteLiteral } from "../core/quote.ts";
import { conditionalSql, readConditional } from "./conditional_query.ts";
import { COMMENT, type HistoryTable, LAYOUT, LOG_COMMENT, readLayout } from "./history_table.ts";
import type { Session } from "./session.ts";

/** The oldest and the newest major version that are tested. */
const SUPPORTED = { oldest: 14, newest: 18 } as const;

/** Engines that speak the protocol but are another database, by what `version()` says. */
const OTHER_ENGINES: readonly (readonly [RegExp, string])[] = [
  [/cockroach/i, "CockroachDB"],
  [/-YB-|yugabyte/i, "YugabyteDB"],
  [/redshift/i, "Amazon Redshift"],
  [/materialize/i, "Materialize"],
  [/risingwave/i, "RisingWave"],
  [/cratedb/i, "CrateDB"],
  [/questdb/i, "QuestDB"],
  [/greenplum/i, "Greenplum"],
  [/gaussdb/i, "openGauss"],
  [/spanner/i, "Cloud Spanner"],
  [/duckdb/i, "DuckDB"],
];

/** What the server says of itself and of the history. */
export interface ServerState {
  /** Backend pid, as the server sees it. */
  readonly pid: number;
  /** What `version()` says. */
  readonly version: string;
  /** Its number, as 180004. */
  readonly versionNumber: number;
  /** Name of the database. */
  readonly database: string;
  /** The user that connected. */
  readonly user: string;
  /** Whether it takes writes. */
  readonly access: "read-write" | "read-only";
  /** Whether the schema of the history exists. */
  readonly schema: "exists" | "absent";
  /** Whether the history exists, and whether a release before this one made it. */
  readonly history: "exists" | "older" | "absent";
}

/**
 * Asks the server what it is and whether it holds a history of ours.
 *
 * @param session The session.
 * @param table The history table.
 * @returns What it says.
 * @throws A {@linkcode MigrationError} with code `CONFIG` (no supported server), `HISTORY_FOREIGN` or `HISTORY_NEWER`.
 */
export async function readServerState(
  session: Pick<Session, "query">,
  table: HistoryTable,
): Promise<ServerState> {
  const [row] = await session.query(probeSql(table));
  return serverStateOf(row, table);
}

/** What the server says, and what the history does, if it was asked along. */
export interface ServerAnswer {
  /** The server. */
  readonly server: ServerState;
  /** What the question about the history was answered with; `undefined` unless it is one of this release's layout. */
  readonly history: string | undefined;
}

/**
 * Writes a query for what a server is and, along with it, for the history. That may not be there: its query is run only if
 * it is, and is of the layout of this release.
 *
 * @param table The history table.
 * @param question A query for one text.
 * @returns The query. A server that is not supported may not know how to ask so, and refuse it.
 */
export function serverAndSql(table: HistoryTable, question: string): string {
  const history = conditionalSql("p.is_current", question);
  return `SELECT p.value AS value, ${history} AS history FROM (${probeSql(table)}) AS p`;
}

/**
 * Reads what {@linkcode serverAndSql} asked for.
 *
 * @param rows The rows.
 * @param table The history table.
 * @returns Both answers.
 * @throws A {@linkcode MigrationError} as {@linkcode readServerState} does.
 */
export function readServerAnd([row]: readonly Row[], table: HistoryTable): ServerAnswer {
  return { server: serverStateOf(row, table), history: readConditional(row?.history) };
}

function serverStateOf(row: Row | undefined, table: HistoryTable): ServerState {
  const probe = JSON.parse(String(row?.value)) as Probe;
  refuseEngine(probe);
  refuseLayout(probe, table);
  return {
    pid: probe.pid,
    version: probe.version,
    versionNumber: probe.versionNumber,
    database: probe.database,
    user: probe.user,
    access: probe.readOnly ? "read-only" : "read-write",
    schema: probe.schema ? "exists" : "absent",
    history: historyOf(probe),
  };
}

interface Probe {
  readonly pid: number;
  readonly version: string;
  readonly versionNumber: number;
  readonly database: string;
  readonly user: string;
  readonly readOnly: boolean;
  readonly schema: boolean;
  readonly relation: string | null;
  /** Where there is no history, whether the log is one of ours; `null` if there is no relation of that name. */
  readonly log: boolean | null;
  readonly comment: string | null;
}

/** Writes the query for what a server is and whether it holds a history, as one text. */
function probeSql(table: HistoryTable): string {
  const [schema, name] = [quoteLiteral(table.schema), quoteLiteral(table.name)];
  return `SELECT pg_catalog.json_build_object(
  'pid', pg_catalog.pg_backend_pid(),
  'version', pg_catalog.version(),
  'versionNumber', pg_catalog.current_setting('server_version_num')::pg_catalog.int4,
  'database', pg_catalog.current_database(),
  'user', session_user,
  'readOnly', pg_catalog.current_setting('transaction_read_only') = 'on' OR pg_catalog.pg_is_in_recovery(),
  'schema', EXISTS (SELECT FROM pg_catalog.pg_namespace n WHERE n.nspname = ${schema}),
  'relation', c.relkind,
  'log', CASE WHEN c.oid IS NULL THEN (SELECT coalesce(pg_catalog.obj_description(l.oid, 'pg_class') = ${
    quoteLiteral(LOG_COMMENT)
  }, false)
    FROM pg_catalog.pg_class l JOIN pg_catalog.pg_namespace ln ON ln.oid = l.relnamespace
    WHERE ln.nspname = ${schema} AND l.relname = ${quoteLiteral(`${table.name}_log`)}) END,
  'comment', d.description
)::pg_catalog.text AS value, d.description = ${quoteLiteral(COMMENT)} AND c.relkind = 'r' AS is_current
FROM (VALUES (1)) AS one (n)
LEFT JOIN (pg_catalog.pg_class c JOIN pg_catalog.pg_namespace s ON s.oid = c.relnamespace)
  ON s.nspname = ${schema} AND c.relname = ${name}
LEFT JOIN LATERAL (SELECT pg_catalog.obj_description(c.oid, 'pg_class')) AS d (description) ON true`;
}

function refuseEngine(probe: Probe): void {
  const engine = OTHER_ENGINES.find(([pattern]) => pattern.test(probe.version))?.[1];
  if (engine !== undefined || !probe.version.startsWith("PostgreSQL ")) {
    throw new MigrationError(
      "CONFIG",
      `Cannot migrate ${engine ?? `"${probe.version}"`}: only PostgreSQL is supported`,
    );
  }
  if (probe.versionNumber < SUPPORTED.oldest * 10_000) {
    throw new MigrationError(
      "CONFIG",
      `Cannot migrate PostgreSQL ${major(probe.versionNumber)}: version ${SUPPORTED.oldest} or newer is needed`,
    );
  }
}

function refuseLayout(probe: Probe, table: HistoryTable): void {
  if (probe.relation === null && probe.log !== null) throw probe.log ? gone(table) : foreign(table.logSql);
  if (probe.relation === null) return;
  const layout = probe.relation === "r" ? readLayout(probe.comment) : "foreign";
  if (layout === "foreign") throw foreign(table.sql);
  if (layout > LAYOUT) {
    throw new MigrationError(
      "HISTORY_NEWER",
      `Cannot use ${table.sql}: its layout ${layout} is from a newer release, this one knows layout ${LAYOUT}`,
      { hint: "Upgrade this tool" },
    );
  }
}

function historyOf({ relation, comment }: Probe): ServerState["history"] {
  if (relation === null) return "absent";
  return readLayout(comment) === LAYOUT ? "exists" : "older";
}

/** To go on as with an empty history would apply everything again to a database that may hold all of it. */
function gone({ sql, logSql }: HistoryTable): MigrationError {
  return new MigrationError("HISTORY_FOREIGN", `The history ${sql} is gone, and its log ${logSql} is still there`, {
    hint:
      `Restore the table from a backup. Without one drop the log, DROP TABLE ${logSql}, and where the database holds what ` +
      "the migrations make record them with baseline --to NAME; else up would make all of it again",
  });
}

function foreign(sql: string): MigrationError {
  return new MigrationError("HISTORY_FOREIGN", `Cannot use ${sql} for the history: it is not a table of this tool`, {
    hint: "Choose another name with --table (library: table)",
  });
}

/**
 * Warns of a server that is newer than those that are tested.
 *
 * @param state What the server says.
 * @returns The warning, if there is one.
 */
export function warnOfServer(state: ServerState): Problem[] {
  if (major(state.versionNumber) <= SUPPORTED.newest) return [];
  return [{
    code: "server",
    severity: "warning",
    message: `PostgreSQL ${
      major(state.versionNumber)
    } is newer than version ${SUPPORTED.newest}, the newest one tested`,
  }];
}

function major(versionNumber: number): number {
  return Math.floor(versionNumber / 10_000);
}

/**
 * Refuses a server that takes no writes.
 *
 * @param server What the server says.
 * @throws A {@linkcode MigrationError} with code `READ_ONLY`.
 */
export function refuseReadOnly(server: ServerState): void {
  if (server.access === "read-write") return;
  throw new MigrationError("READ_ONLY", `Cannot write to "${server.database}": the server is read-only`, {
    hint: "Connect to the primary, and see that default_transaction_read_only is off",
  });
}
