/**
 * Units that may have committed a part of their work before they failed: to run one again may do that part twice.
 *
 * @module
 */

import type { Unit } from "../core/unit.ts";
import type { Session } from "./session.ts";

/** In a body of PL/pgSQL, and in `plpy.commit()` and its kin; not in `ON COMMIT DROP`. */
const COMMITS = /(?<!\bon\s+)commit/i;

const CALLS = /\bcall\b/i;

/** Only the text of PL/pgSQL shows it; procedures in SQL cannot commit. */
const COMMITTING_PROCEDURE = `SELECT EXISTS (
    SELECT FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_language l ON l.oid = p.prolang
    WHERE p.prokind = 'p' AND p.pronamespace <> 'pg_catalog'::pg_catalog.regnamespace AND l.lanname <> 'sql'
      AND (l.lanname <> 'plpgsql' OR p.prosrc ~* 'commit')
  )::pg_catalog.text AS value`;

/**
 * Tells whether a unit that failed may have committed before. Runs even after an abort.
 *
 * @param session The session that sent it.
 * @param unit The unit.
 * @returns Whether it may have: a `DO` with a `COMMIT` in it, or a `CALL` where a procedure is that commits.
 */
export async function mayHaveCommitted(session: Session, { alone, section }: Unit): Promise<boolean> {
  if (alone?.type !== "do" && alone?.type !== "call") return false;
  if (alone.type === "do" && COMMITS.test(section.sql)) return true;
  if (!CALLS.test(section.sql)) return false;
  // A session that does not answer says nothing of the unit either.
  const rows = await session.finish(COMMITTING_PROCEDURE).catch(() => undefined);
  return rows === undefined || rows[0]?.value === "true";
}
