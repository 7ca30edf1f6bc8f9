/**
 * What a driver's error says, in one shape for all drivers.
 *
 * @module
 */

/** What a server says about a failed statement. */
export interface ServerErrorFields {
  /** SQLSTATE, five characters. */
  readonly sqlstate?: string | undefined;
  /** `ERROR`, `FATAL` or `PANIC`, not translated. */
  readonly severity?: string | undefined;
  /** More of it. */
  readonly detail?: string | undefined;
  /** Advice of the server. */
  readonly hint?: string | undefined;
  /** How many statements of the message completed before it, where the driver tells. */
  readonly completed?: number | undefined;
  /** Where it failed, in code points from 1 over the whole message that was sent. */
  readonly position?: number | undefined;
  /** The same over `internalQuery`. */
  readonly internalPosition?: number | undefined;
  /** The statement inside a function that failed. */
  readonly internalQuery?: string | undefined;
  /** The call stack of functions. */
  readonly where?: string | undefined;
  /** Schema it is about. */
  readonly schema?: string | undefined;
  /** Table it is about. */
  readonly table?: string | undefined;
  /** Column it is about. */
  readonly column?: string | undefined;
  /** Constraint it is about. */
  readonly constraint?: string | undefined;
}

/**
 * Which part of the talk failed: `connect` before a session was had, `server` a statement was refused and the session
 * lives, `lost` the session is gone.
 */
export type DatabaseErrorKind = "connect" | "server" | "lost";

/**
 * An error of a database adapter.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { DatabaseError } from "@metapg/migration/core";
 *
 * const error = new DatabaseError("server", "division by zero", { sqlstate: "22012", severity: "ERROR" });
 * assertEquals(error.fields.sqlstate, "22012");
 * ```
 */
export class DatabaseError extends Error {
  /** The class name, for logs. */
  override name = "DatabaseError";
  /** Which part of the talk failed. */
  readonly kind: DatabaseErrorKind;
  /** What the server said; empty if it said nothing. */
  readonly fields: ServerErrorFields;

  /**
   * Makes the error.
   *
   * @param kind Which part of the talk failed.
   * @param message One line, without a password.
   * @param fields What the server said.
   */
  constructor(kind: DatabaseErrorKind, message: string, fields: ServerErrorFields = {}) {
    super(message);
    this.kind = kind;
    this.fields = fields;
  }
}
