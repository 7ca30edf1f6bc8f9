/**
 * The grammar of libpq's connection URIs: text → parts. What they mean is not its business.
 *
 * @module
 */

/** One host of a URI; what it leaves out is empty. */
export interface UriHost {
  /** Name, address without brackets, or the folder of a Unix socket. */
  readonly host: string;
  /** Port, as it stands. */
  readonly port: string;
}

/** The parts of a URI, percent-decoded; what it leaves out is empty. */
export interface Uri {
  /** User name. */
  readonly user: string;
  /** Password. */
  readonly password: string;
  /** Hosts in order. */
  readonly hosts: readonly UriHost[];
  /** Database name. */
  readonly database: string;
  /** Keys and values after the `?`, in order. */
  readonly parameters: readonly (readonly [key: string, value: string])[];
}

/** Why a text is not a URI; the reason holds nothing of the text, which may hold a password. */
export class UriError extends Error {}

const SCHEME = /^postgres(ql)?:\/\//;

/**
 * Tells whether a text is meant as a PostgreSQL URI.
 *
 * @param text Any text.
 * @returns Whether it begins with one of libpq's schemes.
 */
export function isPostgresUri(text: string): boolean {
  return SCHEME.test(text);
}

/**
 * Splits a URI.
 *
 * @param text The URI.
 * @returns Its parts.
 * @throws {UriError} If it is none.
 */
export function splitUri(text: string): Uri {
  const rest = text.replace(SCHEME, "");
  const credentials = /^[^@/]*@/.exec(rest)?.[0] ?? "";
  const [, authority = "", path = "", query = ""] = /^([^/?]*)(\/[^?]*)?(?:\?(.*))?$/s.exec(
    rest.slice(credentials.length),
  ) ?? [];
  // A raw "@" that is left belongs to a password with an "@" or "/" in it: parts of it would pass for host or path.
  if (authority.includes("@") || path.includes("@")) {
    throw new UriError('user and password must be percent-encoded ("@" as %40, "/" as %2F)');
  }
  const [, user = "", password = ""] = /^([^:]*)(?::(.*))?$/s.exec(credentials.slice(0, -1)) ?? [];
  return {
    user: decode(user),
    password: decode(password),
    hosts: authority === "" ? [] : authority.split(",").map(splitHost),
    database: decode(path.slice(1)),
    parameters: query === "" ? [] : query.split("&").map(splitParameter),
  };
}

function splitHost(text: string): UriHost {
  const match = /^(?:\[([^\]]*)\]|([^:[\]]*))(?::([^:]*))?$/.exec(text);
  if (match === null) throw new UriError("an IPv6 address must be written in brackets");
  const [, address, name = "", port = ""] = match;
  return { host: decode(address ?? name), port: decode(port) };
}

function splitParameter(text: string): readonly [string, string] {
  const at = text.indexOf("=");
  if (at <= 0) throw new UriError("what follows the ? must be key=value, joined by &");
  return [decode(text.slice(0, at)), decode(text.slice(at + 1))];
}

function decode(text: string): string {
  let decoded: string;
  try {
    decoded = decodeURIComponent(text);
  } catch {
    throw new UriError("a % must be followed by the two hexadecimal digits of a UTF-8 byte");
  }
  if (decoded.includes("\0")) throw new UriError("%00 is not allowed");
  return decoded;
}
