/**
 * Puts pieces in an order in which they can run.
 *
 * @module
 */

import type { Piece } from "./piece.ts";

/**
 * Writes pieces, each after what it needs; of those that could come next the one whose place is first. Where pieces need
 * each other in a ring, one is written without what it only wishes for, and the rest of it later.
 *
 * @param pieces The pieces.
 * @returns Their statements, a group for each piece.
 */
export function writePieces(pieces: readonly Piece[]): readonly (readonly string[])[] {
  const queue = new PieceQueue(pieces);
  const written: (readonly string[])[] = [];
  for (let piece = queue.next(); piece !== undefined; piece = queue.next()) {
    const { statements, rest = [] } = piece.write((key) => queue.isThere(key));
    if (statements.length > 0) written.push(statements);
    queue.finish(piece, rest);
  }
  return written;
}

/** Pieces that wait for others. */
class PieceQueue {
  readonly #there = new Set<string>();
  readonly #waiting = new Map<Piece, Set<string>>();
  readonly #askers = new Map<string, Piece[]>();
  /** Those that wait for nothing, sorted, the first one last. */
  readonly #ready: Piece[] = [];
  /** What some piece will provide: nobody waits for anything else. */
  readonly #known: Set<string>;

  constructor(pieces: readonly Piece[]) {
    this.#known = new Set(pieces.flatMap(({ provides, promises = [] }) => [...provides, ...promises]));
    for (const piece of pieces) this.#add(piece);
  }

  isThere(key: string): boolean {
    return this.#there.has(key) || !this.#known.has(key);
  }

  next(): Piece | undefined {
    const piece = this.#ready.pop() ?? this.#forced();
    if (piece !== undefined) this.#waiting.delete(piece);
    return piece;
  }

  finish(piece: Piece, rest: readonly Piece[]): void {
    for (const key of rest.flatMap(({ provides }) => provides)) this.#known.add(key);
    for (const key of piece.provides) this.#provide(key);
    for (const later of rest) this.#add(later);
  }

  /** Nothing is ready: what can do without its wishes comes first, else, in a ring that nothing breaks, what stands first. */
  #forced(): Piece | undefined {
    const pieces = [...this.#waiting.keys()].toSorted(byPlace);
    return pieces.find(({ requires }) => requires.every((key) => this.isThere(key))) ?? pieces[0];
  }

  #add(piece: Piece): void {
    const missing = new Set(
      [...piece.requires, ...piece.wishes].filter((key) => !this.isThere(key) && !piece.provides.includes(key)),
    );
    this.#waiting.set(piece, missing);
    for (const key of missing) this.#askers.set(key, [...this.#askers.get(key) ?? [], piece]);
    if (missing.size === 0) this.#insert(piece);
  }

  #provide(key: string): void {
    this.#there.add(key);
    for (const piece of this.#askers.get(key) ?? []) {
      const missing = this.#waiting.get(piece);
      if (missing?.delete(key) === true && missing.size === 0) this.#insert(piece);
    }
  }

  #insert(piece: Piece): void {
    let [low, high] = [0, this.#ready.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (byPlace(this.#ready[middle]!, piece) > 0) low = middle + 1;
      else high = middle;
    }
    this.#ready.splice(low, 0, piece);
  }
}

function byPlace(a: Piece, b: Piece): number {
  for (let i = 0; i < 4; i++) {
    const [one, other] = [a.place[i]!, b.place[i]!];
    if (one !== other) return one < other ? -1 : 1;
  }
  return 0;
}
