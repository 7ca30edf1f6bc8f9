/**
 * Files of `KEY=VALUE` lines.
 *
 * @module
 */

import { MigrationError } from "../core/error.ts";

const LINE = /^(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_]*)[ \t]*=[ \t]*(.*)$/;

/**
 * Reads the text of an environment file: `KEY=VALUE` lines, `#` comments, an optional `export`, values bare or in one
 * pair of quotes. In double quotes `\n`, `\"`, `\\` and `\$` are read; nothing is expanded.
 *
 * @param text The text.
 * @param path The file, for messages.
 * @returns The variables; of one that is given twice the last.
 * @throws {MigrationError} With code `CONFIG` for a line that is none of these. The line is not shown: it may hold a
 * password.
 */
export function parseEnvFile(text: string, path: string): ReadonlyMap<string, string> {
  const variables = new Map<string, string>();
  for (const [index, raw] of text.replace(/^\ufeff/, "").split(/\r?\n/).entries()) {
    const line = raw.trim();
    if (line === "" || line.startsWith("#")) continue;
    const [, name, rest] = LINE.exec(line) ?? [];
    const value = rest === undefined ? undefined : readValue(rest);
    if (name === undefined || value === undefined) {
      throw new MigrationError("CONFIG", `Cannot read "${path}": line ${index + 1} is not KEY=VALUE`);
    }
    variables.set(name, value);
  }
  return variables;
}

function readValue(rest: string): string | undefined {
  const quote = rest[0];
  if (quote !== '"' && quote !== "'") return rest.replace(/(?:^|[ \t]+)#.*$/, "");
  const pattern = quote === '"' ? /^"((?:[^"\\]|\\.)*)"[ \t]*(?:#.*)?$/ : /^'([^']*)'[ \t]*(?:#.*)?$/;
  const content = pattern.exec(rest)?.[1];
  if (content === undefined || quote === "'") return content;
  return content.replace(/\\([n"\\$])/g, (_, escaped: string) => escaped === "n" ? "\n" : escaped);
}
