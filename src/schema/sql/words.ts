/**
 * Constants, lists and names in the statements of a schema.
 *
 * @module
 */

/**
 * Writes a text as a string constant. The statements begin by setting `standard_conforming_strings`.
 *
 * @param text The text.
 * @returns `'…'`.
 */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/**
 * Writes the body of a function between dollar signs.
 *
 * @param body The body.
 * @returns `$$…$$`, or with a tag that is not in it.
 */
export function dollarQuote(body: string): string {
  if (!body.includes("$$") && !body.endsWith("$")) return `$$${body}$$`;
  let tag = "$body$";
  for (let number = 1; body.includes(tag.slice(0, -1)); number++) tag = `$body${number}$`;
  return `${tag}${body}${tag}`;
}

/**
 * Reads the lines of an attribute.
 *
 * @param text The attribute.
 * @returns The lines; none if it is absent.
 */
export function linesOf(text: string | undefined): readonly string[] {
  return text === undefined || text === "" ? [] : text.split("\n");
}

/**
 * Reads a name that stands in an attribute as SQL.
 *
 * @param text `app."Posts"`.
 * @returns Its parts, unquoted.
 */
export function readParts(text: string): readonly string[] {
  const parts = text.match(/"(?:[^"]|"")*"|[^."]+/g) ?? [];
  return parts.map((part) => part.startsWith('"') ? part.slice(1, -1).replaceAll('""', '"') : part);
}

/**
 * Joins the parts of a statement.
 *
 * @param parts Parts; those that are undefined or empty are left out.
 * @returns They, with spaces between them.
 */
export function phrase(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== "").join(" ");
}

/**
 * Writes options as `(name = value, …)`.
 *
 * @param lines `name=value` each.
 * @returns The list; nothing without lines.
 */
export function storageOptions(lines: readonly string[]): string | undefined {
  if (lines.length === 0) return undefined;
  const options = lines.map((line) => {
    const [name, value] = splitOption(line);
    return `${name} = ${/^-?[\w.]+$/.test(value) ? value : literal(value)}`;
  });
  return `(${options.join(", ")})`;
}

/**
 * Writes options of foreign objects.
 *
 * @param lines `name=value` each, with line feeds and backslashes of the value as escapes.
 * @param quote Writes a name.
 * @returns `OPTIONS (name 'value', …)`; nothing without lines.
 */
export function foreignOptions(lines: readonly string[], quote: (name: string) => string): string | undefined {
  if (lines.length === 0) return undefined;
  const options = lines.map((line) => {
    const [name, value] = splitOption(line);
    return `${quote(name)} ${literal(value.replace(/\\([\\n])/g, (_, code) => code === "n" ? "\n" : "\\"))}`;
  });
  return `OPTIONS (${options.join(", ")})`;
}

/**
 * Takes an option apart.
 *
 * @param line `name=value`.
 * @returns Name and value.
 */
export function splitOption(line: string): readonly [name: string, value: string] {
  const at = line.indexOf("=");
  return [line.slice(0, at), line.slice(at + 1)];
}
