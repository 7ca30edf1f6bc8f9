/**
 * What a driver throws → {@linkcode DatabaseError}, by shape: the classes of drivers are minified or several.
 *
 * @module
 */

import { DatabaseError, type DatabaseErrorKind, type ServerErrorFields } from "../core/database_error.ts";
import { oneLine } from "../core/one_line.ts";
import { countCodePoints } from "../core/position.ts";

/** When it was thrown. */
export type DriverPhase = "connect" | "query";

type Shape = Readonly<Record<string, unknown>>;

/** SQLSTATEs after which the session is gone, for drivers that only tell the translated severity. */
const FATAL_STATES = /^(08...|57P0[1235]|25P03|25P04)$/;

/** The server's words for a severity that ends the session; a translated one is neither of these nor `ERROR`. */
export const FATAL_SEVERITIES: ReadonlySet<string> = new Set(["FATAL", "PANIC"]);

/** A character's bytes, as the server names them in every language. */
const BYTES = /0x[0-9a-f]{2}(?: 0x[0-9a-f]{2})*/;

/** What the codes of drivers and runtimes mean. */
const REASONS: Readonly<Record<string, string>> = {
  CONNECTION_CLOSED: "closed by the server",
  CONNECTION_DESTROYED: "closed",
  CONNECTION_ENDED: "the client is closed",
  CONNECT_TIMEOUT: "timed out",
  EACCES: "permission denied",
  EAI_AGAIN: "host name cannot be resolved",
  ECONNABORTED: "connection aborted",
  ECONNREFUSED: "connection refused",
  ECONNRESET: "connection reset by the server",
  EHOSTUNREACH: "host unreachable",
  ENETUNREACH: "network unreachable",
  ENOENT: "no such socket",
  ENOTFOUND: "host name not found",
  EPIPE: "closed by the server",
  ETIMEDOUT: "timed out",
};

/**
 * Turns what a driver threw into a {@linkcode DatabaseError}.
 *
 * @param error What was thrown.
 * @param phase Whether a session was had.
 * @param place Where to, as `host:port/database`; empty if it is not known.
 * @returns The error, without the driver's own, which may hold more than should be shown.
 */
export function toDatabaseError(error: unknown, phase: DriverPhase, place: string): DatabaseError {
  if (error instanceof DatabaseError) return error;
  const shape: Shape = typeof error === "object" && error !== null ? error as Shape : { message: String(error) };
  const fields = serverFields(shape);
  const kind = phase === "connect" ? "connect" : kindOf(shape, fields);
  const reason = reasonOf(shape, fields);
  const to = place === "" ? "" : ` to ${place}`;
  const messages: Record<DatabaseErrorKind, string> = {
    connect: `Cannot connect${to}: ${reason}`,
    lost: `Lost the connection${to}: ${reason}`,
    server: reason,
  };
  return new DatabaseError(kind, messages[kind], fields);
}

/** Where in a message, in code points from 1, the character is that the server refused all of it for; that has no context. */
export function positionOfUntranslatable({ message, fields }: DatabaseError, sql: string): number | undefined {
  const bytes = fields.sqlstate === "22P05" && fields.where === undefined
    ? BYTES.exec(message)?.[0].split(" ")
    : undefined;
  if (bytes === undefined) return undefined;
  const character = new TextDecoder("utf-8", { ignoreBOM: true }).decode(Uint8Array.from(bytes, Number));
  const offset = sql.indexOf(character);
  return offset < 0 ? undefined : countCodePoints(sql, 0, offset) + 1;
}

/** A translated severity leaves the code to decide; an untranslated `ERROR` is believed: `dblink` raises class 08. */
function kindOf(shape: Shape, fields: ServerErrorFields): DatabaseErrorKind {
  if (fields.severity === undefined) return shape.code === "57014" ? "server" : "lost";
  if (fields.severity === "ERROR") return "server";
  return FATAL_SEVERITIES.has(fields.severity) || FATAL_STATES.test(fields.sqlstate ?? "") ? "lost" : "server";
}

/** Only a server sends a severity; an `EPIPE` has as many characters as a SQLSTATE. */
function serverFields(shape: Shape): ServerErrorFields {
  const severity = text(shape, "severity") ?? text(shape, "severity_local");
  if (severity === undefined) return shape.code === "57014" ? { sqlstate: "57014" } : {};
  const fields: Record<string, string | number | undefined> = {
    sqlstate: text(shape, "code"),
    severity,
    detail: text(shape, "detail"),
    hint: text(shape, "hint"),
    position: position(shape, "position"),
    internalPosition: position(shape, "internal_position", "internalPosition"),
    internalQuery: text(shape, "internal_query", "internalQuery"),
    where: text(shape, "where"),
    schema: text(shape, "schema_name", "schema"),
    table: text(shape, "table_name", "table"),
    column: text(shape, "column_name", "column"),
    constraint: text(shape, "constraint_name", "constraint"),
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function reasonOf(shape: Shape, fields: ServerErrorFields): string {
  const message = oneLine(text(shape, "message") ?? "");
  if (fields.severity !== undefined) return message;
  return REASONS[String(shape.code)] ?? (message || oneLine(String(shape.code ?? "unknown reason")));
}

function text(shape: Shape, ...names: readonly string[]): string | undefined {
  const value = names.map((name) => shape[name]).find((found) => typeof found === "string");
  return value as string | undefined;
}

function position(shape: Shape, ...names: readonly string[]): number | undefined {
  const value = names.map((name) => shape[name]).find((found) => found !== undefined && found !== null);
  const number = Number(value);
  return value !== undefined && Number.isSafeInteger(number) ? number : undefined;
}
