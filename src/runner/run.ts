/**
 * A run: read files, look at the database, lock, look again, plan, execute.
 *
 * @module
 */

import { MigrationError } from "../core/error.ts";
import type { Done } from "../core/event.ts";
import type { Plan, PlanRequest } from "../core/plan.ts";
import type { Problem } from "../core/problem.ts";
import type { Context } from "./context.ts";
import { isSamePlan, loadForRequest, makePlan } from "./make_plan.ts";
import type { LoadedFiles } from "./load.ts";
import type { ComparedFile } from "../core/compare.ts";
import { Progress } from "./progress.ts";
import { refuseReadOnly } from "./server.ts";
import type { Session } from "./session.ts";
import { type Survey, withFiles } from "./survey.ts";

/** What a run did. */
export interface RunResult {
  /** Each migration applied or rolled back, in order. */
  readonly done: readonly Done[];
  /** What a person should know. */
  readonly warnings: readonly Problem[];
  /** How many migrations there are files of. */
  readonly totalFiles: number;
}

/** Makes a plan and writes nothing. */
export async function planOnly(context: Context, request: PlanRequest): Promise<Plan> {
  const load = loadForRequest(context, request);
  return await withFiles(context, "read", load, async (session, files, found) => {
    return await makePlan(context, session, files, found, request);
  });
}

/**
 * Carries out a request. The lock is taken only if there is something to do.
 *
 * @param context The database.
 * @param request What is asked.
 * @param expected The plan that a person agreed to.
 * @returns What was done.
 * @throws A {@linkcode MigrationError}; its `applied` and `rolledBack` name what was done before.
 */
export async function carryOut(context: Context, request: PlanRequest, expected?: Plan): Promise<RunResult> {
  const start = performance.now();
  const progress = new Progress();
  let ok = false;
  try {
    const { warnings, totalFiles } = await withFiles(
      context,
      "write",
      loadForRequest(context, request),
      async (session, files, found) => ({
        warnings: await runSession(context, session, { files, found, request, expected, progress }),
        totalFiles: files.migrations.length,
      }),
    );
    ok = true;
    return { done: progress.done, warnings, totalFiles };
  } catch (error) {
    throw progress.tell(error);
  } finally {
    context.emit({ type: "run:done", ok, done: progress.durable, durationMs: performance.now() - start });
  }
}

/** What a run goes by. */
interface Errand {
  readonly files: LoadedFiles<ComparedFile>;
  /** What the database says. */
  readonly found: Survey;
  readonly request: PlanRequest;
  /** The plan that a person agreed to. */
  readonly expected: Plan | undefined;
  /** What is done goes here. */
  readonly progress: Progress;
}

async function runSession(context: Context, session: Session, errand: Errand): Promise<readonly Problem[]> {
  const { found, progress } = errand;
  const { isNeeded, warnings } = await lookAhead(context, session, errand);
  if (!isNeeded) return warnings;
  refuseReadOnly(found.server);
  // Most starts find nothing to do. What runs is loaded as a whole before it begins: files that are replaced do not break it.
  const { runLocked } = await import("./run_locked.ts");
  const agree = (found: Survey) => agreedPlan(context, session, { ...errand, found });
  return await runLocked(context, session, { server: found.server, agree, progress });
}

/** Plans without the lock. What is planned is told and forgotten: of a large plan one copy in memory is enough. */
async function lookAhead(
  context: Context,
  session: Session,
  errand: Errand,
): Promise<{ readonly isNeeded: boolean; readonly warnings: readonly Problem[] }> {
  const plan = await agreedPlan(context, session, errand);
  announce(context, plan);
  return { isNeeded: plan.steps.length > 0, warnings: plan.warnings };
}

async function agreedPlan(
  context: Context,
  session: Session,
  { files, found, request, expected }: Errand,
): Promise<Plan> {
  const plan = await makePlan(context, session, files, found, request);
  if (expected === undefined || isSamePlan(plan, expected)) return plan;
  throw new MigrationError("PLAN_CHANGED", "Cannot continue: files or history changed since the plan was made", {
    hint: "Nothing was run; look at the plan again",
  });
}

/** Another runner may have done some of it by the time that the lock is had; what is begun then is told step by step. */
function announce(context: Context, plan: Plan): void {
  const steps = plan.steps.map(({ name, direction }) => ({ name, direction }));
  context.emit({ type: "run:start", steps });
  for (const problem of plan.warnings) context.emit({ type: "warning", problem });
}
