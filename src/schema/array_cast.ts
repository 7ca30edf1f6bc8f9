/**
 * The cast of a list, in the one way that survives being read again.
 *
 * @module
 */

const LIST = /\(ARRAY\[((?:'(?:[^']|'')*'::character varying(?:, )?)+)\]\)::text\[\]/g;
const ITEM = /'(?:[^']|'')*'::character varying/g;

/**
 * Takes the cast of a list of texts to each of them. PostgreSQL makes the first of `name IN ('a', 'b')` where the name is
 * a `varchar`, and the second of the text that it prints of this.
 *
 * @param text An expression, as the server prints it.
 * @returns It with `ARRAY[('a'::character varying)::text, …]` for `(ARRAY['a'::character varying, …])::text[]`.
 */
export function spreadArrayCast(text: string): string {
  return text.replace(LIST, (_, items: string) => `ARRAY[${items.replace(ITEM, (item) => `(${item})::text`)}]`);
}
