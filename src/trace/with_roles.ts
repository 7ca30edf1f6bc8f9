/**
 * Makes the roles that migrations name and that nobody made.
 *
 * @module
 */

import { DatabaseError } from "../core/database_error.ts";
import type { Shadow } from "../core/shadow.ts";
import { missingRole } from "../rehearsal/missing_role.ts";
import type { Session } from "../runner/session.ts";

/**
 * Does some work, again and again as long as a role is missing that can be made.
 *
 * @param session Where to make it.
 * @param roleSql Writes what makes it.
 * @param work The work; nothing of it is left where it fails.
 * @returns What the work returns.
 */
export async function withRoles<T>(
  session: Session,
  roleSql: Shadow["roleSql"],
  work: () => Promise<T>,
): Promise<T> {
  const made = new Set<string>();
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const role = missingRole(error);
      if (role === undefined || made.has(role)) throw error;
      made.add(role);
      await makeRole(session, roleSql(role), error);
    }
  }
}

/** If it cannot be made, what was missing is the better answer. */
async function makeRole(session: Session, sql: string, missing: unknown): Promise<void> {
  try {
    await session.query(sql);
  } catch (error) {
    throw error instanceof DatabaseError ? missing : error;
  }
}
