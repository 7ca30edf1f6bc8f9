/**
 * Runs the steps of a plan: one by one, or several in one message.
 *
 * @module
 */

import { DatabaseError } from "../core/database_error.ts";
import { MigrationError } from "../core/error.ts";
import type { Done } from "../core/event.ts";
import type { Step } from "../core/plan.ts";
import type { MigrationRecord } from "../core/record.ts";
import { type BatchFailure, sendBatch } from "./batch.ts";
import type { Run } from "./context.ts";
import { type Durability, executeTransaction, retryOrThrow } from "./execute.ts";
import { executeUnits } from "./execute_units.ts";
import { Pace } from "./pace.ts";
import type { Progress } from "./progress.ts";
import { failedGuard } from "./transaction.ts";

/** Flushes what was committed before it: a commit that writes nothing would not. */
const FLUSH_SQL = "SELECT pg_catalog.pg_logical_emit_message(true, 'metapg', 'flush')";

/**
 * Runs steps in order.
 *
 * @param run The run.
 * @param steps The steps.
 * @param records The rows of the history, for what is part-way.
 * @param progress What is done goes here.
 * @throws What the first step that fails throws.
 */
export async function executePlan(
  run: Run,
  steps: readonly Step[],
  records: readonly MigrationRecord[],
  progress: Progress,
): Promise<void> {
  const execution = new Execution(run, steps, records, progress);
  try {
    while (progress.done.length < steps.length) await execution.proceed();
    progress.settle();
  } catch (error) {
    await flush(run, progress);
    throw error;
  }
}

/** A failure that was written down has flushed what came before it; one that was not, as that of an abort, has not. */
async function flush(run: Run, progress: Progress): Promise<void> {
  if (progress.durable.length === progress.done.length) return;
  await run.session.finish(FLUSH_SQL).then(() => progress.settle(), () => undefined);
}

class Execution {
  readonly #run: Run;
  readonly #steps: readonly Step[];
  readonly #rows: Map<string, MigrationRecord>;
  readonly #progress: Progress;
  readonly #pace: Pace;
  /** The last step that was told to have begun. */
  #begun = -1;
  /** A step that stopped a message is sent alone, and those before it without it. */
  #alone = -1;

  constructor(run: Run, steps: readonly Step[], records: readonly MigrationRecord[], progress: Progress) {
    this.#run = run;
    this.#steps = steps;
    this.#rows = new Map(records.map((record) => [record.name, record]));
    this.#progress = progress;
    this.#pace = new Pace(this.#isRemote ? run.session.roundTripMs : 0);
  }

  get #isRemote(): boolean {
    return this.#run.context.database.engine === "postgres";
  }

  get #index(): number {
    return this.#progress.done.length;
  }

  /** Sends the next message. */
  async proceed(): Promise<void> {
    const index = this.#index;
    const next = this.#pace.choose(this.#steps.slice(index, index < this.#alone ? this.#alone : undefined));
    this.#begin(index);
    try {
      if (index === this.#alone || next.length === 1) await this.#sendStep(this.#steps[index]!);
      else await this.#sendBatch(next);
    } catch (error) {
      this.#fail(error);
      throw error;
    }
  }

  async #sendStep(step: Step): Promise<void> {
    const { session } = this.#run;
    session.migration = step.name;
    try {
      const isLast = this.#index === this.#steps.length - 1;
      const durability: Durability = isLast || !this.#isRemote ? "now" : "later";
      this.#finish(
        step.transaction === "single"
          ? await executeTransaction(this.#run, step, durability)
          : await executeUnits(this.#run, step, this.#rows.get(step.name)),
      );
      if (step.transaction === "none" || durability === "now") this.#progress.settle();
    } finally {
      session.migration = null;
    }
  }

  async #sendBatch(next: readonly Step[]): Promise<void> {
    const start = performance.now();
    const before = this.#index;
    const { done, failure } = await sendBatch(this.#run, next, before);
    for (const [index, one] of done.entries()) {
      this.#begin(before + index);
      this.#finish(one);
    }
    if (failure === undefined) {
      this.#progress.settle();
      return this.#pace.sent(done.length, performance.now() - start);
    }
    this.#begin(this.#index);
    this.#alone = before + await this.#settleFailure(next[done.length]!, done.length, failure);
  }

  /** What failed in its own transaction has failed; what kept others from running is sent again behind them, alone. */
  async #settleFailure(step: Step, index: number, { error, index: failed, message }: BatchFailure): Promise<number> {
    if (!(error instanceof DatabaseError)) throw error;
    if (failed === undefined || failed < index || message === undefined) return index;
    const isTouched = this.#run.lock.kind === "lease" && failedGuard(error.message) === "lock";
    if (failed === index && !isTouched) await retryOrThrow(this.#run, step, message, 1, error);
    return failed;
  }

  #begin(index: number): void {
    if (index <= this.#begun) return;
    this.#begun = index;
    const { name, direction } = this.#steps[index]!;
    this.#run.context.emit({ type: "migration:start", name, direction, index: index + 1, total: this.#steps.length });
  }

  #finish(done: Done): void {
    if (done.direction === "down") this.#rows.delete(done.name);
    this.#progress.add(done);
    this.#run.context.emit({ type: "migration:done", ...done });
  }

  #fail(error: unknown): void {
    const { name, direction } = this.#steps[this.#index]!;
    const code = error instanceof MigrationError ? error.code : "SQL_FAILED";
    const message = error instanceof Error ? error.message : String(error);
    this.#run.context.emit({ type: "migration:failed", name, direction, code, message });
  }
}
