/**
 * Units that may have committed a part of their work before they failed: to run one again may do that part twice.
 *
 * @module
 */

import { DatabaseError } from "../core/database_error.ts";
import type { Unit } from "../core/unit.ts";
import type { Session } from "./session.ts";

/** In PL/pgSQL, and as `plpy.commit()` and `spi_commit()`; not in `ON COMMIT DROP`. */
const COMMITS = /(?<!\bon\s+)(?:\b|spi_)commit\b/i;

const CALLS = /\bcall\b/i;

/** Procedures in SQL cannot commit; what those in other languages than PL/pgSQL do their text need not say. */
const COMMITTING_PROCEDURE = `SELECT EXISTS (
    SELECT FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_language l ON l.oid = p.prolang
    WHERE p.prokind = 'p' AND p.pronamespace <> 'pg_catalog'::pg_catalog.regnamespace AND l.lanname <> 'sql'
      AND (l.lanname <> 'plpgsql' OR p.prosrc ~* E'(?<!\\\\mon\\\\s+)\\\\mcommit\\\\M')
  )::pg_catalog.text AS value`;

/**
 * Tells whether a unit that was sent and failed may have committed before. Runs even after an abort.
 *
 * @param session The session that sent it.
 * @param unit The unit.
 * @param error How it failed.
 * @returns Whether it may have: a `DO` with a `COMMIT` in it, or a `CALL` where a procedure is that may commit.
 */
export async function mayHaveCommitted(
  session: Pick<Session, "finish">,
  { alone, section }: Unit,
  error: unknown,
): Promise<boolean> {
  if ((alone?.type !== "do" && alone?.type !== "call") || isBeforeBody(error)) return false;
  if (alone.type === "do" && COMMITS.test(section.sql)) return true;
  if (!CALLS.test(section.sql)) return false;
  // A session that does not answer says nothing of the unit either.
  const rows = await session.finish(COMMITTING_PROCEDURE).catch(() => undefined);
  return rows === undefined || rows[0]?.value === "true";
}

/** What is wrong with a name, a right or the syntax has no context before a body runs, or that of its compilation alone. */
function isBeforeBody(error: unknown): boolean {
  if (!(error instanceof DatabaseError) || error.fields.sqlstate?.startsWith("42") !== true) return false;
  const { where } = error.fields;
  return where === undefined || /^compilation of PL\/pgSQL function .*$/.test(where);
}
