/**
 * The columns of the history and of its log, as the layout of this release has them.
 *
 * @module
 */

/** One column. */
export interface Column {
  /** Its name. */
  readonly name: string;
  /** Its type, as the server writes it. */
  readonly type: string;
  /** What else it is declared with: a default, an identity, a check. */
  readonly clause?: string;
  /** What its values must be. */
  readonly rule?: "NOT NULL" | "NOT NULL UNIQUE" | "PRIMARY KEY";
  /** What it holds, in words. */
  readonly comment: string;
  /**
   * What stands for it in an older layout that lacks it, as SQL over a row `t`. What the source tells is read from
   * there. A layout that lacks a column without it cannot be used.
   */
  readonly absent?: string;
}

/** The columns of the history. */
export const COLUMNS: readonly Column[] = [
  { name: "name", type: "text", rule: "PRIMARY KEY", comment: "Name of the migration: its file name without .sql" },
  { name: "version", type: "bigint", rule: "NOT NULL UNIQUE", comment: "The number in front of the name" },
  {
    name: "seq",
    type: "bigint",
    rule: "NOT NULL UNIQUE",
    comment: "Order of application",
    absent: "pg_catalog.row_number() OVER (ORDER BY t.applied_at, t.version)",
  },
  { name: "description", type: "text", comment: "What it does, in words", absent: "NULL" },
  { name: "checksum", type: "text", rule: "NOT NULL", comment: "SHA-256 of source, lower-case hex" },
  {
    name: "token_checksum",
    type: "text",
    rule: "NOT NULL",
    comment: "Checksum of the statements without comments and white space",
    absent: "''",
  },
  {
    name: "depends",
    type: "text[]",
    rule: "NOT NULL",
    comment: "Names of the migrations that it depends on",
    absent: "NULL",
  },
  {
    name: "source",
    type: "text",
    rule: "NOT NULL",
    comment: "The whole file as applied; its rollback section is what down runs",
  },
  {
    name: "applied_at",
    type: "timestamp with time zone",
    comment: "When it was applied; null while it is not fully applied",
  },
  { name: "duration_ms", type: "double precision", comment: "How long it ran, in milliseconds", absent: "NULL" },
  { name: "applied_by", type: "text", comment: "Database user that applied it", absent: "NULL" },
  { name: "error", type: "text", comment: "Last failure of a migration that is not applied", absent: "NULL" },
  {
    name: "partial",
    type: "text",
    clause: "CHECK (partial IN ('up', 'down'))",
    comment: "up or down while a migration without a transaction is part-way",
    absent: "NULL",
  },
  { name: "units_done", type: "integer", comment: "Units finished of a part-way migration", absent: "NULL" },
  {
    name: "unit_state",
    type: "text",
    clause: "CHECK (unit_state IN ('started', 'failed'))",
    comment: "How its next unit stands: started (its end is unknown) or failed",
    absent: "NULL",
  },
];

/** The columns of the log. */
export const LOG_COLUMNS: readonly Column[] = [
  {
    name: "id",
    type: "bigint",
    clause: "GENERATED ALWAYS AS IDENTITY",
    rule: "PRIMARY KEY",
    comment: "Order of the entries",
  },
  {
    name: "at",
    type: "timestamp with time zone",
    clause: "DEFAULT pg_catalog.clock_timestamp()",
    rule: "NOT NULL",
    comment: "When it happened",
  },
  { name: "run_id", type: "text", rule: "NOT NULL", comment: "The same for all entries of one run" },
  {
    name: "action",
    type: "text",
    rule: "NOT NULL",
    comment: "applied, rolled_back, failed, repaired, renamed, forgotten or baselined",
  },
  { name: "name", type: "text", rule: "NOT NULL", comment: "Name of the migration" },
  { name: "checksum", type: "text", comment: "SHA-256 of its source", absent: "NULL" },
  { name: "duration_ms", type: "double precision", comment: "How long it ran, in milliseconds", absent: "NULL" },
  { name: "db_user", type: "text", comment: "Database user", absent: "NULL" },
  { name: "application", type: "text", comment: "application_name of the session", absent: "NULL" },
  { name: "error", type: "text", comment: "What failed", absent: "NULL" },
  {
    name: "details",
    type: "jsonb",
    comment: "What else is known, as old and new values of a repair",
    absent: "NULL",
  },
];
