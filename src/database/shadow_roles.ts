/**
 * Which roles of a server a rehearsal made: they are no part of its database, and nothing in the catalog says whose they are.
 *
 * @module
 */

import type { Connection } from "../core/database.ts";
import { quoteIdentifier } from "../core/quote.ts";

/** Every role. */
export const ROLES_SQL = "SELECT r.rolname AS name FROM pg_catalog.pg_roles r ORDER BY r.oid";

/**
 * Finds a table of this tool in a rehearsal's database, whatever it is called.
 *
 * @param connection A session of that database.
 * @param kind Which: the log has an entry of every transaction of a run.
 * @returns Its name as SQL; `undefined` if it is not there.
 */
export async function findOwnTable(connection: Connection, kind: "layout" | "log"): Promise<string | undefined> {
  const [table] = await connection.query(
    `SELECT c.oid::pg_catalog.regclass::pg_catalog.text AS name FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_description m ON m.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass AND m.objoid = c.oid
WHERE c.relkind = 'r' AND m.objsubid = 0 AND m.description LIKE '@metapg/migration ${kind}%'`,
  );
  return table === undefined ? undefined : String(table.name);
}

/** Where a role's transaction is to be seen: in the role itself by a superuser only, else in what its maker has of it. */
const MAKERS = [
  "SELECT r.rolname AS name, r.xmin FROM pg_catalog.pg_authid r",
  `SELECT r.rolname AS name, m.xmin FROM pg_catalog.pg_roles r JOIN pg_catalog.pg_auth_members m ON m.roleid = r.oid
  WHERE m.grantor = 10 AND m.member <> 10`,
] as const;

/**
 * Finds roles that were made by a transaction that is in the log of a rehearsal.
 *
 * @param connection A session of the rehearsal's database.
 * @returns Their names; those that were made in a subtransaction are not among them.
 */
export async function findLoggedRoles(connection: Connection): Promise<readonly string[]> {
  const log = await findOwnTable(connection, "log");
  const names: string[] = [];
  for (const maker of log === undefined ? [] : MAKERS) {
    const rows = await connection.query(
      `SELECT r.name FROM (${maker}) AS r WHERE r.xmin::pg_catalog.text IN (SELECT l.xmin::pg_catalog.text FROM ${log} l)`,
    ).catch(() => []);
    names.push(...rows.map(({ name }) => String(name)));
  }
  return names;
}

/**
 * Drops roles. One that another database needs stays: another rehearsal may use it by now, and then it is that one's.
 *
 * @param connection A session.
 * @param roles The roles. One that gave a membership can only be dropped after who got it.
 */
export async function dropRoles(connection: Connection, roles: Iterable<string>): Promise<void> {
  let left = [...roles];
  for (let before = Infinity; left.length > 0 && left.length < before;) {
    before = left.length;
    const refused: string[] = [];
    for (const role of left) {
      await connection.query(`DROP ROLE IF EXISTS ${quoteIdentifier(role)}`).catch(() => refused.push(role));
    }
    left = refused;
  }
}
