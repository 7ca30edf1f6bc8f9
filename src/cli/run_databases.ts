/**
 * Runs a command over its databases: all are configured, then all prepared, then confirmed, then each is worked on.
 *
 * @module
 */

import type { Access } from "../core/database.ts";
import { MigrationError } from "../core/error.ts";
import type { Done } from "../core/event.ts";
import { parseFileName } from "../core/name.ts";
import type { DatabaseEntry, Fields } from "../report/json.ts";
import { formatWarnings } from "../report/problems.ts";
import type { CommandContext } from "./command_context.ts";
import type { CommandResult, Outcome } from "./command_result.ts";
import { confirm, type Confirmation } from "./confirm.ts";
import { type DatabaseJob, openJobs } from "./database_job.ts";
import { combineExitCodes, exitCodeOf } from "./exit_code.ts";
import { explain } from "./explain.ts";
import { inPool } from "./pool.ts";
import { ProgressBoard } from "./progress_board.ts";
import { chooseTargets, describeLooseFiles, type Needs, targetSource } from "./targets.ts";

/** What a command does with each database. */
export interface DatabaseTask<P> {
  /** What it needs of each. */
  readonly needs: Needs;
  /** What its first session is for, if that asks what a run begins with. */
  readonly opens?: Access;
  /** Finds out what is to be done; writes nothing. */
  readonly prepare: (job: DatabaseJob) => Promise<P>;
  /** What to ask before it is done; nothing if no question is needed. */
  readonly confirm?: (prepared: readonly { readonly db: string; readonly value: P }[]) => Confirmation | undefined;
  /** Does it. */
  readonly execute: (job: DatabaseJob, value: P) => Promise<Outcome>;
  /** Keys for `--json` of a database where it failed. */
  readonly failureFields?: (done: readonly Done[]) => Fields;
}

/** A value, or why there is none. */
type Attempt<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown };

/**
 * Does something with each database that was asked for; one that fails does not keep the others from it.
 *
 * @param context Host, flags and output.
 * @param task What to do.
 * @returns What it came to, for all of them.
 * @throws {MigrationError} With code `USAGE` or `CONFIG`, before any database is touched or after a declined question.
 */
export async function runDatabases<P>(context: CommandContext, task: DatabaseTask<P>): Promise<CommandResult> {
  const { flags, host, output, signals } = context;
  const targets = await chooseTargets(flags, task.needs, targetSource(context));
  const board = new ProgressBoard(output, targets.map(({ db }) => db));
  // PGlite runs in this process and keeps it busy: a handler would never be called, and the default action is safe.
  const isEmbedded = task.needs.workplace === "embedded";
  const isInterruptible = !isEmbedded && !targets.some(({ url }) => url?.startsWith("pglite:"));
  // Several engines in one process do not get on any faster, and each takes its memory.
  const atOnce = isEmbedded ? 1 : flags.jobs;
  if (isInterruptible) host.gatherLines();
  const ignore = isInterruptible ? signals.listen() : () => {};
  let jobs: readonly DatabaseJob[] = [];
  try {
    jobs = await openJobs(context, targets, board, task.opens);
    const prepared = await inPool(jobs, atOnce, (job) => attempt(context, jobs, () => task.prepare(job)));
    const ready = jobs.flatMap(({ db }, index) => {
      const result = prepared[index]!;
      return result.ok ? [{ db, value: result.value }] : [];
    });
    const confirmation = task.confirm?.(ready);
    if (confirmation !== undefined) await confirm(context, confirmation);
    const work = jobs.map((job, index) => ({ job, prepared: prepared[index]! }));
    const ends = await inPool(work, atOnce, async ({ job, prepared }) => {
      const result = prepared.ok ? await attempt(context, jobs, () => task.execute(job, prepared.value)) : prepared;
      return result.ok ? printOutcome(context, board, job.db, result.value) : printFailure(context, board, job.db, {
        error: result.error,
        fields: task.failureFields?.(board.done(job.db)),
      });
    });
    if (task.needs.files === "required") await warnOfLooseFiles(context, jobs);
    return {
      exitCode: combineExitCodes(ends.map(({ exitCode }) => exitCode)),
      databases: ends.map(({ entry }) => entry),
    };
  } finally {
    board.close();
    // A runner that was stopped before it began knows of no database, and closes none.
    await Promise.all(jobs.map(({ database }) => database?.close()));
    ignore();
  }
}

/**
 * Does something with each database that needs neither a plan nor a question.
 *
 * @param context Host, flags and output.
 * @param needs What it needs of each.
 * @param execute Does it.
 * @param opens What its first session is for, if that asks what a run begins with.
 * @returns What it came to, for all of them.
 */
export function forEachDatabase(
  context: CommandContext,
  needs: Needs,
  execute: (job: DatabaseJob) => Promise<Outcome>,
  opens?: Access,
): Promise<CommandResult> {
  return runDatabases(context, {
    needs,
    ...(opens === undefined ? {} : { opens }),
    prepare: () => Promise.resolve(),
    execute: (job) => execute(job),
  });
}

async function attempt<T>(
  { signals }: CommandContext,
  jobs: readonly DatabaseJob[],
  work: () => Promise<T>,
): Promise<Attempt<T>> {
  try {
    // The session of a single database is opened before its turn comes.
    if (signals.signal.aborted) {
      throw new MigrationError("ABORTED", jobs.length === 1 ? "Cancelled" : "Cancelled before it began");
    }
    return { ok: true, value: await work() };
  } catch (error) {
    return { ok: false, error };
  }
}

/** Where each database has a folder, what lies beside these folders would be passed over in silence. */
async function warnOfLooseFiles({ flags, host, output }: CommandContext, jobs: readonly DatabaseJob[]): Promise<void> {
  if (flags.dir !== undefined) return;
  const names = (await host.listFiles(flags.root)).filter((name) => parseFileName(name) !== undefined).toSorted();
  if (names.length > 0) {
    output.note(formatWarnings([describeLooseFiles(names, flags.root, jobs.map(({ dir }) => dir))], output.noteStyle));
  }
}

/** What one database came to. */
interface DatabaseEnd {
  readonly exitCode: number;
  readonly entry: DatabaseEntry;
}

function printOutcome(context: CommandContext, board: ProgressBoard, db: string, outcome: Outcome): DatabaseEnd {
  const { layout, lines, warnings = [], notes = [], fields, verdict = "done", failure } = outcome;
  const { output } = context;
  const print = (): void => {
    output.note(board.prefix(db, warnings));
    if (layout === "block") output.block(lines);
    else if (layout === "line" || output.verbosity !== "quiet") output.result(board.prefix(db, lines));
    output.note(board.prefix(db, notes));
  };
  if (failure !== undefined) return printFailure(context, board, db, { error: failure, fields, print });
  board.finish(db, print);
  return { exitCode: verdict === "findings" ? 1 : 0, entry: { db, ok: verdict === "done", fields } };
}

/** What failed, and what there is to show of it. */
interface Failed {
  readonly error: unknown;
  readonly fields?: Fields | undefined;
  /** Prints what was done before it. */
  readonly print?: () => void;
}

function printFailure(
  { output, signals }: CommandContext,
  board: ProgressBoard,
  db: string,
  { error, fields = {}, print }: Failed,
): DatabaseEnd {
  const lines = explain(error, output, { db, planned: board.planned(db) });
  board.finish(db, () => {
    print?.();
    output.failure(board.prefix(db, lines));
  });
  return { exitCode: exitCodeOf(error, signals.received), entry: { db, ok: false, fields, error } };
}
