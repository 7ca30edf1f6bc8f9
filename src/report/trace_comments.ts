/**
 * A trace as comments beside the SQL.
 *
 * @module
 */

import type { MigrationTrace, StatementTrace } from "../trace/trace.ts";
import { oneLine } from "./printable.ts";
import type { Paint } from "./style.ts";
import { describeHolders, describeSize, type Live } from "./trace_live.ts";
import { describeBlocked, describeLength, describeNothing, describeRowLocks, shownLocks } from "./trace_words.ts";

/** What is said beside the SQL of one step. */
export interface CommentSource {
  /** What its statements do. */
  readonly trace: MigrationTrace;
  /** The database that it is to run on. */
  readonly live: Live;
  /** The line of the file that the SQL begins with. */
  readonly firstLine: number;
}

/**
 * Puts what statements do above them.
 *
 * @param lines SQL, by lines.
 * @param source What is said.
 * @param paint Emphasis of the comments.
 * @returns The lines, and comments in front of those where a statement begins. None goes inside another statement.
 */
export function withComments(lines: readonly string[], source: CommentSource, paint: Paint): string[] {
  const comments = new Map<number, string[]>();
  let end = 0;
  let place = 0;
  for (const statement of source.trace.statements) {
    const isFirst = statement.line > end;
    if (isFirst) place = statement.line - source.firstLine;
    end = statement.line + statement.sql.split("\n").length - 1;
    const label = isFirst ? "-- trace:" : `-- trace of line ${statement.line}:`;
    const said = annotate(statement, source.live).map((line) => paint(`${label} ${line}`));
    comments.set(place, [...comments.get(place) ?? [], ...said]);
  }
  return lines.flatMap((line, index) => [...comments.get(index) ?? [], line]);
}

/** One line for each object for which more than schema changes have to wait. */
function annotate(statement: StatementTrace, live: Live): string[] {
  const strong = shownLocks(statement).filter(({ blocks }) => blocks.length > 1);
  const held = [
    ...describeRowLocks(statement),
    ...statement.locks.flatMap((lock) => describeHolders(lock, live)).map((line) => `now held: ${line}`),
  ];
  if (strong.length === 0) return [describeQuiet(statement), ...held];
  const told = strong.map((lock) => {
    const size = describeSize(lock.object, live);
    return `${oneLine(lock.object)}${size === "" ? "" : ` (${size})`}: ${lock.mode}, blocks ${
      describeBlocked(lock.blocks)
    }, ${describeLength(lock, statement)}`;
  });
  return [...told, ...held];
}

function describeQuiet(statement: StatementTrace): string {
  return statement.locks.length > 0 ? "only schema changes have to wait" : describeNothing(statement);
}
