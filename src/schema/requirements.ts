/**
 * Which objects must be there before others.
 *
 * @module
 */

/** An address in the catalog: which one, which object, which part of it. */
export type Address = readonly [catalog: string, object: string, part: number];

/** A row of `pg_depend`: who needs whom, and whether it is only the inside of it. */
export type DependencyRow = readonly [...from: Address, ...to: Address, inside: boolean];

/** Writes an address as a key. */
export function addressKey([catalog, object, part]: Address): string {
  return `${catalog}:${object}:${part}`;
}

/**
 * Finds out what every object requires. What is inside of an object, as the rule that makes a view or the type of a table's
 * rows, counts as the object.
 *
 * @param keys Keys of the objects by address.
 * @param dependencies What the server knows.
 * @returns Keys of what is required, by key.
 */
export function findRequirements(
  keys: ReadonlyMap<string, string>,
  dependencies: readonly DependencyRow[],
): ReadonlyMap<string, ReadonlySet<string>> {
  const insides = new Map<string, string>();
  const rows = dependencies.map(([a, b, c, d, e, f, inside]) => {
    const [from, to] = [addressKey([a, b, c]), addressKey([d, e, f])];
    if (inside && !keys.has(from)) insides.set(from, to);
    return { from, to };
  });
  const resolve = (address: string): string | undefined => {
    // A chain is a few links long; what is a ring would be a damaged catalog.
    for (let at: string | undefined = address, links = 0; at !== undefined && links < 10; links++) {
      const key = keys.get(at);
      if (key !== undefined) return key;
      at = insides.get(at);
    }
  };
  const required = new Map<string, Set<string>>();
  for (const { from, to } of rows) {
    const [who, whom] = [resolve(from), resolve(to)];
    if (who === undefined || whom === undefined || who === whom) continue;
    const set = required.get(who) ?? new Set();
    required.set(who, set.add(whom));
  }
  return required;
}
