/**
 * Counts what goes over the wire, in a run of its own, which is not timed.
 *
 * @module
 */

import { startDelayProxy } from "./delay_proxy.ts";
import type { WireCount } from "./results.ts";
import type { Stage } from "./stage.ts";
import type { Member } from "./team.ts";

/** How many migrations, and how far away the server is while it counts: what is sent in a row stays in a row. */
const COUNTED = { migrations: 100, delayMs: 5 } as const;

/** A session's numbers are in the statistics once it has ended, or a moment later. */
const SETTLE_MS = 700;

/**
 * Counts round trips and commits while a contender applies 100 migrations.
 *
 * @param stage Where.
 * @param member Who.
 * @returns The count.
 */
export async function countWire(stage: Stage, member: Member): Promise<WireCount> {
  const proxy = startDelayProxy(stage.server.port, COUNTED.delayMs);
  const commits = { before: 0, after: 0 };
  try {
    const { failed } = await stage.run({
      member,
      action: "up",
      count: COUNTED.migrations,
      commit: "wait",
      measures: "time",
      databases: 1,
      proxyPort: proxy.port,
      onEdge: async (edge, database) => {
        await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
        commits[edge] = await stage.server.countCommits(database);
      },
    });
    return {
      contender: member.contender.name,
      migrations: COUNTED.migrations,
      ...proxy.traffic,
      commits: commits.after - commits.before,
      ...(failed === undefined ? {} : { failed }),
    };
  } finally {
    await proxy.close();
  }
}
