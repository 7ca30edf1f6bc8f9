/**
 * Runs the steps of a plan. The next message is on its way before the one before it is answered, so that the server never
 * waits for this side.
 *
 * @module
 */

import { DatabaseError } from "../core/database_error.ts";
import { MigrationError } from "../core/error.ts";
import type { Done } from "../core/event.ts";
import type { Step } from "../core/plan.ts";
import type { MigrationRecord } from "../core/record.ts";
import { sectionOf } from "../core/step_section.ts";
import type { Run } from "./context.ts";
import { executeTransaction, retryOrThrow } from "./execute.ts";
import { executeUnits } from "./execute_units.ts";
import { outcomeUnknown } from "./failure.ts";
import { askSettled, currentStep, type Flight, launch, placeFailure, unknownOutcome } from "./flight.ts";
import { mayPrepare } from "./leavings.ts";
import { isDoubtful, Pace, type Way } from "./pace.ts";
import { isForgotten, Preparation } from "./prepared.ts";
import type { Progress } from "./progress.ts";
import { retryLater } from "./retry.ts";
import { isLost } from "./session.ts";
import { Sequence } from "./sequence.ts";
import { type Durability, lockTimeoutOf, type Sending } from "./step_message.ts";
import { failedGuard, placeInMessage } from "./transaction.ts";

/** Flushes what was committed before it: a commit that writes nothing would not. */
const FLUSH_SQL = "SELECT pg_catalog.pg_logical_emit_message(true, 'metapg', 'flush')";

/** Whether an error says by itself that nothing was done: the one transaction of the one message failed before its end. */
function isKnownUndone(flights: readonly Flight[], error: unknown): boolean {
  const [flight] = flights;
  if (flights.length !== 1 || flight?.messages.length !== 1 || !(error instanceof DatabaseError)) return false;
  const { completed, position } = error.fields;
  const isPlaced = completed !== undefined || position !== undefined;
  return isPlaced && placeInMessage(flight.messages[0]!, error.fields).type !== "committed";
}

/** How often a way that may be shorter than it looked is measured again. */
const MAX_LOOKS = 3;

/**
 * Runs steps in order.
 *
 * @param run The run.
 * @param steps The steps.
 * @param records The rows of the history.
 * @param progress What is done goes here.
 * @throws What the first step that fails throws.
 */
export async function executePlan(
  run: Run,
  steps: readonly Step[],
  records: readonly MigrationRecord[],
  progress: Progress,
): Promise<void> {
  const execution = new Execution(run, steps, records, progress, await measureWay(run, steps.length));
  run.session.running = () => execution.running;
  try {
    while (progress.done.length < steps.length) await execution.proceed();
    progress.settle();
  } catch (error) {
    await flush(run, progress);
    throw error;
  } finally {
    run.session.running = () => null;
  }
}

/** What goes in one message is told at once: where the way may only look long, another answer shows it. */
async function measureWay({ context, session, lock }: Run, stepCount: number): Promise<Way> {
  // A pooler may give each message another session.
  const pipeline = session.pipeline && lock.kind === "session";
  if (context.database.engine !== "postgres") return { roundTripMs: 0, pipeline };
  for (let look = 0; stepCount > 1 && look < MAX_LOOKS && isDoubtful(session.roundTripMs); look++) {
    await session.query("SELECT");
  }
  return { roundTripMs: session.roundTripMs, pipeline };
}

/** A failure that was written down has flushed what came before it; one that was not, as that of an abort, has not. */
async function flush(run: Run, progress: Progress): Promise<void> {
  if (progress.isDurable) return;
  await run.session.finish(FLUSH_SQL).then(() => progress.settle(), () => undefined);
}

class Execution {
  readonly #run: Run;
  readonly #steps: readonly Step[];
  readonly #rows: Map<string, MigrationRecord>;
  readonly #noted: ReadonlySet<string | number>;
  readonly #progress: Progress;
  readonly #pace: Pace;
  readonly #flights: Flight[] = [];
  /** The order of application as it is, and as it will be when all that was sent is done. */
  readonly #settled: Sequence;
  #planned: Sequence;
  /** How many steps were sent, those that are done included. */
  #sent = 0;
  /** The last step that was told to have begun. */
  #begun = -1;
  readonly #preparation: Preparation;
  /** A step that failed, or stopped a message, is sent alone, and those before it without it; and how often it was sent. */
  #alone: { readonly index: number; readonly tries: number } = { index: -1, tries: 0 };

