/**
 * The progress of several databases: a line per migration, and on a terminal one that changes.
 *
 * @module
 */

import type { Done, MigrationEvent } from "../core/event.ts";
import type { PlannedStep } from "../report/failure.ts";
import { formatEvent, formatRunning, type Running } from "../report/progress.ts";
import { plainStyle } from "../report/style.ts";
import { truncate } from "../report/width.ts";
import { OrderedOutput } from "./ordered_output.ts";
import type { Output } from "./output.ts";

const REFRESH_MS = 100;

/** Without a terminal, what takes so long is named while it runs. */
const LONG_MS = 5000;

/** Longest name that others are padded to. */
const MAX_NAME_WIDTH = 48;

/** What is known of the run of one database. */
interface RunState {
  steps: readonly PlannedStep[];
  /** Keys of the steps that the run came to. */
  readonly begun: Set<string>;
  nameWidth: number;
  running: (Omit<Running, "elapsedMs"> & { readonly startedAt: number }) | undefined;
  /** Waits until what runs has taken long. */
  timer?: ReturnType<typeof setTimeout>;
  done: readonly Done[];
}

function keyOf({ direction, name }: PlannedStep): string {
  return `${direction} ${name}`;
}

/** Nothing runs any more. */
function rest(state: RunState): void {
  state.running = undefined;
  clearTimeout(state.timer);
}

function placeOf(wanted: PlannedStep, steps: readonly PlannedStep[]): number {
  const key = keyOf(wanted);
  return Math.max(0, steps.findIndex((step) => keyOf(step) === key));
}

/** Prints the events of several databases in the order of their names. */
export class ProgressBoard {
  readonly #output: Output;
  readonly #names: readonly string[];
  readonly #ordered: OrderedOutput;
  readonly #states = new Map<string, RunState>();
  readonly #longMs: number;
  #timer: ReturnType<typeof setInterval> | undefined;

  /**
   * @param output Where to print.
   * @param names The databases, in order.
   * @param longMs After how many milliseconds a migration that runs is named where there is no terminal.
   */
  constructor(output: Output, names: readonly string[], longMs: number = LONG_MS) {
    this.#longMs = longMs;
    this.#output = output;
    this.#names = names;
    this.#ordered = new OrderedOutput(names);
  }

  /**
   * Takes an event.
   *
   * @param event The event.
   */
  show(event: MigrationEvent): void {
    const state = this.#track(event);
    this.#refresh();
    const lines = formatEvent(event, {
      style: this.#output.noteStyle,
      verbosity: this.#output.verbosity,
      commandLine: this.#output.commandLine(event.db),
      nameWidth: state.nameWidth,
    });
    this.#ordered.push(event.db, () => {
      this.#output.event(event);
      this.#output.note(this.prefix(event.db, lines));
    });
  }

  /**
   * Prints advice or progress of a database.
   *
   * @param db The database.
   * @param lines The lines.
   */
  note(db: string, lines: readonly string[]): void {
    this.#ordered.push(db, () => this.#output.note(this.prefix(db, lines)));
  }

  /**
   * Prints what a database came to; those after it follow.
   *
   * @param db The database.
   * @param print Prints it.
   */
  finish(db: string, print: () => void): void {
    const state = this.#states.get(db);
    if (state !== undefined) rest(state);
    this.#refresh();
    this.#ordered.push(db, print);
    this.#ordered.finish(db);
    this.#refresh();
  }

  /**
   * Tells what a run was about to do.
   *
   * @param db The database.
   * @returns Its steps; none if it did not come to that.
   */
  planned(db: string): readonly PlannedStep[] {
    const state = this.#states.get(db);
    return state?.steps.map((step) => state.begun.has(keyOf(step)) ? { ...step, isBegun: true } : step) ?? [];
  }

  /**
   * Tells what a run has done.
   *
   * @param db The database.
   * @returns The migrations that it finished, also if it failed after them.
   */
  done(db: string): readonly Done[] {
    return this.#states.get(db)?.done ?? [];
  }

  /**
   * Puts the name of the database in front of lines, where there are several databases.
   *
   * @param db The database.
   * @param lines The lines.
   * @returns The lines.
   */
  prefix(db: string, lines: readonly string[]): readonly string[] {
    return this.#names.length < 2 ? lines : lines.map((line) => `${db}: ${line}`.trimEnd());
  }

  /** Takes the changing line away. */
  close(): void {
    clearInterval(this.#timer);
    for (const state of this.#states.values()) rest(state);
    this.#timer = undefined;
    this.#output.screen.live("");
  }

  #track(event: MigrationEvent): RunState {
    const state = this.#states.get(event.db) ??
      { steps: [], begun: new Set(), nameWidth: 0, running: undefined, done: [] };
    this.#states.set(event.db, state);
    switch (event.type) {
      case "run:start":
        state.steps = event.steps;
        state.begun.clear();
        state.nameWidth = event.steps.reduce(
          (width, { name }) => Math.min(MAX_NAME_WIDTH, Math.max(width, name.length)),
          0,
        );
        break;
      case "migration:start":
        // What the plan had before the first one that runs was done by another run in the meantime.
        if (event.index === 1) state.steps = state.steps.slice(placeOf(event, state.steps));
        state.begun.add(keyOf(event));
        state.running = { name: event.name, index: event.index, total: event.total, startedAt: performance.now() };
        this.#startTimer();
        this.#nameLater(event.db, state);
        break;
      case "unit:done":
        if (state.running !== undefined) {
          state.running = { ...state.running, unit: { done: event.unit, of: event.units } };
        }
        break;
      case "migration:done":
      case "migration:failed":
      case "migration:rehearsed":
        rest(state);
        break;
      case "run:done":
        rest(state);
        state.done = event.done;
        break;
    }
    return state;
  }

  #nameLater(db: string, state: RunState): void {
    clearTimeout(state.timer);
    if (this.#output.liveColumns !== undefined) return;
    state.timer = setTimeout(() => {
      if (state.running === undefined) return;
      const { startedAt, ...running } = state.running;
      const elapsedMs = performance.now() - startedAt;
      this.note(db, [formatRunning({ ...running, elapsedMs }, this.#output.noteStyle, state.nameWidth)]);
    }, this.#longMs);
  }

  #startTimer(): void {
    if (this.#output.liveColumns === undefined) return;
    this.#timer ??= setInterval(() => this.#refresh(), REFRESH_MS);
  }

  #refresh(): void {
    const columns = this.#output.liveColumns;
    if (columns === undefined) return;
    const db = this.#names.find((name) => this.#ordered.isTurnOf(name));
    const state = db === undefined ? undefined : this.#states.get(db);
    if (db === undefined || state?.running === undefined) return this.#output.screen.live("");
    const { startedAt, ...running } = state.running;
    const elapsedMs = performance.now() - startedAt;
    if (elapsedMs < REFRESH_MS) return this.#output.screen.live("");
    const width = columns - 1 - (this.#names.length < 2 ? 0 : db.length + 2);
    const plain = formatRunning({ ...running, elapsedMs }, plainStyle, state.nameWidth);
    this.#output.screen.live(this.#output.noteStyle.dim(this.prefix(db, [truncate(plain, width)])[0] ?? ""));
  }
}
