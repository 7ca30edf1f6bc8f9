/**
 * Measures a workload: contenders take turns, round by round, so that what slows the machine for a while slows all alike.
 *
 * @module
 */

import { type DelayProxy, startDelayProxy } from "./delay_proxy.ts";
import type { Measurement } from "./results.ts";
import { canDo, type RunRequest, type Stage } from "./stage.ts";
import type { Member } from "./team.ts";
import type { TimedOutcome } from "./timed_process.ts";
import { type Condition, roundsOf, type Variant, type Workload } from "./workload.ts";

/** How to measure. */
export interface MeasureOptions {
  /** Rounds, instead of the workload's own number. */
  readonly rounds?: number;
  /** A contender that took longer in all runs no more rounds. */
  readonly budgetMs: number;
  /** Receives a line on each run. */
  readonly say: (line: string) => void;
}

/** What contenders take turns at. */
export interface Cell {
  readonly workload: Workload;
  readonly variant: Variant;
  readonly condition: Condition;
}

interface Row {
  readonly member: Member;
  readonly values: (number | null)[];
  spentMs: number;
  failed?: string;
}

/**
 * Measures one variant of a workload under one condition.
 *
 * @param stage Where.
 * @param members Who could take part.
 * @param cell What.
 * @param options How.
 * @returns A measurement for each contender that can do it.
 */
export async function measureCell(
  stage: Stage,
  members: readonly Member[],
  cell: Cell,
  { rounds, budgetMs, say }: MeasureOptions,
): Promise<readonly Measurement[]> {
  const { workload, variant, condition } = cell;
  const rows = members.filter((member) => takesPart(member, cell)).map((member): Row => ({
    member,
    values: [],
    spentMs: 0,
  }));
  const proxy = variant.delayMs === undefined ? undefined : startDelayProxy(stage.server.port, variant.delayMs);
  try {
    for (let round = 0; round < (rounds ?? roundsOf(workload, variant, condition)); round++) {
      for (const row of rows) {
        if (row.failed !== undefined || row.spentMs > budgetMs) row.values.push(null);
        else await takeTurn(stage, row, cell, proxy);
        const value = row.values.at(-1);
        say(
          `${labelOf(cell)} round ${round + 1} ${row.member.contender.name}: ${value?.toFixed(1) ?? row.failed ?? "-"}`,
        );
      }
    }
  } finally {
    await proxy?.close();
  }
  return rows.map(({ member, values, failed }) => ({
    workload: workload.id,
    variant: variant.name,
    ...condition,
    contender: member.contender.name,
    unit: workload.measures === "time" ? "ms" : "MB",
    values,
    ...(failed === undefined ? {} : { failed }),
  }));
}

function takesPart(member: Member, { workload, variant }: Cell): boolean {
  const isWanted = variant.kinds?.includes(member.contender.kind) ?? true;
  return isWanted && canDo(member, workload.action, variant.count);
}

/** Up to so many migrations a contender does everything twice, and the second time counts. */
const MOST_WARMED = 1_000;

/**
 * Whether the clock starts only after a run that does the same: a machine may put out to disk what was idle while the
 * others had their turns, and a program of 100 MB then begins by being read.
 */
function isWarmed({ workload, variant }: Cell): boolean {
  return workload.measures === "time" && variant.delayMs === undefined && variant.count <= MOST_WARMED;
}

async function takeTurn(stage: Stage, row: Row, cell: Cell, proxy: DelayProxy | undefined): Promise<void> {
  const { workload, variant, condition } = cell;
  const request: RunRequest = {
    member: row.member,
    action: workload.action,
    count: variant.count,
    commit: condition.commit,
    measures: workload.measures,
    databases: workload.databases,
    ...(proxy === undefined ? {} : { proxyPort: proxy.port }),
  };
  const first = await attempt(stage, request);
  const outcome = first.failed === undefined && isWarmed(cell) ? await attempt(stage, request) : first;
  row.spentMs += outcome.ms;
  const value = workload.measures === "time" ? outcome.ms : outcome.peakMb;
  const failed = outcome.failed ?? (value === undefined ? "it ended before its memory was seen" : undefined);
  row.values.push(failed === undefined ? value! : null);
  if (failed !== undefined) row.failed = failed;
}

/** Runs a contender; what cannot be made ready for it has failed, too. */
async function attempt(stage: Stage, request: RunRequest): Promise<TimedOutcome> {
  try {
    return await stage.run(request);
  } catch (error) {
    return { ms: 0, failed: error instanceof Error ? error.message : String(error) };
  }
}

/** What is measured, in a few words. */
export function labelOf({ workload, variant, condition }: Cell): string {
  const { storage, commit } = condition;
  return [workload.id, variant.name, storage, commit === "async" ? "async" : ""].filter(Boolean).join(" ");
}
