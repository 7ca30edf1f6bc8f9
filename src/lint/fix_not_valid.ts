/**
 * Adds a constraint without a proof, and leaves the proof to a file of its own.
 *
 * @module
 */

import { Lexer } from "../core/lexer.ts";
import { quoteName, quoteParts } from "../core/quote_name.ts";
import type { LintFile } from "./lint_file.ts";
import type { LintStatement } from "./lint_statement.ts";
import type { LintFix, Mending } from "./rule.ts";
import { partsOf } from "./created_objects.ts";
import { OLDEST_SERVER } from "./server_version.ts";
import type { AddedConstraint } from "./table_parts.ts";

/** The first release that takes a foreign key of a partitioned table NOT VALID. */
const PARTITIONED_KEYS = 18;

/**
 * Tells whether the oldest server refuses NOT VALID for a constraint.
 *
 * @param file The file that adds it.
 * @param added The constraint.
 * @returns Whether it does.
 */
export function refusesNotValid(
  { catalog, server = OLDEST_SERVER }: LintFile,
  { table, constraint: { contype } }: AddedConstraint,
): boolean {
  return contype === "CONSTR_FOREIGN" && server.major < PARTITIONED_KEYS && catalog.table(table)?.partitioned === true;
}

/**
 * Makes the rewrite.
 *
 * @param file The file.
 * @param statement The `ALTER TABLE`.
 * @param added The constraint that it adds.
 * @returns The rewrite; the reason for a constraint without a name, which VALIDATE could not name, for that of a column, and
 * in a rollback: what VALIDATEs that belongs into another rollback.
 */
export function fixNotValid(
  file: LintFile,
  statement: LintStatement,
  added: AddedConstraint,
): Mending {
  const { table, constraint: { conname, location }, column } = added;
  if (column !== undefined) return { unfixed: "the constraint of a column cannot be NOT VALID" };
  if (statement.section === "rollback") return { unfixed: "what VALIDATEs it belongs into another rollback" };
  if (refusesNotValid(file, added)) {
    return {
      unfixed: `PostgreSQL before ${PARTITIONED_KEYS} refuses NOT VALID for a foreign key of a partitioned table`,
    };
  }
  if (conname === undefined || location === undefined) return { unfixed: "it has no name to VALIDATE it by" };
  const from = statement.at(location);
  const end = from + definitionLength(statement.sql.slice(from - statement.start));
  const name = quoteParts(partsOf(table));
  const definition = statement.sql.slice(from - statement.start, end - statement.start);
  const isLower = /^[^A-Z]*$/.test(definition.slice(0, 10));
  const fix: LintFix = {
    edits: [{ start: end, end, text: isLower ? " not valid" : " NOT VALID" }],
    followUp: {
      slug: `validate_${conname}`,
      sql: `ALTER TABLE ${name} VALIDATE CONSTRAINT ${quoteName(conname)};`,
      undo: `ALTER TABLE ${name} DROP CONSTRAINT ${quoteName(conname)}, ADD ${definition} NOT VALID;`,
    },
  };
  return { fix };
}

/** A definition goes on to the comma that begins the next command, or to the end. */
function definitionLength(sql: string): number {
  const lexer = new Lexer(sql);
  let depth = 0;
  let end = 0;
  for (let token = lexer.next(); token !== undefined; token = lexer.next()) {
    if (token.kind === "comment" || token.kind === "block") continue;
    const text = token.kind === "symbol" ? sql.slice(token.start, token.end) : "";
    if (text === "(") depth++;
    if (text === ")") depth--;
    if (text === "," && depth === 0) return end;
    end = token.end;
  }
  return end;
}
