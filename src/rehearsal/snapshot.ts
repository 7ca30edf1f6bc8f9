/**
 * The schema as it was.
 *
 * @module
 */

import { compareSchemas, type SchemaDifference } from "../schema/compare_schemas.ts";
import { type CatalogRow, makeSchema } from "../schema/make_schema.ts";
import type { Schema, SchemaKind } from "../schema/schema.ts";

/** What snapshots of one session are seen with. */
export interface Lens {
  /** The server's version. */
  readonly server: number;
  /** The role that migrations run as. */
  readonly owner: string;
  /** Tells roles that count. */
  readonly concerns: (role: string) => boolean;
  /** Roles that a rehearsal made because they were missing, as they were then. */
  readonly made: readonly CatalogRow[];
}

/** A schema as it was at one moment. What was read is taken apart only as far as it must be. */
export class Snapshot {
  readonly #text: string;
  readonly #lens: Lens;
  /** How many roles were made before it. Those that were made later are taken to have been there. */
  readonly #made: number;
  #rows: ReadonlyMap<string, CatalogRow> | undefined;
  #kinds: ReadonlyMap<SchemaKind, readonly CatalogRow[]> | undefined;
  #schema: Schema | undefined;

  /**
   * @param text What the catalogs say: a JSON array of rows, in any order.
   * @param lens What it is seen with.
   */
  constructor(text: string, lens: Lens) {
    this.#text = text;
    this.#lens = lens;
    this.#made = lens.made.length;
  }

  /** Finds what differs from it in a later one; nothing if nothing does. */
  differences(after: Snapshot): readonly SchemaDifference[] {
    return this.#isSame(after) ? [] : compareSchemas(this.#read(), after.#read());
  }

  /** What the catalog says of a role; `undefined` if it is not there. */
  role(name: string): CatalogRow | undefined {
    return [...this.#takeApart().values()].find((row) => isRole(row) && row[4][0] === name);
  }

  /** Lists what the catalog says of all that people made of a kind. */
  ofKind(kind: SchemaKind): readonly CatalogRow[] {
    this.#kinds ??= byKind(this.#takeApart().values());
    return this.#kinds.get(kind) ?? [];
  }

  #isSame(other: Snapshot): boolean {
    if (this.#text === other.#text) {
      other.#rows ??= this.#takeApart();
      if (this.#made === other.#made) return true;
    }
    const [rows, others] = [this.#all(), other.#all()];
    return rows.size === others.size && [...rows.keys()].every((row) => others.has(row));
  }

  #takeApart(): ReadonlyMap<string, CatalogRow> {
    this.#rows ??= byText(
      (JSON.parse(this.#text) as readonly CatalogRow[]).filter((row) =>
        !isRole(row) || this.#lens.concerns(row[4][0] ?? "")
      ),
    );
    return this.#rows;
  }

  #all(): ReadonlyMap<string, CatalogRow> {
    const later = this.#lens.made.slice(this.#made);
    return later.length === 0 ? this.#takeApart() : new Map([...this.#takeApart(), ...byText(later)]);
  }

  /** What depends on what makes no difference. */
  #read(): Schema {
    const isWhole = this.#made === this.#lens.made.length;
    const schema = isWhole ? this.#schema : undefined;
    const read = schema ?? makeSchema({ ...this.#lens, rows: [...this.#all().values()], dependencies: [] });
    if (isWhole) this.#schema = read;
    return read;
  }
}

function isRole([kind]: CatalogRow): boolean {
  return kind === "role";
}

function byKind(rows: Iterable<CatalogRow>): ReadonlyMap<SchemaKind, readonly CatalogRow[]> {
  const kinds = new Map<SchemaKind, CatalogRow[]>();
  for (const row of rows) {
    const [kind, , , , , , , , , , , attributes] = row;
    if (attributes === null) continue;
    const list = kinds.get(kind);
    if (list === undefined) kinds.set(kind, [row]);
    else list.push(row);
  }
  return kinds;
}

function byText(rows: readonly CatalogRow[]): ReadonlyMap<string, CatalogRow> {
  return new Map(rows.map((row) => [JSON.stringify(row), row]));
}
