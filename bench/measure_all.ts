/**
 * A whole run: every server, every workload, every contender.
 *
 * @module
 */

import { type BenchServer, startBenchServer } from "./bench_server.ts";
import { thisMachine } from "./machine.ts";
import { type Cell, labelOf, measureCell } from "./measure.ts";
import type { BenchOptions } from "./options.ts";
import { canWatchMemory } from "./peak_memory.ts";
import type { CommitMode, Machine, Measurement, Results, Storage, WireCount } from "./results.ts";
import { measureRoundTrip } from "./round_trip.ts";
import { canDo, Stage } from "./stage.ts";
import { participantOf, type Team } from "./team.ts";
import { countWire } from "./wire_count.ts";
import type { Condition, Workload } from "./workload.ts";

/** What a run is given beside its options. */
export interface RunContext {
  readonly team: Team;
  readonly workloads: readonly Workload[];
  /** What was typed. */
  readonly command: string;
  /** Receives a line on each step. */
  readonly say: (line: string) => void;
  /** Receives what there is after each table, so that a run that is ended has not been for nothing. */
  readonly save: (results: Results) => Promise<void>;
}

/**
 * Measures.
 *
 * @param options What.
 * @param context By whom, and where to.
 * @returns Everything that was found.
 */
export async function measureAll(options: BenchOptions, context: RunContext): Promise<Results> {
  const servers = await startServers(options, context.say);
  const run = new Run(options, context, servers);
  try {
    for (const server of servers) await run.measure(server);
    return run.results;
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
}

async function startServers({ servers, postgres }: BenchOptions, say: RunContext["say"]): Promise<BenchServer[]> {
  const started: BenchServer[] = [];
  for (const storage of servers) {
    try {
      started.push(await startBenchServer(storage, postgres));
    } catch (error) {
      if (storage === servers.at(-1) && started.length === 0) throw error;
      say(`No server with its data on "${storage}": ${error instanceof Error ? error.message : error}`);
    }
  }
  return started;
}

/** The conditions of a workload that there are servers for; one that asks for memory alone takes the disk without it. */
export function conditionsOf(
  { conditions }: Workload,
  storages: readonly Storage[],
  modes: readonly CommitMode[],
): readonly Condition[] {
  const possible = conditions.filter(({ storage, commit }) => storages.includes(storage) && modes.includes(commit));
  const [storage, commit] = [storages[0], modes[0]];
  return possible.length > 0 || storage === undefined || commit === undefined ? possible : [{ storage, commit }];
}

class Run {
  readonly #options: BenchOptions;
  readonly #context: RunContext;
  readonly #servers: readonly BenchServer[];
  readonly #measurements: Measurement[] = [];
  readonly #wire: WireCount[] = [];
  readonly #roundTripMs: Record<string, number> = {};

  constructor(options: BenchOptions, context: RunContext, servers: readonly BenchServer[]) {
    this.#options = options;
    this.#context = context;
    this.#servers = servers;
  }

  get results(): Results {
    const { team, command } = this.#context;
    const storage = Object.fromEntries(this.#servers.map((server) => [server.storage, server.fileSystem]));
    const machine: Machine = {
      ...thisMachine(),
      postgres: this.#servers[0]?.version ?? "",
      storage,
      roundTripMs: { ...this.#roundTripMs },
    };
    return {
      format: 1,
      at: new Date().toISOString(),
      commands: [command],
      machine,
      participants: team.members.map(participantOf),
      absent: team.absent,
      measurements: [...this.#measurements],
      wire: [...this.#wire],
    };
  }

  async measure(server: BenchServer): Promise<void> {
    const stage = new Stage(server, this.#options.timeoutMs);
    for (const cell of this.#cells(server.storage)) {
      await this.#measureCell(stage, cell);
      await this.#context.save(this.results);
    }
    await stage.clear();
    if (server === this.#servers[0] && this.#wants("wire")) await this.#countWire(stage);
    await this.#context.save(this.results);
  }

  #cells(here: Storage): readonly Cell[] {
    const { modes } = this.#options;
    const storages = this.#servers.map(({ storage }) => storage);
    return this.#context.workloads.filter(({ id }) => this.#wants(id)).flatMap((workload) =>
      conditionsOf(workload, storages, modes).filter(({ storage }) => storage === here).flatMap((condition) =>
        workload.variants.map((variant) => ({ workload, variant, condition }))
      )
    );
  }

  async #measureCell(stage: Stage, cell: Cell): Promise<void> {
    const { say, team } = this.#context;
    const { rounds, budgetMs } = this.#options;
    const { workload, variant } = cell;
    if (workload.measures === "memory" && !canWatchMemory()) return say(`${labelOf(cell)}: this system has no /proc`);
    if (variant.delayMs !== undefined) {
      this.#roundTripMs[variant.name] = await measureRoundTrip(variant.delayMs);
    }
    const found = await measureCell(stage, team.members, cell, {
      ...(rounds === undefined ? {} : { rounds }),
      budgetMs,
      say,
    });
    this.#measurements.push(...found);
  }

  async #countWire(stage: Stage): Promise<void> {
    for (const member of this.#context.team.members) {
      if (!canDo(member, "up", 1)) continue;
      const count = await countWire(stage, member);
      this.#wire.push(count);
      this.#context.say(
        `wire ${count.contender}: ${count.failed ?? `${count.roundTrips} round trips, ${count.commits} commits`}`,
      );
    }
  }

  #wants(name: string): boolean {
    return this.#options.only?.includes(name) ?? true;
  }
}
