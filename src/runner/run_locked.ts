/**
 * The part of a run that is under the lock: look again, plan again, execute.
 *
 * @module
 */

import type { Plan } from "../core/plan.ts";
import type { Problem } from "../core/problem.ts";
import type { Context } from "./context.ts";
import { executePlan } from "./execute_plan.ts";
import { ensureHistory, withLock } from "./locked.ts";
import type { Progress } from "./progress.ts";
import type { ServerState } from "./server.ts";
import type { Session } from "./session.ts";
import { type Survey, survey } from "./survey.ts";

/** What is run. */
export interface LockedRun {
  /** What the server said before. */
  readonly server: ServerState;
  /** Plans from what the database says under the lock. */
  readonly agree: (found: Survey) => Promise<Plan>;
  /** What is done goes here. */
  readonly progress: Progress;
}

/**
 * Takes the lock and carries out what is left to do then.
 *
 * @param context The database.
 * @param session The session that does the work.
 * @param run What is run.
 * @returns What a person should know.
 * @throws A {@linkcode MigrationError} with code `LOCK_TIMEOUT`, and what planning and the steps throw.
 */
export async function runLocked(
  context: Context,
  session: Session,
  { server, agree, progress }: LockedRun,
): Promise<readonly Problem[]> {
  return await withLock(context, session, server, async (run, found) => {
    const plan = await agree(found);
    if (plan.steps.length === 0) return plan.warnings;
    await ensureHistory(run, found.server);
    // What an older layout lacks was made up.
    const { records } = found.server.history === "older" ? await survey(context, session) : found;
    await executePlan(run, plan.steps, records, progress);
    return plan.warnings;
  });
}
