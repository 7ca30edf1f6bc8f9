/**
 * A migration as rules see it, with what they know about the others.
 *
 * @module
 */

import type { Migration } from "../core/migration.ts";
import type { Catalog } from "./catalog.ts";
import type { ObjectKind } from "./created_objects.ts";
import type { LintStatement } from "./lint_statement.ts";
import type { Project } from "./project.ts";
import type { ServerVersion } from "./server_version.ts";
import type { RangeVar } from "./tree.ts";

/** A migration as rules see it. */
export interface LintFile {
  /** The migration. */
  readonly migration: Migration;
  /** Statements that apply it. */
  readonly up: readonly LintStatement[];
  /** Statements that undo it. */
  readonly rollback: readonly LintStatement[];
  /** What earlier files, and earlier statements of this one, made. */
  readonly catalog: Catalog;
  /** The oldest server that it has to run on; `undefined` if nobody said. */
  readonly server: ServerVersion | undefined;
  /** All migrations of the folder. */
  readonly project: Project;
  /**
   * Whether what a migration makes is in nobody's use yet: this one's, and that of others that are pending, too. In a
   * rollback only what that makes itself.
   *
   * @param by The migration, as the catalog names it; `undefined` if none is known.
   */
  isNew(by: string | undefined): boolean;
  /**
   * Whether a table, view or sequence may be in use: not if it is new, nor in a rollback that drops it as a whole.
   *
   * @param relation The relation.
   */
  isInUse(relation: RangeVar | undefined): boolean;
  /**
   * Whether this file makes an object, at whatever place, or another one that is pending.
   *
   * @param kind What it is.
   * @param parts Its name, behind that of the relation that it belongs to and that of the schema, if there are such.
   */
  isMadeHere(kind: ObjectKind, parts: readonly string[]): boolean;
}
