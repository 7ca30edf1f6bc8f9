/**
 * Sessions that stand in the way, as people need to see them.
 *
 * @module
 */

import type { Row } from "../core/database.ts";
import type { LockHolder } from "../core/lock_holder.ts";
import { maskSecrets } from "../core/mask.ts";

/**
 * Reads sessions of the server.
 *
 * @param session What to ask over.
 * @param condition Which ones, over `pg_stat_activity` as `a`.
 * @returns Them, by pid.
 */
export async function readHolders(
  session: { query(sql: string): Promise<readonly Row[]> },
  condition: string,
): Promise<LockHolder[]> {
  const rows = await session.query(`SELECT pg_catalog.json_build_object(
  'pid', a.pid, 'user', a.usename, 'application', a.application_name, 'host', pg_catalog.host(a.client_addr),
  'since', pg_catalog.to_char(a.backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'query', a.query
)::pg_catalog.text AS value
FROM pg_catalog.pg_stat_activity a WHERE ${condition} ORDER BY a.pid`);
  return rows.map((row) => {
    const holder = JSON.parse(String(row.value)) as LockHolder;
    return holder.query === null ? holder : { ...holder, query: maskSecrets(holder.query) };
  });
}
