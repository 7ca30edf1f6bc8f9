/**
 * Sessions that stand in the way.
 *
 * @module
 */

/** A session that holds a lock that a run waits for. */
export interface LockHolder {
  /** Backend pid; `null` for a lease, which is of no one session. */
  readonly pid: number | null;
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
  /** The lease, for a run behind a pooler. */
  readonly lease?: LeaseTerm;
}

/** How long a run has the lock without a session of its own. */
export interface LeaseTerm {
  /** Its number, which grows whenever the lease is taken. */
  readonly fence: number;
  /** When it was last renewed, ISO 8601. */
  readonly heartbeatAt: string;
  /** When others may take it unless it is renewed, ISO 8601. */
  readonly expiresAt: string;
}

/** How much of a query is shown, in code points. */
const QUERY_LENGTH = 60;

/**
 * Puts a session into words, as people need them to find it.
 *
 * @param holder The session.
 * @returns `pid 7 (user bob, application psql, host 10.0.0.1, since …, query …)` on one line, without what is not known.
 */
export function describeHolder(holder: LockHolder): string {
  const parts = [
    holder.user === null ? "" : `user ${holder.user}`,
    holder.application === null || holder.application === "" ? "" : `application ${holder.application}`,
    holder.host === null ? "" : `host ${holder.host}`,
    holder.since === null ? "" : `since ${holder.since}`,
    holder.lease === undefined ? "" : `until ${holder.lease.expiresAt}`,
    holder.query === null || holder.query === "" ? "" : `query ${shorten(holder.query)}`,
  ].filter((part) => part !== "");
  return `${holder.pid === null ? "a run behind a pooler" : `pid ${holder.pid}`}${
    parts.length === 0 ? "" : ` (${parts.join(", ")})`
  }`;
}

function shorten(query: string): string {
  const points = [...query.replace(/\s+/g, " ").trim()];
  return points.length <= QUERY_LENGTH ? points.join("") : `${points.slice(0, QUERY_LENGTH - 1).join("")}…`;
}
