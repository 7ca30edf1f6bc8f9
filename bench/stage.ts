/**
 * What a contender needs around it to run: its project, a database in the right state, and a look at what it left there.
 *
 * @module
 */

import type { BenchDatabase, BenchServer } from "./bench_server.ts";
import type { Action, Command } from "./contender.ts";
import { databaseNames, manyDatabasesOf, type ProjectRequest, Projects } from "./projects.ts";
import type { CommitMode } from "./results.ts";
import type { Member } from "./team.ts";
import { runTimed, type TimedOutcome } from "./timed_process.ts";

/** How a contender is run. */
export interface RunRequest extends ProjectRequest {
  readonly action: Action;
  readonly commit: CommitMode;
  readonly measures: "time" | "memory";
  /** Port of a proxy that stands before the server. */
  readonly proxyPort?: number;
  /** Asked right before and right after a run on a database of its own. */
  readonly onEdge?: (edge: "before" | "after", database: BenchDatabase) => Promise<void>;
}

/** What a database of a run's own is like. */
interface Fresh {
  /** What it is a copy of. */
  readonly from?: BenchDatabase;
  /** How many tables must be there after the run. */
  readonly tables: number;
}

/** What makes sure that a commit does or does not wait, for every tool that reads what libpq reads. */
const ENVIRONMENT: Readonly<Record<CommitMode, Readonly<Record<string, string>>>> = {
  wait: {},
  async: { PGOPTIONS: "-c synchronous_commit=off" },
};

/** Whether a contender can do something at all. */
export function canDo({ prepared }: Member, action: Action, count: number): boolean {
  return prepared.command(action, { folder: "", url: "", count }) !== undefined;
}

/** Runs contenders on one server. */
export class Stage {
  /** The server. */
  readonly server: BenchServer;
  readonly #timeoutMs: number;
  readonly #projects = new Projects();
  /** Databases in which everything is applied, by contender, number of migrations and mode. */
  readonly #applied = new Map<string, BenchDatabase>();
  #number = 0;

  /**
   * Sets up nothing yet.
   *
   * @param server The server.
   * @param timeoutMs Ends processes that take longer.
   */
  constructor(server: BenchServer, timeoutMs: number) {
    this.server = server;
    this.#timeoutMs = timeoutMs;
  }

  /**
   * Runs a contender once. Whatever is needed before is done before the clock starts.
   *
   * @param request What is run.
   * @returns What came of it; it has failed if the tables are not as they must be, whatever the process says.
   * @throws If what is needed before cannot be had.
   */
  async run(request: RunRequest): Promise<TimedOutcome> {
    const { member, action, count, databases } = request;
    const folder = await this.#projects.folder(request);
    if (action === "version") return await this.#execute(request, folder, "");
    if (databases > 1) return await this.#runMany(request, folder);
    if (action === "up") return await this.#runFresh(request, folder, { tables: count });
    if (!canDo(member, "up", count)) return await this.#runFresh(request, folder, { tables: 0 });
    const applied = await this.#appliedDatabase(request, folder);
    if (action === "rollback") return await this.#runFresh(request, folder, { from: applied, tables: 0 });
    return await this.#verify(await this.#execute(request, folder, applied.url), applied, count);
  }

  /** Drops the databases that were kept. */
  async clear(): Promise<void> {
    for (const database of this.#applied.values()) await this.server.drop(database);
    this.#applied.clear();
  }

  /** In a database of its own, which is dropped. */
  async #runFresh(request: RunRequest, folder: string, { from, tables }: Fresh): Promise<TimedOutcome> {
    const database = await this.#create(request, from);
    const { proxyPort, onEdge } = request;
    const { port } = this.server;
    const url = proxyPort === undefined ? database.url : database.url.replace(`:${port}/`, `:${proxyPort}/`);
    try {
      await onEdge?.("before", database);
      const outcome = await this.#execute(request, folder, url);
      await onEdge?.("after", database);
      return await this.#verify(outcome, database, tables);
    } finally {
      await this.server.drop(database);
    }
  }

  /** One process for all databases if the contender has that, else as many processes at once. */
  async #runMany(request: RunRequest, folder: string): Promise<TimedOutcome> {
    const many = manyDatabasesOf(request);
    const made: (readonly [name: string, database: BenchDatabase])[] = [];
    try {
      for (const name of databaseNames(request.databases)) made.push([name, await this.#create(request)]);
      const start = performance.now();
      const outcomes = many === undefined
        ? await Promise.all(made.map(([, { url }]) => this.#execute(request, folder, url)))
        : [
          await this.#start(
            request,
            folder,
            many.command(Object.fromEntries(made.map(([name, { url }]) => [name, url]))),
          ),
        ];
      const ms = performance.now() - start;
      const { failed } = outcomes.find((outcome) => outcome.failed !== undefined) ?? {};
      let outcome: TimedOutcome = { ms, ...(failed === undefined ? {} : { failed }) };
      for (const [, database] of made) outcome = await this.#verify(outcome, database, request.count);
      return outcome;
    } finally {
      for (const [, database] of made) await this.server.drop(database);
    }
  }

  async #appliedDatabase(request: RunRequest, folder: string): Promise<BenchDatabase> {
    const { member, count, commit } = request;
    const key = `${member.contender.name} ${count} ${commit}`;
    const known = this.#applied.get(key);
    if (known !== undefined) return known;
    const database = await this.#create(request);
    this.#applied.set(key, database);
    const outcome = await this.#execute({ ...request, action: "up", measures: "time" }, folder, database.url);
    const { failed } = await this.#verify(outcome, database, count);
    if (failed === undefined) return database;
    this.#applied.delete(key);
    await this.server.drop(database);
    throw new Error(`Cannot apply ${count} migrations first: ${failed}`);
  }

  async #create({ commit }: RunRequest, from?: BenchDatabase): Promise<BenchDatabase> {
    return await this.server.create(`bench_${++this.#number}`, commit, from);
  }

  async #execute(request: RunRequest, folder: string, url: string): Promise<TimedOutcome> {
    const { member: { prepared }, action, count } = request;
    return await this.#start(request, folder, prepared.command(action, { folder, url, count }));
  }

  async #start({ commit, measures }: RunRequest, cwd: string, command: Command | undefined): Promise<TimedOutcome> {
    if (command === undefined) return { ms: 0, failed: "it cannot do that" };
    return await runTimed(command, { cwd, env: ENVIRONMENT[commit], timeoutMs: this.#timeoutMs, measures });
  }

  async #verify(outcome: TimedOutcome, database: BenchDatabase, tables: number): Promise<TimedOutcome> {
    if (outcome.failed !== undefined) return outcome;
    const found = await this.server.countTables(database);
    return found === tables ? outcome : { ...outcome, failed: `${found} tables are there, not ${tables}` };
  }
}
