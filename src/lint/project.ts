/**
 * All migrations of a folder, as far as rules look beyond one file.
 *
 * @module
 */

import type { Migration } from "../core/migration.ts";
import type { Catalog } from "./catalog.ts";
import type { CreatedObject } from "./created_objects.ts";

/** All migrations of a folder. */
export interface Project {
  /** Those that no database in use has yet, by name; `undefined` if that is not known. */
  readonly pending: ReadonlySet<string> | undefined;
  /** What all of them together make. */
  readonly final: Catalog;
  /** Migrations by name. */
  readonly migrations: ReadonlyMap<string, Migration>;
  /** What each of them makes, by its name. */
  readonly created: ReadonlyMap<string, readonly CreatedObject[]>;
  /** Those that run code which may make more than that, by name. */
  readonly opaque: ReadonlySet<string>;
  /** Which of them make an object, in order, by the name of the object that is compared. */
  readonly makers: ReadonlyMap<string, readonly string[]>;
  /** Columns that are added to tables which are there, by the name of the table that is compared. */
  readonly addedColumns: ReadonlyMap<string, readonly CreatedObject[]>;
  /** The place of each in the order of application. */
  readonly places: ReadonlyMap<string, number>;
  /** Whether any of them declares a dependency. */
  readonly declares: boolean;
  /** The newest that is in use; `undefined` if none is, or if it is not known which are. */
  readonly newestInUse: Migration | undefined;
}

/**
 * Finds all that a migration depends on, directly or not.
 *
 * @param project All migrations.
 * @param name The migration.
 * @returns Names, without its own.
 */
export function dependenciesOf({ migrations }: Project, name: string): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [...migrations.get(name)?.dependencies ?? []];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    open.push(...migrations.get(next)?.dependencies ?? []);
  }
  return found;
}
