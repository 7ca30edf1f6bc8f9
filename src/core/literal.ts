/**
 * What string literals and identifiers stand for.
 *
 * @module
 */

/** Names in the catalog have at most this many bytes; PostgreSQL cuts longer ones. */
const NAME_BYTES = 63;

const QUOTE = 39;
const BACKSLASH = 92;

const encoder = new TextEncoder();

/**
 * Finds the name that an identifier stands for in the catalog.
 *
 * @param source The token: a word, `"…"` or `U&"…"` (with the backslash as its escape).
 * @returns Folded to lower case unless quoted, and cut to 63 bytes.
 */
export function decodeIdentifier(source: string): string {
  if (source.startsWith('"')) return cut(source.slice(1, -1).replaceAll('""', '"'));
  if (/^U&"/i.test(source)) return cut(decodeUnicode(source.slice(3, -1).replaceAll('""', '"')));
  return cut(foldCase(source));
}

/**
 * Folds an identifier or keyword as PostgreSQL does in UTF-8 databases: only letters of ASCII.
 *
 * @param word The word.
 * @returns It in lower case.
 */
export function foldCase(word: string): string {
  // deno-lint-ignore no-control-regex -- all of ASCII
  if (/^[\x00-\x7f]*$/.test(word)) return word.toLowerCase();
  return word.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/**
 * Finds the text that a string literal stands for.
 *
 * @param source The token: `'…'` with any prefix and continuations, or a dollar quote.
 * @returns Its text; the numbers of `B'…'` and `X'…'` as written.
 */
export function decodeLiteral(source: string): string {
  const tag = /^\$[^$]*\$/.exec(source)?.[0];
  if (tag !== undefined) return source.slice(tag.length, -tag.length);
  const prefix = /^[a-z&]*/i.exec(source)?.[0].toLowerCase() ?? "";
  const text = joinContinuations(source.slice(prefix.length), prefix === "e");
  if (prefix === "e") return decodeBackslashes(text);
  return prefix === "u&" ? decodeUnicode(text) : text;
}

/**
 * The inside of all parts, doubled quotes halved; backslashes are left, as they may hide quotes. Read by hand: the stack
 * of a regular expression that repeats alternatives is too small for a literal of some megabytes.
 */
function joinContinuations(source: string, escaped: boolean): string {
  const parts: string[] = [];
  for (let start = 0; source[start] === "'";) {
    const end = quoteEnd(source, start + 1, escaped);
    parts.push(source.slice(start + 1, end).replaceAll("''", "'"));
    start = gapEnd(source, end + 1);
  }
  return parts.join("");
}

/** Where the closing quote stands, or the end of the source. */
function quoteEnd(source: string, start: number, escaped: boolean): number {
  for (let offset = start; offset < source.length; offset++) {
    const unit = source.charCodeAt(offset);
    if (unit === BACKSLASH && escaped) offset++;
    else if (unit === QUOTE && source.charCodeAt(offset + 1) === QUOTE) offset++;
    else if (unit === QUOTE) return offset;
  }
  return source.length;
}

/** Behind white space and comments. */
function gapEnd(source: string, start: number): number {
  let offset = start;
  for (const piece = /\s+|--[^\n\r]*/y; offset < source.length; offset = piece.lastIndex) {
    piece.lastIndex = offset;
    if (!piece.test(source)) break;
  }
  return offset;
}

const ESCAPES: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };

function decodeBackslashes(text: string): string {
  return text.replace(
    /\\(?:x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{1,3})|([^]))/g,
    (_, hex?: string, short?: string, long?: string, octal?: string, other = "") => {
      const digits = hex ?? short ?? long;
      if (digits !== undefined) return codePoint(digits, 16);
      return octal === undefined ? ESCAPES[other] ?? other : codePoint(octal, 8);
    },
  );
}

function decodeUnicode(text: string): string {
  return text.replace(
    /\\(?:([0-9a-f]{4})|\+([0-9a-f]{6})|\\)/gi,
    (_, short?: string, long?: string) =>
      short === undefined && long === undefined ? "\\" : codePoint(short ?? long ?? "", 16),
  );
}

function codePoint(digits: string, radix: number): string {
  const value = parseInt(digits, radix);
  return value <= 0x10ffff ? String.fromCodePoint(value) : "\ufffd";
}

function cut(name: string): string {
  if (name.length * 3 <= NAME_BYTES) return name;
  const bytes = encoder.encode(name);
  if (bytes.length <= NAME_BYTES) return name;
  let end = NAME_BYTES;
  // A byte 10xxxxxx goes on with a character: never cut inside one.
  while (((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return new TextDecoder().decode(bytes.subarray(0, end));
}
