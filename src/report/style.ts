/**
 * Emphasis: plain, or as ANSI escape sequences.
 *
 * @module
 */

/** Puts emphasis on a piece of text. */
export type Paint = (text: string) => string;

/** The emphasis that reports use. */
export interface Style {
  /** What matters most. */
  readonly bold: Paint;
  /** What matters least. */
  readonly dim: Paint;
  /** Failures. */
  readonly red: Paint;
  /** Success. */
  readonly green: Paint;
  /** Warnings. */
  readonly yellow: Paint;
  /** Names to look at. */
  readonly cyan: Paint;
}

const plain: Paint = (text) => text;

function ansi(open: number, close: number): Paint {
  return (text) => text === "" ? "" : `\x1b[${open}m${text}\x1b[${close}m`;
}

/** No emphasis: for files, pipes and `NO_COLOR`. */
export const plainStyle: Style = { bold: plain, dim: plain, red: plain, green: plain, yellow: plain, cyan: plain };

/** Emphasis by ANSI escape sequences: for terminals. */
export const ansiStyle: Style = {
  bold: ansi(1, 22),
  dim: ansi(2, 22),
  red: ansi(31, 39),
  green: ansi(32, 39),
  yellow: ansi(33, 39),
  cyan: ansi(36, 39),
};
