/**
 * One database of a command.
 *
 * @module
 */

import { MigrationError } from "../core/error.ts";
import type { EventSink } from "../core/event.ts";
import type { Access, Database } from "../core/database.ts";
import { formatWarnings } from "../report/problems.ts";
import type { MigrationRunner } from "../runner/runner.ts";
import type { CommandContext } from "./command_context.ts";
import type { ProgressBoard } from "./progress_board.ts";
import { type Target, throwAll } from "./targets.ts";

/** One database of a command. */
export interface DatabaseJob {
  /** Its name. */
  readonly db: string;
  /** Folder of its migrations. */
  readonly dir: string;
  /** Runs its migrations. */
  readonly runner: MigrationRunner;
  /** The database itself; `undefined` for commands that need none. */
  readonly database: Database | undefined;
  /** Aborted when the command is to end. */
  readonly signal: AbortSignal;
  /** Receives the events of a run. */
  readonly onEvent: EventSink;
  /** Opens another database for the same migrations. */
  readonly openDatabase: (url: string) => Database;
  /** Prints advice or progress, when its turn comes. */
  readonly note: (lines: readonly string[]) => void;
}

/**
 * Makes a runner for each database, before any is touched.
 *
 * @param context Host and flags.
 * @param targets The databases.
 * @param board Prints what they tell.
 * @param opens What the first session is for, if it asks what a run begins with: then it is opened meanwhile.
 * @returns The jobs, in the order of the targets.
 * @throws {MigrationError} With code `CONFIG`; all that is wrong with the configuration at once.
 */
export async function openJobs(
  context: CommandContext,
  targets: readonly Target[],
  board: ProgressBoard,
  opens?: Access,
): Promise<readonly DatabaseJob[]> {
  const { flags, host, signals, output } = context;
  const errors: MigrationError[] = [];
  const opened = targets.flatMap(({ db, dir, url }) => {
    const note = (lines: readonly string[]): void => board.note(db, lines);
    const openDatabase = (address: string): Database =>
      context.engines.openDatabase(address, {
        platform: { ...host.platform, env: context.env },
        dbName: db,
        ...(flags.lockWait === undefined ? {} : { lockWaitMs: flags.lockWait }),
        onWarning: (problem) => note(formatWarnings([problem], output.noteStyle)),
      });
    return collect(
      errors,
      () => ({ db, dir, database: url === undefined ? undefined : openDatabase(url), note, openDatabase }),
    );
  });
  // Of many databases most would wait for their turn.
  if (opens !== undefined && targets.length === 1) {
    const { openingQuestion } = await import("../runner/history_query.ts");
    await opened[0]?.database?.preconnect?.({ access: opens, question: openingQuestion(flags.table) });
  }
  // Only a command that works on databases loads the runner.
  const { MigrationRunner } = await import("../runner/runner.ts");
  const jobs = opened.flatMap(({ db, dir, database, ...rest }) =>
    collect(errors, (): DatabaseJob => ({
      db,
      dir,
      database,
      runner: new MigrationRunner({
        dbName: db,
        migrationsDir: dir,
        database: database ?? noDatabase,
        reader: host.files,
        ...runnerFlags(flags),
      }),
      signal: signals.signal,
      onEvent: (event) => board.show(event),
      ...rest,
    }))
  );
  if (errors.length > 0) await Promise.all(opened.map(({ database }) => database?.close()));
  throwAll(errors);
  return jobs;
}

/** Makes one thing, or keeps the error that says what is wrong with the configuration. */
function collect<T>(errors: MigrationError[], make: () => T): readonly T[] {
  try {
    return [make()];
  } catch (error) {
    if (!(error instanceof MigrationError)) throw error;
    errors.push(error);
    return [];
  }
}

function noDatabase(): Database {
  throw new MigrationError("CONFIG", "This command has no database");
}

/** The flags that a runner takes, without those that were left out. */
function runnerFlags(flags: CommandContext["flags"]): {
  readonly table?: string;
  readonly strict?: boolean;
  readonly lock?: "session" | "lease";
  readonly lockWaitMs?: number;
  readonly lockTimeoutMs?: number;
  readonly lockRetries?: number;
  readonly statementTimeoutMs?: number;
  readonly role?: string;
} {
  return {
    ...(flags.table === undefined ? {} : { table: flags.table }),
    ...(flags.strict === undefined ? {} : { strict: flags.strict }),
    ...(flags.lock === undefined ? {} : { lock: flags.lock }),
    ...(flags.lockWait === undefined ? {} : { lockWaitMs: flags.lockWait }),
    ...(flags.lockTimeout === undefined ? {} : { lockTimeoutMs: flags.lockTimeout }),
    ...(flags.lockRetries === undefined ? {} : { lockRetries: flags.lockRetries }),
    ...(flags.statementTimeout === undefined ? {} : { statementTimeoutMs: flags.statementTimeout }),
    ...(flags.role === undefined ? {} : { role: flags.role }),
  };
}
