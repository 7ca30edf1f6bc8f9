/**
 * The order of migrations: repeatedly the lowest version whose dependencies are placed.
 *
 * @module
 */

/** What ordering needs of a migration. */
export interface GraphNode {
  /** Its name. */
  readonly name: string;
  /** Its version. */
  readonly version: number;
  /** Names it depends on. */
  readonly dependencies: readonly string[];
}

/** A dependency that cannot be met. */
export type GraphFault<N extends GraphNode> =
  | { readonly type: "unknown"; readonly node: N; readonly dependency: string }
  | { readonly type: "self"; readonly node: N }
  | { readonly type: "cycle"; readonly path: readonly N[] };

/** An order, or why there is none. */
export interface GraphOrder<N extends GraphNode> {
  /** All nodes in order; without those on a cycle or behind one. */
  readonly order: readonly N[];
  /** Everything that is wrong. */
  readonly faults: readonly GraphFault<N>[];
}

/**
 * Orders migrations. The result depends on the nodes alone, never on the order in which they come.
 *
 * @param nodes All migrations, with distinct names and versions.
 * @param isKnown Whether a name that is no node is met already, as that of an applied migration whose file is gone.
 * @returns The order and the faults.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { orderMigrations } from "@metapg/migration/core";
 *
 * const { order } = orderMigrations([
 *   { name: "002_posts", version: 2, dependencies: ["003_users"] },
 *   { name: "003_users", version: 3, dependencies: [] },
 * ]);
 * assertEquals(order.map((node) => node.name), ["003_users", "002_posts"]);
 * ```
 */
export function orderMigrations<N extends GraphNode>(
  nodes: readonly N[],
  isKnown: (name: string) => boolean = () => false,
): GraphOrder<N> {
  const sorted = nodes.toSorted((a, b) => a.version - b.version);
  const places = new Map(sorted.map((node, place) => [node.name, place]));
  const faults: GraphFault<N>[] = [];
  const waiting = new Uint32Array(sorted.length);
  const dependents: number[][] = sorted.map(() => []);
  let isSorted = true;
  for (const [place, node] of sorted.entries()) {
    for (const dependency of new Set(node.dependencies)) {
      const target = places.get(dependency);
      if (dependency === node.name) faults.push({ type: "self", node });
      else if (target !== undefined) {
        dependents[target]!.push(place);
        waiting[place]!++;
        isSorted &&= target < place;
      } else if (!isKnown(dependency)) faults.push({ type: "unknown", node, dependency });
    }
  }
  // Most projects only ever depend on what is older.
  if (isSorted) return { order: sorted, faults };
  const placed = placeAll(waiting, dependents);
  if (placed.length < sorted.length) faults.push(...findCycles(sorted, places, waiting));
  return { order: placed.map((place) => sorted[place]!), faults };
}

/** Kahn's algorithm with a heap of places; `waiting` is left above 0 for those that cannot be placed. */
function placeAll(waiting: Uint32Array, dependents: readonly (readonly number[])[]): number[] {
  const ready: number[] = [];
  waiting.forEach((count, place) => count === 0 && push(ready, place));
  const placed: number[] = [];
  while (ready.length > 0) {
    const place = pop(ready);
    placed.push(place);
    for (const dependent of dependents[place]!) {
      if (--waiting[dependent]! === 0) push(ready, dependent);
    }
  }
  return placed;
}

/** One cycle for each group of nodes that hang on each other; each node is walked over once. */
function findCycles<N extends GraphNode>(
  sorted: readonly N[],
  places: ReadonlyMap<string, number>,
  waiting: Uint32Array,
): GraphFault<N>[] {
  const faults: GraphFault<N>[] = [];
  const seen = new Uint8Array(sorted.length);
  for (let start = 0; start < sorted.length; start++) {
    if (waiting[start] === 0 || seen[start] !== 0) continue;
    const path: number[] = [];
    const onPath = new Map<number, number>();
    let place: number | undefined = start;
    while (place !== undefined && seen[place] === 0) {
      seen[place] = 1;
      onPath.set(place, path.length);
      path.push(place);
      place = sorted[place]!.dependencies.map((name) => places.get(name)).find((target) =>
        target !== undefined && target !== place && waiting[target]! > 0
      );
    }
    const from = place === undefined ? undefined : onPath.get(place);
    if (from !== undefined) faults.push({ type: "cycle", path: path.slice(from).map((index) => sorted[index]!) });
  }
  return faults;
}

function push(heap: number[], value: number): void {
  let index = heap.length;
  heap.push(value);
  while (index > 0) {
    const parent = (index - 1) >> 1;
    if (heap[parent]! <= value) break;
    heap[index] = heap[parent]!;
    index = parent;
  }
  heap[index] = value;
}

function pop(heap: number[]): number {
  const top = heap[0]!;
  const value = heap.pop()!;
  const size = heap.length;
  if (size === 0) return top;
  let index = 0;
  for (let child = 1; child < size; child = 2 * index + 1) {
    if (child + 1 < size && heap[child + 1]! < heap[child]!) child++;
    if (heap[child]! >= value) break;
    heap[index] = heap[child]!;
    index = child;
  }
  heap[index] = value;
  return top;
}
