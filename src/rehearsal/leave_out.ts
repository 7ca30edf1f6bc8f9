/**
 * Applied migrations that are run again where others are.
 *
 * @module
 */

import { Migration } from "../core/migration.ts";
import type { Problem } from "../core/problem.ts";
import { positionAt } from "../core/position.ts";
import type { Emit } from "../runner/emit.ts";
import type { Obstacles } from "./obstacles.ts";
import type { ServerWide } from "./server_wide.ts";
import type { Act } from "./stage.ts";

/** What is run of applied migrations. */
export interface LocalReplay {
  /** The migrations without what would change a server for others. What they are called and where they stand is the same. */
  readonly acts: readonly Act[];
  /** What was left out. */
  readonly leftOut: readonly ServerWide[];
}

/**
 * Leaves out of applied migrations what concerns more than their database: a role that is there already is as it is, and what
 * comes after needs no more than that it is there.
 *
 * @param acts The migrations.
 * @param obstacles Knows what concerns more.
 * @param emit Is told of each.
 * @returns What is run.
 */
export function leaveOutServerWide(
  acts: readonly Act[],
  obstacles: Obstacles,
  emit: Emit,
): LocalReplay {
  const leftOut: ServerWide[] = [];
  const left = acts.map((act): Act => {
    const { migration } = act;
    const idle = obstacles.serverWide(migration.up).filter(({ weight }) => weight === "idle");
    if (idle.length === 0) return act;
    leftOut.push(...idle);
    for (const { title, start } of idle) emit({ type: "warning", problem: warning(migration, title, start) });
    const { up } = migration;
    const sql = idle.reduce((sql, { start, end }) => blank(sql, start - up.start, end - up.start), up.sql);
    return { ...act, migration: new Migration({ ...migration, up: { ...up, sql } }) };
  });
  return { acts: left, leftOut };
}

/** What stands behind it keeps its place. */
function blank(sql: string, start: number, end: number): string {
  return sql.slice(0, start) + sql.slice(start, end).replace(/[^\n]/g, " ") + sql.slice(end);
}

function warning({ path, name, text }: Migration, title: string, start: number): Problem {
  return {
    code: "server",
    severity: "warning",
    message: `Left out, for it would change the server for others, too: ${title}`,
    path,
    name,
    ...positionAt(text, start),
  };
}
