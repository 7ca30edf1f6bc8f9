/**
 * Numbers and lists of names, in words.
 *
 * @module
 */

/**
 * Counts things.
 *
 * @param count How many.
 * @param one The word for one.
 * @param many The word for any other number.
 * @returns `1 migration`, `3 migrations`.
 */
export function countOf(count: number, one: string, many: string = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/**
 * Lists names, cut short where there are many.
 *
 * @param names The names.
 * @param most How many to print.
 * @returns `001_a, 002_b and 7 more`; `none` for an empty list.
 */
export function listNames(names: readonly string[], most = 12): string {
  if (names.length === 0) return "none";
  if (names.length <= most) return names.join(", ");
  return `${names.slice(0, most - 1).join(", ")} and ${names.length - most + 1} more`;
}

/**
 * Puts advice behind a message.
 *
 * @param message A message without a final period.
 * @param hint Advice, if there is any.
 * @returns `Message. Advice`, or the message alone.
 */
export function withHint(message: string, hint: string | undefined): string {
  return hint === undefined || hint === "" ? message : `${message}. ${hint}`;
}
