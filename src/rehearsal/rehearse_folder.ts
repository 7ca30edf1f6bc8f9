/**
 * Rehearses the migrations of a folder.
 *
 * @module
 */

import type { Migration } from "../core/migration.ts";
import { findRefusals, throwRefusals } from "../core/refusal.ts";
import type { ShadowSource } from "../core/shadow.ts";
import { loadMigrations } from "../runner/load.ts";
import { type CallOptions, type MigrationRunner, runnerAccess } from "../runner/runner.ts";
import { compareWith, withFiles } from "../runner/survey.ts";
import { readActs } from "./live.ts";
import { rehearse } from "./rehearse.ts";
import type { Rehearsal } from "./rehearsal.ts";
import type { Act } from "./stage.ts";

/** Which migrations are rehearsed: all of the folder, or those that a database lacks. */
export type RehearsalScope = "all" | "pending";

/** What to rehearse, and where. */
export interface FolderRehearsal extends CallOptions {
  /** Makes the databases. */
  readonly shadows: ShadowSource;
  /** Which migrations. For those that are pending the database of the runner is asked; it is only read. */
  readonly scope: RehearsalScope;
}

/**
 * Rehearses the migrations of a runner's folder.
 *
 * @param runner The runner.
 * @param options Which of them, and where.
 * @returns What was found out.
 * @throws A {@linkcode MigrationError} with code `CONFIG`, `FILES_INVALID`, `CONNECTION_FAILED` or `ABORTED`; for those
 * that are pending also with the code of what stands in the way of applying them.
 */
export async function rehearseFolder(
  runner: MigrationRunner,
  { shadows, scope, ...call }: FolderRehearsal,
): Promise<Rehearsal> {
  const terms = runnerAccess().terms(runner, call);
  const script = scope === "all"
    ? { applied: [], migrations: await runner.migrations() }
    : await pending(runner, shadows, call);
  return await rehearse({ terms, shadows, ...script });
}

interface Script {
  readonly applied: readonly Act[];
  readonly migrations: readonly Migration[];
}

async function pending(runner: MigrationRunner, shadows: ShadowSource, call: CallOptions): Promise<Script> {
  const context = runnerAccess().context(runner, call);
  return await withFiles(context, "read", () => loadMigrations(context), async (session, files, found) => {
    const comparison = compareWith(context, files.migrations, found.records);
    throwRefusals(findRefusals(comparison, context.strictness));
    return { applied: await readActs(context, session, found, shadows), migrations: comparison.status.pending };
  });
}
