/**
 * The looks of `ci`, one after the other. What one finds does not keep the others from being done, unless they could find
 * nothing else.
 *
 * @module
 */

import { MigrationError } from "../core/error.ts";
import { inFolder } from "../core/folder_path.ts";
import type { Rehearsed } from "../rehearsal/rehearsal.ts";
import type { CheckupStep } from "../report/checkup.ts";
import { errorFields } from "../report/json.ts";
import type { CiOptions } from "./commands/ci.ts";
import { rehearseJob } from "./commands/rehearse.ts";
import { describeFindings } from "./commands/validate.ts";
import type { CommandContext } from "./command_context.ts";
import type { Outcome } from "./command_result.ts";
import type { DatabaseJob } from "./database_job.ts";
import { dumpSchema } from "./dump_schema.ts";
import { explain } from "./explain.ts";
import { Linter } from "./linter.ts";

/** Where `dump --check` looks. */
const SCHEMA_FILE = "_schema.sql";

/** Looks at the files of databases. */
export class Checkup {
  readonly #context: CommandContext;
  readonly #options: CiOptions;
  readonly #linter: Linter;

  private constructor(context: CommandContext, options: CiOptions, linter: Linter) {
    this.#context = context;
    this.#options = options;
    this.#linter = linter;
  }

  /**
   * Gets ready.
   *
   * @param context Host and flags.
   * @param options Flags of the command.
   * @returns The checkup.
   * @throws {MigrationError} With code `USAGE` or `CONFIG`.
   */
  static async open(context: CommandContext, options: CiOptions): Promise<Checkup> {
    const { base } = options;
    const request = { names: [], options: { format: "text", ...(base === undefined ? {} : { base }) } } as const;
    return new Checkup(context, options, await Linter.open(context, request));
  }

  /**
   * Looks at one folder.
   *
   * @param job The database whose files are in it.
   * @returns What each look came to, in order.
   */
  async run(job: DatabaseJob): Promise<readonly CheckupStep[]> {
    const validated = await this.#step(
      "validate",
      job,
      async () => describeFindings(await job.runner.validate(), { db: job.db, subject: job.dir }, this.#context.output),
    );
    const linted = await this.#step("lint", job, () => this.#linter.run(job));
    if (validated.state === "findings") {
      const reason = "The files are not valid";
      return [validated, linted, skipped("rehearse", reason), skipped("dump --check", reason)];
    }
    const rehearsed = await this.#step("rehearse", job, () => rehearseJob(this.#context, job, this.#options));
    const dumped = isWhole(rehearsed)
      ? await this.#dump(job)
      : skipped("dump --check", "Not all migrations can be applied");
    return [validated, linted, rehearsed, dumped];
  }

  async #dump(job: DatabaseJob): Promise<CheckupStep> {
    const paths = await this.#context.host.files.list(job.dir);
    if (!paths.includes(SCHEMA_FILE)) {
      const path = inFolder(job.dir, SCHEMA_FILE);
      return skipped(
        "dump --check",
        `There is no ${path}; ${this.#context.output.commandLine(job.db)("dump --file")} writes it`,
      );
    }
    return await this.#step(
      "dump --check",
      job,
      () => dumpSchema(this.#context, job, { use: "compare", isOne: true, ...this.#options }),
    );
  }

  async #step(name: string, { db }: DatabaseJob, look: () => Promise<Outcome>): Promise<CheckupStep> {
    try {
      const { lines, notes = [], fields, verdict = "done" } = await look();
      const state = verdict === "findings" ? "findings" : "ok";
      return { name, state, lines: [...lines, ...state === "ok" ? [] : notes], fields };
    } catch (error) {
      if (!isFinding(error)) throw error;
      const lines = explain(error, this.#context.output, { db, planned: [] });
      return { name, state: "findings", lines, fields: { error: errorFields(error) } };
    }
  }
}

/** What is wrong with a migration, not with where it was tried. */
function isFinding(error: unknown): error is MigrationError {
  return error instanceof MigrationError && /^(SQL_FAILED|PARTIAL|FILES_INVALID)$/.test(error.code);
}

/** Whether there is a schema that all migrations make. */
function isWhole({ fields: { migrations = [] } }: CheckupStep): boolean {
  const verdicts = (migrations as readonly Pick<Rehearsed, "verdict">[]).map(({ verdict }) => verdict);
  return !verdicts.includes("up-fails") && !verdicts.includes("not-run");
}

function skipped(name: string, reason: string): CheckupStep {
  return { name, state: "skipped", lines: [reason], fields: { reason } };
}
