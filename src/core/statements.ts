/**
 * The statements of a section.
 *
 * @module
 */

import type { AloneStatement } from "./alone_statement.ts";
import { CopyData } from "./copy.ts";
import type { Section } from "./section.ts";
import { classifyStatement, type StatementKind } from "./statement_kind.ts";
import { scanStatements, type Span } from "./statement_scanner.ts";

/** A statement of a migration. */
export interface Statement {
  /** Its SQL from its first token to its last: without its `;` and without the comments around it. */
  readonly sql: string;
  /** Offset of its first token in the text of the file, in UTF-16 units. */
  readonly start: number;
  /** Offset after its last token. */
  readonly end: number;
  /** What it is to transactions. */
  readonly kind: StatementKind;
  /** What is known of it, if `kind` is `alone`. */
  readonly alone: AloneStatement | undefined;
}

/**
 * Cuts a section into its statements. SQL that is not whole is taken as one statement.
 *
 * @param section The section.
 * @returns Its statements in order; empty ones are left out.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { splitStatements } from "@metapg/migration/core";
 *
 * const statements = splitStatements({ sql: "SELECT ';'; -- one\nVACUUM users;", start: 0 });
 * assertEquals(statements.map(({ sql, kind }) => [sql, kind]), [["SELECT ';'", "plain"], ["VACUUM users", "alone"]]);
 * ```
 */
export function splitStatements(section: Section): Statement[] {
  const { sql, start: origin } = section;
  const statements: Statement[] = [];
  const data = new CopyData(sql);
  scanStatements(sql, 0, sql.length, {
    onStatement(span, next) {
      const statement = statementAt(sql, span, origin);
      statements.push(statement);
      return data.endBehind(statement.sql, next);
    },
  });
  return statements;
}

/**
 * Makes a statement of a place.
 *
 * @param text The text that holds it.
 * @param span Where it stands in the text.
 * @param origin Where the text begins in that of the file.
 * @returns The statement.
 */
export function statementAt(text: string, { start, end }: Span, origin: number = 0): Statement {
  return {
    sql: text.slice(start, end),
    start: origin + start,
    end: origin + end,
    ...classifyStatement(text, start, end),
  };
}
