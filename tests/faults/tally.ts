/**
 * How often each fault is tried, and what came of it.
 *
 * @module
 */

/** What came of one kind of fault. */
export interface FaultTally {
  /** What was done. */
  readonly fault: string;
  /** How often. */
  readonly tries: number;
  /** How often it landed where it was meant to: between the first BEGIN and the last COMMIT. */
  readonly inside: number;
  /** How often every migration had its row or neither, and the next run finished. */
  readonly survived: number;
}

/**
 * Chooses how often to try.
 *
 * @param few As part of all tests.
 * @param many On demand, with `METAPG_FAULTS=full`.
 */
export function tries(few: number, many: number): number {
  return isFull() ? many : few;
}

/**
 * How many tries must land where they were meant to: of many, a share; of a few on a busy machine, one.
 *
 * @param count How many tries there are.
 * @param share Which share of them.
 */
export function enough(count: number, share: number): number {
  return isFull() ? count * share : 1;
}

function isFull(): boolean {
  return Deno.env.get("METAPG_FAULTS") === "full";
}

/** Adds a line to the table of `deno task test:faults`. */
export function report(tally: FaultTally): void {
  const path = Deno.env.get("METAPG_FAULT_TABLE");
  if (path !== undefined) Deno.writeTextFileSync(path, `${JSON.stringify(tally)}\n`, { append: true });
}
