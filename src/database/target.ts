/**
 * What a database URL names, as plain values.
 *
 * @module
 */

/** How strict a connection is about encryption: libpq's `sslmode`. */
export type TlsMode = "disable" | "allow" | "prefer" | "require" | "verify-ca" | "verify-full";

/** Which kind of session is wanted of several hosts. */
export type SessionAttributes = "any" | "read-write" | "read-only" | "primary" | "standby" | "prefer-standby";

/** A server to try. */
export interface Endpoint {
  /** Name, address, or the absolute folder of a Unix socket. */
  readonly host: string;
  /** Port. */
  readonly port: number;
}

/** Encryption of a connection. Certificates and keys are paths of PEM files. */
export interface TlsTarget {
  /** How strict it is. */
  readonly mode: TlsMode;
  /** `direct` starts with TLS instead of asking for it. */
  readonly negotiation: "postgres" | "direct";
  /** Whether the server is told the host's name. */
  readonly sni: "send" | "omit";
  /** Authorities to trust; `system` or nothing: those of the runtime. */
  readonly rootCertificate?: string;
  /** The client's certificate. */
  readonly certificate?: string;
  /** Its key. */
  readonly key?: string;
  /** The password of the key. */
  readonly keyPassword?: string;
  /** Lowest version, such as `TLSv1.2`. */
  readonly minVersion?: string;
  /** Highest version. */
  readonly maxVersion?: string;
}

/** A PostgreSQL server and how to speak to it. */
export interface PostgresTarget {
  /** Its kind. */
  readonly engine: "postgres";
  /** Servers to try, in order; at least one. */
  readonly hosts: readonly Endpoint[];
  /** Database name. */
  readonly database: string;
  /** User name. */
  readonly user: string;
  /** Password; absent if none is given here, and then looked up in the password file. */
  readonly password?: string;
  /** The password file, where one is named. */
  readonly passwordFile?: string;
  /** Encryption. */
  readonly tls: TlsTarget;
  /** Settings for the start of the session. */
  readonly settings: Readonly<Record<string, string>>;
  /** How long to wait for each host; absent if nothing says, `Infinity` for ever. */
  readonly connectTimeoutMs?: number;
  /** Idle time before a keep-alive packet; 0 sends none. */
  readonly keepAliveSeconds: number;
  /** Which kind of session is wanted. */
  readonly session: SessionAttributes;
}

/** A PGlite database. */
export interface PgliteTarget {
  /** Its kind. */
  readonly engine: "pglite";
  /** Its folder; absent for one in memory. */
  readonly folder?: string;
}

/** What a database URL names. */
export type DatabaseTarget = PostgresTarget | PgliteTarget;

/**
 * Says in short what a target is, for messages.
 *
 * @param target The target.
 * @returns `host:port/database`, or `pglite:FOLDER`; one line, without user and password.
 */
export function describeTarget(target: DatabaseTarget): string {
  if (target.engine === "pglite") return `pglite:${target.folder ?? ""}`;
  const hosts = target.hosts.map(describeHost).join(",");
  return `${hosts}/${target.database}`.replace(/[\p{Cc}\u2028\u2029]/gu, "?");
}

/**
 * Says in short what a host is.
 *
 * @param host The host.
 * @returns `host:port`, an IPv6 address in brackets.
 */
export function describeHost({ host, port }: Endpoint): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}
