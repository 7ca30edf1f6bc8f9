/**
 * Rehearses migrations on databases that are made for it.
 *
 * @module
 */

import type { Migration } from "../core/migration.ts";
import type { ShadowSource } from "../core/shadow.ts";
import { SqlError } from "../core/sql_error.ts";
import { isSound } from "../core/verdict.ts";
import type { Terms } from "../runner/context.ts";
import { findDataLoss } from "./data_loss.ts";
import { requestOf } from "./needs.ts";
import { Obstacles } from "./obstacles.ts";
import { type Proof, prove } from "./prove.ts";
import type { Obstacle, Rehearsal, Rehearsed } from "./rehearsal.ts";
import { leaveOutServerWide } from "./leave_out.ts";
import { type Act, isFinding, onStage, type Stage } from "./stage.ts";

/** What is rehearsed. */
export interface Rehearsing {
  /** How migrations are run. */
  readonly terms: Terms;
  /** Makes the databases. */
  readonly shadows: ShadowSource;
  /** What is applied, in the order of application: it is run first, without a proof. */
  readonly applied: readonly Act[];
  /** What is to be proved, in order. */
  readonly migrations: readonly Migration[];
}

/**
 * Rehearses migrations. One that fails keeps those that depend on it from being tried, and no others.
 *
 * @param rehearsing What, and where.
 * @returns What was found out.
 * @throws A {@linkcode MigrationError} with code `CONNECTION_FAILED`, `CONFIG` or `ABORTED`.
 */
export async function rehearse(rehearsing: Rehearsing): Promise<Rehearsal> {
  const start = performance.now();
  const { terms, shadows, migrations } = rehearsing;
  const request = requestOf([...rehearsing.applied.map(({ migration }) => migration), ...migrations]);
  const obstacles = new Obstacles(shadows, migrations.length === 0 ? NOTHING : await shadows.survey(request));
  const applied = migrations.length === 0
    ? rehearsing.applied
    : leaveOutServerWide(rehearsing.applied, obstacles, terms.emit).acts;
  const script = new Script({ ...rehearsing, applied }, obstacles);
  while (script.hasMore) await onStage({ shadows, terms, request }, (stage) => script.play(stage));
  return {
    db: terms.dbName,
    engine: shadows.engine,
    version: script.version,
    rebuilt: applied.map(({ migration }) => migration.name),
    migrations: script.results,
    durationMs: performance.now() - start,
    ok: script.results.every(({ verdict }) => isSound(verdict)),
  };
}

/** What there is of what nobody asks for. */
const NOTHING = { missing: [], roles: [] };

/** What is left to be tried. A database serves until a proof leaves it another way than production has it. */
class Script {
  readonly #terms: Terms;
  readonly #obstacles: Obstacles;
  /** What is applied, and stays so. */
  #applied: readonly Act[];
  readonly #rest: Migration[];
  readonly #results = new Map<string, Rehearsed>();
  readonly #total: number;
  /** What the server says of itself. */
  version: string | null = null;

  constructor({ terms, applied, migrations }: Rehearsing, obstacles: Obstacles) {
    this.#terms = terms;
    this.#obstacles = obstacles;
    this.#applied = applied;
    this.#rest = [...migrations];
    this.#total = migrations.length;
    const blocked = applied.flatMap(({ migration }) => {
      const obstacle = obstacles.of(migration, ["up"]);
      return obstacle === undefined ? [] : [{ migration, obstacle }];
    });
    for (const { migration, obstacle } of blocked) this.#skip(migration, obstacle);
    if (blocked.length > 0) this.#giveUp(blocked[0]!.migration);
  }

  get hasMore(): boolean {
    return this.#rest.length > 0;
  }

  get results(): readonly Rehearsed[] {
    return [...this.#results.values()];
  }

  /** Goes on, on a new database. */
  async play(stage: Stage): Promise<void> {
    this.version = stage.version;
    if (!await this.#rebuild(stage)) return;
    let schema = await stage.snapshot();
    let isFresh = true;
    for (let next = this.#rest[0]; next !== undefined; next = this.#rest[0]) {
      const obstacle = this.#obstacles.of(next);
      if (obstacle !== undefined) {
        this.#skip(this.#rest.shift()!, obstacle);
        continue;
      }
      this.#begin(next);
      const proof = await prove(stage, next, schema);
      // A rollback may have lost rows that this one needs: whether it fails in production shows where none was tried.
      if (proof.verdict === "up-fails" && !isFresh) return;
      this.#rest.shift();
      this.#note(next, proof);
      if (proof.left === "spoiled") return;
      isFresh = isFresh && proof.durations.rollbackMs === null;
      schema = proof.schema;
    }
  }

  /** Brings a new database to where production is. */
  async #rebuild(stage: Stage): Promise<boolean> {
    try {
      await stage.apply(this.#applied);
      return true;
    } catch (error) {
      if (!isFinding(error)) throw error;
      const culprit = this.#applied.find(({ migration }) =>
        error instanceof SqlError && error.migration === migration.name
      );
      if (culprit === undefined) throw error;
      const { migration } = culprit;
      const isProved = this.#results.has(migration.name);
      this.#put(migration, { verdict: "up-fails", error });
      this.#applied = this.#applied.filter((act) => act !== culprit);
      if (!isProved) this.#giveUp(migration);
      return false;
    }
  }

  #begin({ name }: Migration): void {
    const index = this.#total - this.#rest.length + 1;
    this.#terms.emit({ type: "migration:start", name, direction: "up", index, total: this.#total });
  }

  #note(migration: Migration, { verdict, durations, differences, error, seen }: Proof): void {
    const obstacle = verdict === "up-fails" ? this.#obstacles.before() : null;
    const losses = findDataLoss(migration, seen);
    this.#put(migration, { verdict, durations, differences, error, obstacle, losses });
    if (verdict !== "up-fails") this.#applied = [...this.#applied, { migration }];
    this.#terms.emit({ type: "migration:rehearsed", name: migration.name, verdict, durations });
  }

  #skip(migration: Migration, obstacle: Obstacle): void {
    this.#put(migration, { verdict: "not-run", obstacle });
    const durations = { upMs: null, rollbackMs: null, againMs: null };
    this.#terms.emit({ type: "migration:rehearsed", name: migration.name, verdict: "not-run", durations });
  }

  #giveUp({ name }: Migration): void {
    const message = `What is applied cannot be rebuilt: "${name}" stands in the way`;
    for (const migration of this.#rest.splice(0)) this.#skip(migration, { message });
  }

  #put(migration: Migration, result: Pick<Rehearsed, "verdict"> & Partial<Rehearsed>): void {
    const { name, path } = migration;
    if (result.verdict === "up-fails" || result.verdict === "not-run") this.#obstacles.add(name, result.verdict);
    this.#results.set(name, {
      name,
      path,
      durations: { upMs: null, rollbackMs: null, againMs: null },
      differences: [],
      error: null,
      obstacle: null,
      ...result,
      losses: result.losses ?? findDataLoss(migration),
    });
  }
}
