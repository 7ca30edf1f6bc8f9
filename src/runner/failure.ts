/**
 * Turns what a database says into an error that names file, line and column.
 *
 * @module
 */

import type { Access } from "../core/database.ts";
import { DatabaseError } from "../core/database_error.ts";
import { MigrationError } from "../core/error.ts";
import type { Direction } from "../core/event.ts";
import { maskSecrets } from "../core/mask.ts";
import type { Migration } from "../core/migration.ts";
import { positionAt } from "../core/position.ts";
import { type ExcerptLine, SqlError } from "../core/sql_error.ts";
import { failedGuard, type Guard, type Message, placeInMessage } from "./transaction.ts";

const LINES_BEFORE = 2;
const LINES_AFTER = 1;

/** What a role needs for what it does with the history. */
const RIGHTS: Readonly<Record<Access, string>> = {
  read: "to read: USAGE on the schema of the history and SELECT on its table; for the log on that, too",
  write: "CREATE on the schema of the history for the first run, then SELECT, INSERT, UPDATE and DELETE on its tables",
};

/** What a guard found. */
const LOST: Readonly<Record<Exclude<Guard, "strings" | "unwritten">, string>> = {
  lock: "another session took the lock",
  lease: "another run took over the lease, or it was released",
  row: "another session changed the history",
  chain: "another session changed the history",
};

/** A trigger or a policy may let what is written go without an error. */
const UNWRITTEN = "its history was not written: a trigger or a row-level security policy kept it from its tables";
const ADVICE_ON_UNWRITTEN = "See the triggers and policies of the history table and its log";

/** What others do to a statement, whatever it is: a lock time-out, a cancel, a shutdown. */
const STOPPED = /^(?:55P03|40...|57...)$/;

/** What was being run when it failed. */
export interface Attempt {
  /** The migration. */
  readonly migration: Migration;
  /** Which section. */
  readonly direction: Direction;
  /** What was sent. */
  readonly message: Message;
  /** Advice to be given with the error. */
  readonly hint?: string | undefined;
}

/**
 * Makes the error for a failed message.
 *
 * @param error What was caught.
 * @param attempt What was being run.
 * @param code `SQL_FAILED` if all of it was rolled back, `PARTIAL` if not.
 * @returns The error to throw.
 */
export function describeFailure(
  error: unknown,
  attempt: Attempt,
  code: "SQL_FAILED" | "PARTIAL" = "SQL_FAILED",
): unknown {
  if (error instanceof MigrationError && error.code === "CONNECTION_LOST") return outcomeUnknown(error, attempt);
  if (!(error instanceof DatabaseError)) return error;
  const place = placeInMessage(attempt.message, error.fields);
  if (place.type === "committed") return outcomeUnknown(error, attempt);
  const guard = place.type === "section" ? undefined : failedGuard(error.message);
  if (guard === "unwritten") return unwritten(error, attempt, code);
  if (guard !== undefined) return ownStatementError(error);
  if (place.type === "before" && !STOPPED.test(error.fields.sqlstate ?? "")) return setupError(error, attempt);
  const { migration, direction, message } = attempt;
  const offset = place.type === "section" && place.offset !== undefined
    ? message.section!.start + place.offset
    : undefined;
  const position = offset === undefined ? undefined : positionAt(migration.text, offset);
  const cause = withoutSecrets(error);
  const when = { before: ", before it began", after: ", when its history was written", commit: "", section: "" };
  const said = `${error.message}${when[place.type]}`;
  return new SqlError(
    code,
    said,
    {
      migration: migration.name,
      direction,
      at: place.type === "commit" ? "commit" : "statement",
      path: migration.path,
      line: position?.line,
      column: position?.column,
      excerpt: position === undefined ? [] : excerpt(migration.text, position.line),
    },
    cause.fields,
    { hint: attempt.hint, cause },
  );
}

/** The transaction came to nothing, since its history would have been wrong. */
function unwritten(error: DatabaseError, { migration, direction }: Attempt, code: "SQL_FAILED" | "PARTIAL"): SqlError {
  return new SqlError(
    code,
    UNWRITTEN,
    { migration: migration.name, direction, at: "statement", path: migration.path, excerpt: [] },
    {},
    { hint: ADVICE_ON_UNWRITTEN, cause: error },
  );
}

