/**
 * Sessions that stand in the way.
 *
 * @module
 */

/** A session that holds a lock that a run waits for. */
export interface LockHolder {
  /** Backend pid. */
  readonly pid: number;
  /** Database user. */
  readonly user: string | null;
  /** `application_name` of the session. */
  readonly application: string | null;
  /** Address of its client; `null` for a local socket or where the role may not see it. */
  readonly host: string | null;
  /** When the session began, ISO 8601. */
  readonly since: string | null;
  /** What it runs or last ran, secrets masked; `null` where the role may not see it. */
  readonly query: string | null;
}

/**
 * Puts a session into words, as people need them to find it.
 *
 * @param holder The session.
 * @returns `pid 7 (user bob, application psql, host 10.0.0.1, since …)`, without what is not known.
 */
export function describeHolder(holder: LockHolder): string {
  const parts = [
    holder.user === null ? "" : `user ${holder.user}`,
    holder.application === null || holder.application === "" ? "" : `application ${holder.application}`,
    holder.host === null ? "" : `host ${holder.host}`,
    holder.since === null ? "" : `since ${holder.since}`,
  ].filter((part) => part !== "");
  return `pid ${holder.pid}${parts.length === 0 ? "" : ` (${parts.join(", ")})`}`;
}
