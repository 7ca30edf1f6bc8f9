/**
 * A statement as rules see it.
 *
 * @module
 */

import { splitStatements, type Statement } from "../core/statements.ts";
import type { Section } from "../core/section.ts";
import type { Grammar, Parsed } from "./grammar.ts";
import type { Node } from "./tree.ts";

/** A statement with its tree. */
export interface LintStatement {
  /** Its SQL, from its first token to its last. */
  readonly sql: string;
  /** Where it begins in the text of the file. */
  readonly start: number;
  /** Where it ends. */
  readonly end: number;
  /** The section that it is in. */
  readonly section: "up" | "rollback";
  /** What the grammar makes of it. */
  readonly parsed: Parsed;
  /** Its tree; one of no kind if there is none. */
  readonly node: Node;
  /**
   * Finds the place of a node.
   *
   * @param location What the tree says, in bytes from the beginning of the statement.
   * @returns The offset in the text of the file; the beginning of the statement for no location.
   */
  at(location: number | undefined): number;
}

/** What stands in for the tree of a statement that has none: it is of no kind that a rule looks for. */
const NOTHING = {} as Node;

/**
 * Parses the statements of a section.
 *
 * @param section The section; none has none.
 * @param kind Which it is.
 * @param grammar Parses them.
 * @returns They, in order.
 */
export function readStatements(
  section: Section | undefined,
  kind: LintStatement["section"],
  grammar: Grammar,
): readonly LintStatement[] {
  if (section === undefined) return [];
  return splitStatements(section).map((statement) => readStatement(statement, kind, grammar));
}

function readStatement({ sql, start, end }: Statement, section: LintStatement["section"], grammar: Grammar) {
  const parsed = grammar.parse(sql);
  const node = parsed.type === "tree" ? parsed.node : NOTHING;
  return {
    sql,
    start,
    end,
    section,
    parsed,
    node,
    at: (location: number | undefined) => start + offsetOfByte(sql, location ?? 0),
  };
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Trees count bytes of UTF-8. */
function offsetOfByte(sql: string, location: number): number {
  if (location <= 0) return 0;
  // Before the first character beyond ASCII both count alike.
  const foreign = sql.search(/[^\0-\x7f]/);
  if (foreign === -1 || location <= foreign) return location;
  return decoder.decode(encoder.encode(sql).subarray(0, location)).length;
}
