/**
 * What texts mention.
 *
 * @module
 */

const PLAIN = /^[\p{L}_][\p{L}\p{N}_$]*$/u;

const WORDS = /[\p{L}_][\p{L}\p{N}_$]*/gu;

/**
 * Tells names that texts mention, wherever it is: a block of code makes roles whose names are parts of strings.
 *
 * @param texts The texts. They are looked at when somebody asks.
 * @returns Whether a name is a word of one of them, in whatever case.
 */
export function mentionsIn(texts: readonly string[]): (name: string) => boolean {
  let words: ReadonlySet<string> | undefined;
  return (name) => {
    if (!PLAIN.test(name)) return texts.some((text) => text.includes(name));
    words ??= new Set(texts.flatMap((text) => text.toLowerCase().match(WORDS) ?? []));
    return words.has(name.toLowerCase());
  };
}
