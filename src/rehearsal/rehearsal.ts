/**
 * What a rehearsal came to.
 *
 * @module
 */

import type { Database } from "../core/database.ts";
import type { MigrationError } from "../core/error.ts";
import type { Durations, Verdict } from "../core/verdict.ts";
import type { SchemaDifference } from "../schema/compare_schemas.ts";
import type { DataLoss } from "./data_loss.ts";

/** Why a migration was not tried, or what it may have failed for. */
export interface Obstacle {
  /** What it is, without a final period. */
  readonly message: string;
  /** What would help. */
  readonly hint?: string;
}

/** What was found out about one migration. */
export interface Rehearsed {
  /** Its name. */
  readonly name: string;
  /** The file; of one that is applied, the name under which its text is stored. */
  readonly path: string;
  /** What was proved. */
  readonly verdict: Verdict;
  /** How long it ran. */
  readonly durations: Durations;
  /** What differs, where a schema is not as it should be: from what should be to what is. */
  readonly differences: readonly SchemaDifference[];
  /** What the server said, where it refused. */
  readonly error: MigrationError | null;
  /** Why it was not tried. */
  readonly obstacle: Obstacle | null;
  /** Data that its sections lose, whatever becomes of the schema. */
  readonly losses: readonly DataLoss[];
}

/** What a rehearsal came to. */
export interface Rehearsal {
  /** Name of the database that the files are for. */
  readonly db: string;
  /** What it ran on. */
  readonly engine: Database["engine"];
  /** What its server says of itself; `null` if nothing was run. */
  readonly version: string | null;
  /** Applied migrations that were run first, from the history, without a proof. */
  readonly rebuilt: readonly string[];
  /** What was found out, in the order in which migrations would be applied. */
  readonly migrations: readonly Rehearsed[];
  /** How long all of it took, in milliseconds. */
  readonly durationMs: number;
  /** Whether every migration can be applied, and every rollback section undoes it. */
  readonly ok: boolean;
}
