/**
 * libpq's password file: one `host:port:database:user:password` per line, `*` for any, `\` before `:` and `\`.
 *
 * @module
 */

/** What a password is looked up for. */
export interface PasswordQuery {
  /** Host as given; a Unix socket is `localhost`. */
  readonly host: string;
  /** Port. */
  readonly port: number;
  /** Database name. */
  readonly database: string;
  /** User name. */
  readonly user: string;
}

/**
 * Looks a password up.
 *
 * @param text The file's text.
 * @param query What for.
 * @returns The password of the first line that matches.
 */
export function findPassword(text: string, query: PasswordQuery): string | undefined {
  const host = query.host.startsWith("/") ? "localhost" : query.host;
  const wanted = [host, String(query.port), query.database, query.user];
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith("#")) continue;
    const fields = splitLine(line);
    if (
      fields.length === 5 && wanted.every((value, index) => fields[index] === "*" || unescape(fields[index]!) === value)
    ) {
      return unescape(fields[4]!);
    }
  }
  return undefined;
}

/** The password is the rest of the line, colons and all. */
function splitLine(line: string): readonly string[] {
  const match = /^((?:\\.|[^:\\])*):((?:\\.|[^:\\])*):((?:\\.|[^:\\])*):((?:\\.|[^:\\])*):(.*)$/s.exec(line);
  return match === null ? [] : match.slice(1);
}

function unescape(field: string): string {
  return field.replace(/\\(.)/gs, "$1");
}
