/**
 * What a command prints, and where: results on stdout, everything else on stderr.
 *
 * @module
 */

import type { MigrationEvent } from "../core/event.ts";
import type { CommandLine } from "../report/advice.ts";
import { type Document, documentFields } from "../report/json.ts";
import type { Verbosity } from "../report/progress.ts";
import { ansiStyle, plainStyle, type Style } from "../report/style.ts";
import type { Host, OutputStream } from "../runtime/host.ts";
import { commandLineFor, type PlaceFlags } from "./command_line.ts";
import type { Flags } from "./flags.ts";
import { Screen } from "./screen.ts";

/** What results look like: words, one document, or events and then the document. */
export type OutputMode = "text" | "json" | "ndjson";

/** The flags that say how output looks, and those that commands take along that it advises. */
export type OutputFlags = Pick<Flags, "json" | "ndjson" | "quiet" | "verbose" | "color"> & PlaceFlags;

/** Prints what a command has to say. */
export class Output {
  /** What results look like. */
  readonly mode: OutputMode;
  /** How much is told. */
  readonly verbosity: Verbosity;
  /** Emphasis of results. */
  readonly resultStyle: Style;
  /** Emphasis of everything else. */
  readonly noteStyle: Style;
  /** Columns for a line that changes; `undefined` where there is no terminal for it. */
  readonly liveColumns: number | undefined;
  /** The streams. */
  readonly screen: Screen;
  readonly #flags: PlaceFlags;
  #blocks = 0;

  /**
   * @param host The streams and the environment.
   * @param flags How output looks.
   */
  constructor(host: Host, flags: OutputFlags) {
    const color = flags.color && (host.env("NO_COLOR") ?? "") === "" && host.env("TERM") !== "dumb";
    this.mode = flags.json ? "json" : flags.ndjson ? "ndjson" : "text";
    this.verbosity = flags.quiet ? "quiet" : flags.verbose ? "verbose" : "normal";
    this.resultStyle = styleOf(host.stdout, color);
    this.noteStyle = styleOf(host.stderr, color);
    const live = this.mode === "text" && this.verbosity !== "quiet" && host.stderr.isTerminal &&
      host.env("TERM") !== "dumb";
    this.liveColumns = live ? host.stderr.columns : undefined;
    this.screen = new Screen(host);
    this.#flags = flags;
  }

  /**
   * Writes commands for a database as they are typed after this one.
   *
   * @param db The database; none for what is not about a single one.
   * @returns A function from `up` to `metapg-migration up --dir db/shop --db shop`.
   */
  commandLine(db?: string): CommandLine {
    return commandLineFor(db, this.#flags);
  }

  /**
   * Prints a result; with `--json` it is in the document instead.
   *
   * @param lines The lines.
   */
  result(lines: readonly string[]): void {
    if (this.mode === "text" && lines.length > 0) this.screen.out(join(lines));
  }

  /**
   * Prints a result of several lines, with an empty line between two of them.
   *
   * @param lines The lines.
   */
  block(lines: readonly string[]): void {
    if (this.mode !== "text" || lines.length === 0) return;
    this.screen.out(join(this.#blocks++ === 0 ? lines : ["", ...lines]));
  }

  /**
   * Prints advice or progress; not with `-q` or `--json`.
   *
   * @param lines The lines.
   */
  note(lines: readonly string[]): void {
    if (this.mode === "text" && this.verbosity !== "quiet" && lines.length > 0) this.screen.err(join(lines));
  }

  /**
   * Prints what must not be missed.
   *
   * @param lines The lines.
   */
  failure(lines: readonly string[]): void {
    if (lines.length > 0) this.screen.err(join(lines));
  }

  /**
   * Prints an event with `--ndjson`.
   *
   * @param event The event.
   */
  event(event: MigrationEvent): void {
    if (this.mode === "ndjson") this.screen.out(`${JSON.stringify(event)}\n`);
  }

  /**
   * Prints the document with `--json` or `--ndjson`.
   *
   * @param document What the command came to.
   */
  document(document: Document): void {
    if (this.mode === "json") this.screen.out(`${JSON.stringify(documentFields(document), null, 2)}\n`);
    if (this.mode === "ndjson") this.screen.out(`${JSON.stringify({ type: "result", ...documentFields(document) })}\n`);
  }
}

function styleOf(stream: OutputStream, color: boolean): Style {
  return color && stream.isTerminal ? ansiStyle : plainStyle;
}

function join(lines: readonly string[]): string {
  return `${lines.join("\n")}\n`;
}
