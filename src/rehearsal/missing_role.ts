/**
 * Roles that migrations name and do not make.
 *
 * @module
 */

import { DatabaseError } from "../core/database_error.ts";
import { MigrationError } from "../core/error.ts";

/** What PostgreSQL says of a role that is not there. */
const UNKNOWN_ROLE = /^role "(.+)" does not exist$/s;

/** As an object that is named, and as the value of a setting. */
const UNKNOWN_ROLE_CODES: ReadonlySet<string | undefined> = new Set(["42704", "22023"]);

/**
 * Names the role that is not there, if a migration failed for that. Roles are part of a server: those that files name and none
 * creates are taken to be there in production.
 */
export function missingRole(error: unknown): string | undefined {
  if (!(error instanceof MigrationError)) return undefined;
  const { cause } = error;
  if (!(cause instanceof DatabaseError) || !UNKNOWN_ROLE_CODES.has(cause.fields.sqlstate)) return undefined;
  return UNKNOWN_ROLE.exec(cause.message)?.[1];
}
