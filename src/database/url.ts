/**
 * Database URLs: text → target, as libpq reads it. No message holds anything of a password.
 *
 * @module
 */

import { MigrationError } from "../core/error.ts";
import type { Problem } from "../core/problem.ts";
import { notSupported, postgresTarget, type UriValues } from "./postgres_target.ts";
import type { DatabaseTarget, PgliteTarget } from "./target.ts";
import { isPostgresUri, splitUri, type Uri, UriError } from "./uri.ts";
import { keyUse, SUPPORTED, type SupportedKey } from "./uri_keys.ts";

/** What a URL is read with. */
export interface UrlOptions {
  /** Environment variables; `PG*` fill what the URL leaves out. */
  readonly env: (name: string) => string | undefined;
  /**
   * The database's name in this tool: `PGDATABASE` is only meant for `default`.
   *
   * @default "default"
   */
  readonly dbName?: string;
}

/** A URL that was read. */
export interface ParsedUrl {
  /** What it names. */
  readonly target: DatabaseTarget;
  /** Keys that have no effect. */
  readonly warnings: readonly Problem[];
}

/**
 * Reads a database URL: `postgres://…`, `postgresql://…`, `pglite:` or `pglite:FOLDER`.
 *
 * @param url The URL.
 * @param options Environment and name.
 * @returns What it names, and warnings.
 * @throws {MigrationError} With code `CONFIG` if it cannot be read, or asks for what is not supported.
 */
export function parseDatabaseUrl(url: string, options: UrlOptions): ParsedUrl {
  if (url.startsWith("pglite:")) return { target: pgliteTarget(url.slice("pglite:".length)), warnings: [] };
  if (!isPostgresUri(url)) {
    throw new MigrationError(
      "CONFIG",
      "Cannot read the database URL: it must begin with postgres://, postgresql:// or pglite:",
      { hint: "Write it as postgres://USER:PASSWORD@HOST:PORT/DATABASE, without quotes or blanks around it" },
    );
  }
  const uri = split(url);
  const warnings: Problem[] = [];
  const values = { ...fromEnvironment(options), ...fromUri(uri, warnings) };
  const systemUser = ["USER", "LOGNAME", "USERNAME"].map(options.env).find((name) => name !== undefined && name !== "");
  return { target: postgresTarget(values, systemUser, warnings), warnings };
}

/** Separators at the end go, but `C:\` without its own is another folder. */
function pgliteTarget(folder: string): PgliteTarget {
  if (folder === "" || folder === "memory://") return { engine: "pglite" };
  if (folder.startsWith("//") || folder.includes("://")) {
    throw new MigrationError(
      "CONFIG",
      "Cannot read the database URL: a PGlite folder is written pglite:./folder or pglite:/folder",
    );
  }
  return { engine: "pglite", folder: folder.replace(/(?<=[^:])[/\\]+$/, "") };
}

function split(url: string): Uri {
  try {
    return splitUri(url);
  } catch (error) {
    if (!(error instanceof UriError)) throw error;
    throw new MigrationError("CONFIG", `Cannot read the database URL: ${error.message}`);
  }
}

function fromEnvironment({ env, dbName = "default" }: UrlOptions): UriValues {
  const values: UriValues = {};
  for (const [key, variable] of Object.entries(SUPPORTED) as [SupportedKey, string | undefined][]) {
    const value = variable === undefined || (key === "dbname" && dbName !== "default") ? undefined : env(variable);
    if (value !== undefined && value !== "") values[key] = value;
  }
  return values;
}

function fromUri(uri: Uri, warnings: Problem[]): UriValues {
  const values: UriValues = {
    host: uri.hosts.map(({ host }) => host).join(","),
    port: uri.hosts.map(({ port }) => port).join(","),
    user: uri.user,
    password: uri.password,
    dbname: uri.database,
  };
  for (const [name, text] of uri.parameters) {
    const [key, value] = name === "ssl" && text === "true" ? ["sslmode", "require"] : [name, text];
    const use = keyUse(key);
    if (use === "supported") values[key as SupportedKey] = value;
    else if (use === "refused") throw notSupported(key);
    else if (use === "unknown") throw unknownKey(key);
    else warnings.push({ code: "url", severity: "warning", message: withoutEffect(key, use) });
  }
  const given = Object.entries(values).filter(([key, value]) =>
    (key === "host" || key === "port" ? /[^,]/ : /./s).test(value)
  );
  return Object.fromEntries(given);
}

function withoutEffect(key: string, use: "foreign" | "without-effect"): string {
  return use === "foreign"
    ? `The key "${key}" of the database URL is another tool's and has no effect`
    : `The key "${key}" of the database URL has no effect here`;
}

/** Of a password with a "?" in it, a part may stand where a key is expected: only what looks like a key is shown. */
function unknownKey(key: string): MigrationError {
  const name = /^[A-Za-z][A-Za-z0-9_.-]{0,40}$/.test(key) ? ` "${key}"` : "";
  return new MigrationError("CONFIG", `Cannot read the database URL: unknown key${name}`, {
    hint: "Settings of the server are written options=-c%20name%3Dvalue; a ? in a password as %3F",
  });
}
