/**
 * Keys and values of a URL and the environment → {@linkcode PostgresTarget}.
 *
 * @module
 */

import { MigrationError } from "../core/error.ts";
import type { Problem } from "../core/problem.ts";
import type { Endpoint, PostgresTarget, TlsTarget } from "./target.ts";
import { SUPPORTED, type SupportedKey } from "./uri_keys.ts";

/** Values by key; an absent one is left to its default. */
export type UriValues = Partial<Record<SupportedKey, string>>;

const TLS_MODES = ["prefer", "disable", "allow", "require", "verify-ca", "verify-full"] as const;
const SESSIONS = ["any", "read-write", "read-only", "primary", "standby", "prefer-standby"] as const;
const TLS_VERSIONS = ["", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"] as const;

/**
 * Makes a target of values.
 *
 * @param values The values.
 * @param systemUser The name of the account, for want of a better one.
 * @param warnings Receives what has no effect.
 * @returns The target.
 * @throws {MigrationError} With code `CONFIG` if a value is invalid or asks for what is not supported.
 */
export function postgresTarget(values: UriValues, systemUser: string | undefined, warnings: Problem[]): PostgresTarget {
  const user = values.user ?? systemUser;
  if (user === undefined || user === "") {
    throw new MigrationError("CONFIG", "Cannot read the database URL: it names no user", {
      hint: "Write postgres://USER@HOST/DATABASE, or set PGUSER",
    });
  }
  refuseUnsupported(values);
  if (values.channel_binding === "require") {
    const message = 'The key "channel_binding" has no effect: the connection is not bound to the server\'s certificate';
    warnings.push({ code: "url", severity: "warning", message, hint: "Use sslmode=verify-full" });
  }
  const timeout = values.connect_timeout === undefined ? undefined : integer(values, "connect_timeout");
  return {
    engine: "postgres",
    hosts: hosts(values),
    database: values.dbname ?? user,
    user,
    ...present("password", values.password),
    ...present("passwordFile", values.passfile),
    tls: tls(values),
    settings: settings(values),
    ...present("connectTimeoutMs", timeout === undefined ? undefined : timeout === 0 ? Infinity : timeout * 1000),
    keepAliveSeconds: keepAlive(values),
    session: oneOf(values, "target_session_attrs", SESSIONS),
  };
}

function refuseUnsupported(values: UriValues): void {
  oneOf(values, "channel_binding", ["prefer", "disable", "require"]);
  oneOf(values, "load_balance_hosts", ["disable"]);
  if (oneOf(values, "gssencmode", ["prefer", "disable", "require"]) === "require") {
    throw notSupported("gssencmode=require");
  }
  const encoding = (values.client_encoding ?? "auto").toLowerCase().replace(/[^a-z0-9]/g, "");
  if (!["auto", "utf8", "unicode"].includes(encoding)) {
    throw new MigrationError("CONFIG", 'Cannot read the database URL: "client_encoding" must be UTF8');
  }
}

function hosts(values: UriValues): readonly Endpoint[] {
  const names = (values.host ?? "localhost").split(",").map((name) => name === "" ? "localhost" : name);
  const ports = (values.port ?? "5432").split(",");
  if (ports.length !== 1 && ports.length !== names.length) {
    throw new MigrationError("CONFIG", "Cannot read the database URL: it needs one port, or as many as hosts");
  }
  return names.map((host, index) => ({
    host: validHost(host),
    port: port(ports[ports.length === 1 ? 0 : index] || "5432"),
  }));
}

function validHost(host: string): string {
  if (/[@\s\p{Cc}]/u.test(host)) throw new MigrationError("CONFIG", "Cannot read the database URL: invalid host");
  return host;
}

function port(text: string): number {
  const number = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (number < 1 || number > 65535) {
    throw new MigrationError("CONFIG", "Cannot read the database URL: the port must be a number from 1 to 65535", {
      hint: 'In user and password, "@" is written %40, "/" %2F and ":" %3A',
    });
  }
  return number;
}

function tls(values: UriValues): TlsTarget {
  const mode = oneOf(values, "sslmode", TLS_MODES);
  const negotiation = oneOf(values, "sslnegotiation", ["postgres", "direct"]);
  if (negotiation === "direct" && !["require", "verify-ca", "verify-full"].includes(mode)) {
    throw new MigrationError(
      "CONFIG",
      'Cannot read the database URL: "sslnegotiation=direct" needs sslmode=require or stricter',
    );
  }
  if ((values.sslcert === undefined) !== (values.sslkey === undefined)) {
    throw new MigrationError("CONFIG", 'Cannot read the database URL: "sslcert" and "sslkey" belong together');
  }
  return {
    // A root certificate makes libpq check it.
    mode: mode === "require" && values.sslrootcert !== undefined ? "verify-ca" : mode,
    negotiation,
    sni: oneOf(values, "sslsni", ["1", "0"]) === "1" ? "send" : "omit",
    ...present("rootCertificate", values.sslrootcert === "system" ? undefined : values.sslrootcert),
    ...present("certificate", values.sslcert),
    ...present("key", values.sslkey),
    ...present("keyPassword", values.sslpassword),
    ...present("minVersion", oneOf(values, "ssl_min_protocol_version", TLS_VERSIONS) || undefined),
    ...present("maxVersion", oneOf(values, "ssl_max_protocol_version", TLS_VERSIONS) || undefined),
  };
}

function settings(values: UriValues): Readonly<Record<string, string>> {
  return {
    ...present("application_name", values.application_name ?? values.fallback_application_name),
    ...present("options", values.options),
  };
}

function keepAlive(values: UriValues): number {
  if (oneOf(values, "keepalives", ["1", "0"]) === "0") return 0;
  return values.keepalives_idle === undefined ? 60 : integer(values, "keepalives_idle") || 60;
}

function integer(values: UriValues, key: SupportedKey): number {
  const text = values[key] ?? "";
  if (!/^-?\d{1,9}$/.test(text)) {
    throw new MigrationError("CONFIG", `Cannot read the database URL: "${key}" must be a number`);
  }
  return Math.max(0, Number(text));
}

/** The first of the allowed values is the default. */
function oneOf<T extends string>(values: UriValues, key: SupportedKey, allowed: readonly [T, ...T[]]): T {
  const value = values[key];
  if (value === undefined) return allowed[0];
  const found = allowed.find((one) => one === value);
  if (found !== undefined) return found;
  const words = allowed.filter((one) => one !== "").join(", ");
  throw new MigrationError("CONFIG", `Cannot read the database URL: "${key}" must be one of ${words}`, {
    hint: `It comes from the URL${SUPPORTED[key] === undefined ? "" : `, or from ${SUPPORTED[key]}`}`,
  });
}

function present<K extends string, T>(key: K, value: T | undefined): { readonly [key in K]?: T } {
  return value === undefined ? {} : { [key]: value } as { readonly [key in K]: T };
}

/**
 * The error for what is known but not supported.
 *
 * @param what A key, or a key and its value.
 * @returns The error.
 */
export function notSupported(what: string): MigrationError {
  return new MigrationError("CONFIG", `Cannot read the database URL: "${what}" is not supported`);
}
