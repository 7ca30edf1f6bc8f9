/**
 * What a block of code puts together and runs.
 *
 * @module
 */

import { TokenCursor } from "../core/token_cursor.ts";

/** Statements that change no rows, or none that the schemas before and after do not tell of. */
const NO_ROWS =
  /^(?:alter|analyze|cluster|comment|create|drop|grant|listen|lock|notify|reassign|refresh|reindex|reset|revoke|select|set)$/;

/** Reads what runs behind the word `EXECUTE`: nothing if that changes no rows, `undefined` if it cannot be known before. */
export function executedSql(cursor: TokenCursor): string | undefined {
  // A privilege, or what a trigger calls.
  if (/^(?:on|function|procedure)$/.test(cursor.word ?? "")) return "";
  cursor.acceptSymbol("(");
  const isMade = cursor.accept("format") && cursor.acceptSymbol("(");
  const sql = cursor.literal();
  if (sql === undefined) return undefined;
  const isWhole = !isMade && /^(?:;|using|into)?$/i.test(cursor.text);
  if (isWhole) return sql;
  return NO_ROWS.test(new TokenCursor(sql).word ?? "") ? "" : undefined;
}
