/**
 * A statement of a migration that the server refused.
 *
 * @module
 */

import type { ServerErrorFields } from "./database_error.ts";
import { type ErrorCode, MigrationError } from "./error.ts";
import type { Direction } from "./event.ts";
import { oneLine } from "./one_line.ts";

/** A line of the file around a failure, with secrets masked. */
export interface ExcerptLine {
  /** Its number, from 1. */
  readonly line: number;
  /** Its text. */
  readonly text: string;
}

/** When the server refused: while a statement ran, or at COMMIT. */
export type FailurePoint = "statement" | "commit";

/** Where in which migration it failed. */
export interface SqlErrorPlace {
  /** Name of the migration. */
  readonly migration: string;
  /** Which section ran. */
  readonly direction: Direction;
  /** When the server refused. */
  readonly at: FailurePoint;
  /** The file, or the name of the migration if the SQL came from the history. */
  readonly path: string;
  /** Line, from 1; absent at COMMIT. */
  readonly line?: number | undefined;
  /** Column in code points, from 1; absent at COMMIT. */
  readonly column?: number | undefined;
  /** Lines around it. */
  readonly excerpt: readonly ExcerptLine[];
}

/**
 * A statement of a migration that the server refused. Its code is `SQL_FAILED` if all of it was rolled back, `PARTIAL`
 * if a `Transaction: none` migration is part-way.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { SqlError } from "@metapg/migration";
 *
 * const error = new SqlError("SQL_FAILED", 'relation "userz" does not exist', {
 *   migration: "001_users",
 *   direction: "up",
 *   at: "statement",
 *   path: "migrations/default/001_users.sql",
 *   line: 3,
 *   column: 13,
 *   excerpt: [{ line: 3, text: "ALTER TABLE userz ADD name text;" }],
 * }, { sqlstate: "42P01" });
 * assertEquals(error.place, "migrations/default/001_users.sql:3:13");
 * ```
 */
export class SqlError extends MigrationError {
  /** The class name, for logs. */
  override name = "SqlError";
  /** What the server said, without its place. */
  readonly serverMessage: string;
  /** Name of the migration. */
  readonly migration: string;
  /** Which section ran. */
  readonly direction: Direction;
  /** When the server refused. */
  readonly at: FailurePoint;
  /** The file, or the name of the migration if the SQL came from the history. */
  readonly path: string;
  /** Line, from 1; `undefined` at COMMIT. */
  readonly line: number | undefined;
  /** Column in code points, from 1; `undefined` at COMMIT. */
  readonly column: number | undefined;
  /** Lines around it, with secrets masked. */
  readonly excerpt: readonly ExcerptLine[];
  /** SQLSTATE. */
  readonly sqlstate: string | undefined;
  /** More from the server. */
  readonly detail: string | undefined;
  /** Advice from the server. */
  readonly serverHint: string | undefined;
  /** The statement inside a function that failed. */
  readonly internalQuery: string | undefined;
  /** The call stack of functions. */
  readonly where: string | undefined;

  /**
   * Makes the error.
   *
   * @param code `SQL_FAILED` or `PARTIAL`.
   * @param serverMessage What the server said.
   * @param place Where it failed.
   * @param fields What else the server said.
   * @param options Advice and the error underneath.
   */
  constructor(
    code: Extract<ErrorCode, "SQL_FAILED" | "PARTIAL">,
    serverMessage: string,
    place: SqlErrorPlace,
    fields: ServerErrorFields,
    options: { readonly hint?: string | undefined; readonly cause?: unknown } = {},
  ) {
    const line = oneLine(serverMessage);
    super(
      code,
      `${formatPlace(place)}: ${line}${fields.sqlstate === undefined ? "" : ` (${fields.sqlstate})`}`,
      options,
    );
    this.serverMessage = serverMessage;
    this.migration = place.migration;
    this.direction = place.direction;
    this.at = place.at;
    this.path = place.path;
    this.line = place.line;
    this.column = place.column;
    this.excerpt = place.excerpt;
    this.sqlstate = fields.sqlstate;
    this.detail = fields.detail;
    this.serverHint = fields.hint;
    this.internalQuery = fields.internalQuery;
    this.where = fields.where;
  }

  /** `path:line:column`, or the path `at commit`. */
  get place(): string {
    return formatPlace(this);
  }
}

function formatPlace(place: Pick<SqlErrorPlace, "path" | "line" | "column" | "at">): string {
  if (place.at === "commit") return `${place.path} at commit`;
  return [place.path, place.line, place.column].filter((part) => part !== undefined).join(":");
}
