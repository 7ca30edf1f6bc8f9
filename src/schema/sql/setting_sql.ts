/**
 * Settings of functions and databases.
 *
 * @module
 */

import { literal, splitOption } from "./words.ts";

/** Settings that hold a list of names. */
const LISTS: ReadonlySet<string> = new Set([
  "local_preload_libraries",
  "search_path",
  "session_preload_libraries",
  "shared_preload_libraries",
  "temp_tablespaces",
  "unix_socket_directories",
]);

/**
 * Writes a setting.
 *
 * @param line `name=value`, as the catalog has it.
 * @returns `name TO value`.
 */
export function settingSql(line: string): string {
  const [name, value] = splitOption(line);
  if (!LISTS.has(name)) return `${name} TO ${literal(value)}`;
  const items = value.match(/"(?:[^"]|"")*"|[^,\s][^,]*/g) ?? [];
  const texts = items.map((item) => item.startsWith('"') ? item.slice(1, -1).replaceAll('""', '"') : item.trim());
  return `${name} TO ${texts.length === 0 ? "''" : texts.map(literal).join(", ")}`;
}