/** What a driver's error says, without secrets of the SQL that it quotes. */
function withoutSecrets({ kind, message, fields }: DatabaseError): DatabaseError {
  return new DatabaseError(kind, message, {
    ...fields,
    internalQuery: fields.internalQuery === undefined ? undefined : maskSecrets(fields.internalQuery),
    where: fields.where === undefined ? undefined : maskContext(fields.where),
  });
}

/** A context quotes SQL in double quotes, inside which a lexer sees one name: each piece is masked for itself. */
function maskContext(where: string): string {
  return maskSecrets(where).split('"').map(maskSecrets).join('"');
}

/** The error for what was to be set before the migration. */
function setupError(error: DatabaseError, { migration }: Attempt): MigrationError {
  return new MigrationError(
    "CONFIG",
    `Cannot set up the session of "${migration.name}": ${error.message} (${error.fields.sqlstate ?? "no SQLSTATE"})`,
    { hint: "See the role and the session statements that migrations are to run with", cause: error },
  );
}

/**
 * The error for a migration of which nobody knows whether it was done.
 *
 * @param error What was caught.
 * @param of The migration.
 * @returns An error with code `OUTCOME_UNKNOWN`.
 */
export function outcomeUnknown(
  error: MigrationError | DatabaseError,
  { migration }: Pick<Attempt, "migration">,
): MigrationError {
  const failure = new MigrationError("OUTCOME_UNKNOWN", `${error.message} while "${migration.name}" ran`, {
    hint: migration.transaction === "none"
      ? "What was finished of it is recorded: run status, then the same command again, which goes on from there"
      : "It is either fully done and recorded or not done at all: run status, then the same command again",
    cause: error,
  });
  failure.unknown = [migration.name];
  return failure;
}

/** Advice where a statement of the tool is refused. */
function adviseOnOwn({ fields: { sqlstate, hint } }: DatabaseError, access: Access): string | undefined {
  if (sqlstate === "42501") return `Grant the role what it needs${access === "read" ? " " : ": "}${RIGHTS[access]}`;
  return sqlstate === "42P07" ? "Choose another name for the history with --table (library: table)" : hint;
}

/**
 * The error for a statement of the tool that the server refused, its guards included.
 *
 * @param error What the server said.
 * @param access Whether the session was to write.
 * @returns An error with code `LOCK_LOST`, `READ_ONLY` or `CONFIG`.
 */
export function ownStatementError(error: DatabaseError, access: Access = "write"): MigrationError {
  const guard = failedGuard(error.message);
  if (guard === "strings") {
    return new MigrationError("CONFIG", "Cannot continue: standard_conforming_strings is off behind the pooler", {
      hint: "Turn it on for the role or the database, or connect to the server itself",
      cause: error,
    });
  }
  if (guard === "unwritten") {
    return new MigrationError("CONFIG", `Cannot continue: ${UNWRITTEN}`, { hint: ADVICE_ON_UNWRITTEN, cause: error });
  }
  if (guard !== undefined) {
    return new MigrationError("LOCK_LOST", `Cannot continue: ${LOST[guard]}`, {
      hint: "Run the same command again: it reads the history anew",
      cause: error,
    });
  }
  const said = `${error.message} (${error.fields.sqlstate ?? "no SQLSTATE"})`;
  if (error.fields.sqlstate === "25006") {
    return new MigrationError("READ_ONLY", `Cannot write: ${said}`, { cause: error });
  }
  return new MigrationError("CONFIG", `Cannot use the history: ${said}`, {
    hint: adviseOnOwn(error, access),
    cause: error,
  });
}

function excerpt(text: string, line: number): ExcerptLine[] {
  const lines = maskSecrets(text).split("\n");
  const first = Math.max(1, line - LINES_BEFORE);
  return lines.slice(first - 1, line + LINES_AFTER).map((content, index) => ({ line: first + index, text: content }));
}