  constructor(
    run: Run,
    steps: readonly Step[],
    records: readonly MigrationRecord[],
    progress: Progress,
    way: Way,
  ) {
    this.#run = run;
    this.#steps = steps;
    this.#rows = new Map(records.map((record) => [record.name, record]));
    this.#noted = new Set(
      records.filter(({ isApplied }) => !isApplied).flatMap(({ name, version }) => [name, version]),
    );
    this.#settled = new Sequence(records);
    this.#planned = this.#settled.fork();
    this.#progress = progress;
    this.#preparation = new Preparation(run);
    this.#pace = new Pace(way);
  }

  /** The name of the migration that the server is at. */
  get running(): string | null {
    const current = this.#flights.map(currentStep).findLast((step) => step !== undefined);
    return current?.name ?? this.#steps[this.#begun]?.name ?? null;
  }

  get #index(): number {
    return this.#progress.done.length;
  }

  /** Sends what may be sent, and waits for the first of it. */
  async proceed(): Promise<void> {
    if (this.#mustPrepare && this.#flights.length === 0) await this.#preparation.refresh();
    this.#fill();
    this.#begin(this.#index);
    try {
      await (this.#flights.length === 0 ? this.#runAlone(this.#steps[this.#index]!) : this.#land(this.#flights[0]!));
    } catch (error) {
      this.#fail(error);
      throw error;
    }
  }

  /** Sends what may be on its way at once. */
  #fill(): void {
    while (
      !(this.#mustPrepare && this.#flights.length > 0) &&
      this.#pace.hasRoom(this.#flights, this.#steps.length - this.#sent)
    ) {
      const { index } = this.#alone;
      const end = index < this.#sent ? this.#steps.length : index;
      const steps = this.#pace.choose(this.#steps, this.#sent, end);
      if (steps.length === 0) return;
      const durability = this.#durability;
      const chain = this.#flights.at(-1)?.steps.at(-1);
      const statements = this.#preparation.use();
      const rowOf = (step: Step) => this.#rowOf(step);
      this.#flights.push(launch(this.#run, { steps, durability, chain, statements, rowOf }));
      this.#sent += steps.length;
    }
  }

  /** To prepare statements is worth it where many steps follow, and waits until nothing else is on its way. */
  get #mustPrepare(): boolean {
    return this.#pace.hurries(this.#steps.length - this.#sent) && this.#preparation.isDue;
  }

  /** To flush each commit is worth it, unless many follow at once: then the last of them flushes all. */
  get #durability(): Durability {
    return this.#pace.hurries(this.#steps.length - this.#sent) ? "later" : "now";
  }

  #rowOf(step: Step): Pick<Sending, "found" | "seq"> {
    const isNoted = this.#noted.has(step.name) || this.#noted.has(step.migration.version);
    return { found: isNoted ? "note" : "none", seq: this.#planned.add(step) };
  }

  async #runAlone(step: Step): Promise<void> {
    const index = this.#index;
    const durability = this.#durability;
    const sending = { durability, ...this.#rowOf(step) } as const;
    const tries = this.#alone.index === index ? this.#alone.tries : 0;
    this.#sent++;
    this.#finish(
      step.transaction === "single"
        ? await executeTransaction(this.#run, step, sending, tries)
        : await this.#runUnits(step),
    );
    if (mayPrepare(sectionOf(step).sql)) this.#preparation.dropped();
    if (step.transaction === "none" || durability === "now") this.#progress.settle();
  }

  /** The answer to its last entry may be lost, too. */
  async #runUnits(step: Step): Promise<Done> {
    try {
      return await executeUnits(this.#run, step, this.#rows.get(step.name));
    } catch (error) {
      throw error instanceof MigrationError && isLost(error) ? outcomeUnknown(error, step) : error;
    }
  }

  async #land(flight: Flight): Promise<void> {
    const start = performance.now();
    const lockTimeoutMs = Math.min(...flight.steps.map((step) => lockTimeoutOf(this.#run, step)));
    const { answer } = flight;
    try {
      const done = await this.#run.watch.during(lockTimeoutMs, () => answer);
      this.#flights.shift();
      for (const one of done) this.#finish(one);
      this.#pace.landed(done, performance.now() - start);
      if (flight.durability === "now") this.#progress.settle();
    } catch (error) {
      await this.#crash(flight, error);
    }
  }

  /** What was sent behind a failure came to nothing: its transaction sees that the step before it is not done. */
  async #crash(flight: Flight, error: unknown): Promise<void> {
    const flights = this.#flights.splice(0);
    await Promise.allSettled(flights.map(({ answer }) => answer));
    const steps = flights.flatMap((one) => one.steps);
    const isUnknown = error instanceof MigrationError && error.code === "OUTCOME_UNKNOWN";
    if (isLost(error)) throw unknownOutcome(steps, (error as MigrationError).message, error);
    if (isUnknown) throw error;
    const done = isKnownUndone(flights, error) ? await this.#leave(steps) : await this.#lookBack(steps);
    for (const one of done) this.#finish(one);
    const isWhole = done.length >= flight.steps.length;
    this.#sent = this.#index;
    this.#planned = this.#settled.fork();
    if (!isWhole) this.#begin(this.#index);
    if (!(error instanceof DatabaseError)) throw error;
    if (!isWhole) await this.#settleFailure(flight, done.length, error);
  }

  /** Leaves the failed transaction; nothing was done. */
  async #leave(steps: readonly Step[]): Promise<readonly Done[]> {
    try {
      await this.#run.session.rollback();
      return [];
    } catch (error) {
      throw unknownOutcome(steps, error instanceof Error ? error.message : String(error), error);
    }
  }

  /** Leaves the failed transaction, and asks what was done: again, where somebody has locked the log. */
  async #lookBack(steps: readonly Step[]): Promise<readonly Done[]> {
    await this.#leave(steps);
    for (let tries = 1;; tries++) {
      try {
        return await askSettled(this.#run, steps);
      } catch (error) {
        const isAgain = !isLost(error) && await retryLater(this.#run, steps[0]!, tries, error).catch(() => false);
        if (!isAgain) throw unknownOutcome(steps, error instanceof Error ? error.message : String(error), error);
      }
    }
  }

  /** What failed in its own transaction has failed; what kept others from running is sent again behind them, alone. */
  async #settleFailure(flight: Flight, index: number, cause: DatabaseError): Promise<void> {
    const before = this.#index - index;
    const failure = placeFailure(flight, cause);
    const failed = failure === undefined || failure.index < index ? index : failure.index;
    this.#alone = { index: before + failed, tries: 0 };
    if (isForgotten(cause)) return this.#preparation.refuse();
    if (failure === undefined || failure.index !== index) return;
    const { error, message } = failure;
    // A runner without a lease takes the lock for a moment.
    if (this.#run.lock.kind === "lease" && failedGuard(error.message) === "lock") return;
    await retryOrThrow(this.#run, flight.steps[index]!, message, 1, error);
    this.#alone = { index: before + failed, tries: 1 };
  }

  #begin(index: number): void {
    if (index <= this.#begun) return;
    this.#begun = index;
    const { name, direction } = this.#steps[index]!;
    this.#run.context.emit({ type: "migration:start", name, direction, index: index + 1, total: this.#steps.length });
  }

  #finish(done: Done): void {
    this.#begin(this.#index);
    if (done.direction === "down") this.#rows.delete(done.name);
    this.#settled.add(this.#steps[this.#index]!);
    this.#progress.add(done);
    this.#run.context.emit({ type: "migration:done", ...done });
  }

  #fail(error: unknown): void {
    const step = this.#steps[Math.min(this.#index, this.#steps.length - 1)]!;
    const code = error instanceof MigrationError ? error.code : "SQL_FAILED";
    if (error instanceof MigrationError && code === "OUTCOME_UNKNOWN" && error.unknown.length === 0) {
      error.unknown = [step.name];
    }
    const message = error instanceof Error ? error.message : String(error);
    this.#run.context.emit({ type: "migration:failed", name: step.name, direction: step.direction, code, message });
  }
}
