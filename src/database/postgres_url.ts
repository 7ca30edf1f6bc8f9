/**
 * A PostgreSQL server named by a URL: each session is a connection of its own, made once and never again.
 *
 * @module
 */

import type { ConnectOptions, Database } from "../core/database.ts";
import { DatabaseError } from "../core/database_error.ts";
import type { DatabasePlatform, TlsRequest } from "../core/platform.ts";
import { toDatabaseError } from "./driver_error.ts";
import { EarlySession } from "./early_session.ts";
import { findPassword } from "./password_file.ts";
import { openSession } from "./postgres_connection.ts";
import type { Session } from "./session.ts";
import { describeHost, describeTarget, type Endpoint, type PostgresTarget } from "./target.ts";

/** How a URL is opened. */
export interface PostgresUrlOptions {
  /** What the runtime gives. */
  readonly platform: DatabasePlatform;
  /** How long to wait for each host where the URL does not say. */
  readonly connectTimeoutMs: number;
  /** The session's name where the URL does not say. */
  readonly applicationName: string;
  /** Called when a server was told who connects, and it is its turn. */
  readonly onGreeted?: () => void;
}

/** One way to try a host: encrypted or not. */
interface Attempt {
  readonly endpoint: Endpoint;
  readonly tls?: TlsRequest;
}

/**
 * A database behind a URL.
 *
 * @param target What the URL names.
 * @param options How it is opened.
 * @returns The database. It has nothing open that would have to be closed.
 */
export function postgresUrlDatabase(target: PostgresTarget, options: PostgresUrlOptions): Database {
  const early = new EarlySession((connectOptions, onGreeted) =>
    connect(target, { ...options, ...(onGreeted === undefined ? {} : { onGreeted }) }, connectOptions)
  );
  return {
    engine: "postgres",
    capabilities: { cancel: true, concurrent: true, sessions: "owned" },
    connect: (connectOptions) => early.connect(connectOptions),
    preconnect: (purpose) => early.begin(purpose),
    close() {
      early.close();
      return Promise.resolve();
    },
  };
}

/** Hosts in order; as libpq does, no other host is tried after one that refused the user. */
async function connect(
  target: PostgresTarget,
  options: PostgresUrlOptions,
  notices?: ConnectOptions,
): Promise<Session> {
  const place = describeTarget(target);
  const reasons: string[] = [];
  let last = new DatabaseError("connect", `Cannot connect to ${place}`);
  for (const pass of target.session === "prefer-standby" ? ["standby", "any"] as const : [target.session]) {
    for (const endpoint of target.hosts) {
      try {
        return await connectHost({ ...target, session: pass }, endpoint, options, notices);
      } catch (error) {
        last = toDatabaseError(error, "connect", place);
        reasons.push(target.hosts.length === 1 ? last.message : `${describeHost(endpoint)}: ${last.message}`);
        if (last.fields.sqlstate?.startsWith("28") === true) break;
      }
    }
  }
  const reason = [...new Set(reasons)].join("; ").replaceAll(`Cannot connect to ${place}: `, "");
  throw new DatabaseError("connect", `Cannot connect to ${place}: ${reason}`, last.fields);
}

/** With and without encryption, as far as `sslmode` leaves that open. */
async function connectHost(
  target: PostgresTarget,
  endpoint: Endpoint,
  options: PostgresUrlOptions,
  notices: ConnectOptions | undefined,
): Promise<Session> {
  const attempts = await planAttempts(target, endpoint, options.platform);
  // A server asks for it later, if at all.
  const password = Promise.resolve(target.password ?? lookUpPassword(target, endpoint, options.platform));
  password.catch(() => {});
  for (const [index, attempt] of attempts.entries()) {
    try {
      return await openSession({
        target,
        ...attempt,
        password,
        ...options,
        ...notices,
      });
    } catch (error) {
      const { sqlstate } = toDatabaseError(error, "connect", "").fields;
      const mayDiffer = sqlstate === "28000" || (attempt.tls !== undefined && isTlsFailure(error));
      if (!mayDiffer || index === attempts.length - 1) throw error;
    }
  }
  throw new DatabaseError("connect", "no way to try");
}

function isTlsFailure(error: unknown): boolean {
  return (error as { readonly stage?: unknown }).stage === "tls";
}

async function planAttempts(
  { tls }: PostgresTarget,
  endpoint: Endpoint,
  platform: DatabasePlatform,
): Promise<readonly Attempt[]> {
  const plain: Attempt = { endpoint };
  if (tls.mode === "disable" || endpoint.host.startsWith("/")) return [plain];
  const read = async <K extends string>(key: K, path: string | undefined) =>
    path === undefined ? {} : { [key]: await readPem(platform, path) } as { readonly [key in K]: string };
  const request: TlsRequest = {
    demand: tls.mode === "prefer" ? "if-offered" : "required",
    negotiation: tls.negotiation,
    verify: tls.mode === "verify-full" ? "host" : tls.mode === "verify-ca" ? "authority" : "none",
    sni: tls.sni,
    ...await read("rootCertificate", tls.rootCertificate),
    ...await read("certificate", tls.certificate),
    ...await read("key", tls.key),
    ...(tls.keyPassword === undefined ? {} : { keyPassword: tls.keyPassword }),
    ...(tls.minVersion === undefined ? {} : { minVersion: tls.minVersion }),
    ...(tls.maxVersion === undefined ? {} : { maxVersion: tls.maxVersion }),
  };
  const encrypted: Attempt = { endpoint, tls: request };
  if (tls.mode === "prefer") return [encrypted, plain];
  return tls.mode === "allow" ? [plain, encrypted] : [encrypted];
}

async function readPem(platform: DatabasePlatform, path: string): Promise<string> {
  try {
    return await platform.readTextFile(path);
  } catch {
    throw new DatabaseError("connect", `cannot read the certificate or key "${path}"`);
  }
}

/** Where libpq looks for the password file: Windows keeps it elsewhere, and may know `HOME`, too. */
function passwordFiles({ passwordFile }: PostgresTarget, env: DatabasePlatform["env"]): readonly string[] {
  if (passwordFile !== undefined) return [passwordFile];
  const [appData, home] = [env("APPDATA"), env("HOME")];
  return [
    ...(appData ? [`${appData}\\postgresql\\pgpass.conf`] : []),
    ...(home ? [`${home}/.pgpass`] : []),
  ];
}

/** No file, or one that cannot be read, is as good as one without a line that fits. */
async function lookUpPassword(
  target: PostgresTarget,
  endpoint: Endpoint,
  platform: DatabasePlatform,
): Promise<string | undefined> {
  const { database, user } = target;
  for (const path of passwordFiles(target, platform.env)) {
    const text = await platform.readTextFile(path).catch(() => "");
    const password = findPassword(text, { ...endpoint, database, user });
    if (password !== undefined) return password;
  }
  return undefined;
}
