/**
 * What keeps a migration from being tried.
 *
 * @module
 */

import type { Migration } from "../core/migration.ts";
import type { ShadowRequest, ShadowSource, ShadowSurvey } from "../core/shadow.ts";
import { findNeeds } from "./needs.ts";
import type { Obstacle } from "./rehearsal.ts";
import { findServerWide } from "./server_wide.ts";

/** Knows what stands in the way, of the server and of what came before. */
export class Obstacles {
  readonly #shadows: ShadowSource;
  readonly #survey: ShadowSurvey;
  /** Roles that are the rehearsal's own. */
  readonly #roles: ReadonlySet<string>;
  readonly #left = new Map<string, "up-fails" | "not-run">();

  /**
   * @param shadows Where it is rehearsed.
   * @param request What is asked of it.
   * @param survey What there is.
   */
  constructor(shadows: ShadowSource, request: ShadowRequest, survey: ShadowSurvey) {
    this.#shadows = shadows;
    this.#survey = survey;
    this.#roles = new Set(request.roles.filter((role) => !survey.roles.includes(role)));
  }

  /**
   * Notes that a migration is not applied.
   *
   * @param name Its name.
   * @param verdict Why.
   */
  add(name: string, verdict: "up-fails" | "not-run"): void {
    this.#left.set(name, verdict);
  }

  /**
   * Finds what keeps a migration from being tried.
   *
   * @param migration The migration.
   * @returns The first such thing; `undefined` if there is none.
   */
  of(migration: Migration): Obstacle | undefined {
    return this.#extension(migration) ?? this.#dependency(migration) ?? this.#serverWide(migration);
  }

  /** What a migration may fail for that declares no dependency: the first one that is not applied. */
  before(): Obstacle | null {
    const [first] = this.#left.keys();
    return first === undefined ? null : { message: `It may fail because "${first}" is not applied` };
  }

  #extension(migration: Migration): Obstacle | undefined {
    const { extensions } = findNeeds(migration);
    const missing = this.#survey.missing.find(({ name }) => extensions.includes(name));
    if (missing === undefined) return undefined;
    const where = this.#shadows.engine === "pglite" ? "the embedded database" : "the server";
    return { message: `It needs the extension "${missing.name}", which ${where} does not have`, hint: missing.hint };
  }

  #dependency({ dependencies }: Migration): Obstacle | undefined {
    const name = dependencies.find((dependency) => this.#left.has(dependency));
    if (name === undefined) return undefined;
    return {
      message: `It depends on "${name}", which ${this.#left.get(name) === "up-fails" ? "fails" : "was not run"}`,
    };
  }

  #serverWide(migration: Migration): Obstacle | undefined {
    if (this.#shadows.server === "own") return undefined;
    const statement = findServerWide(migration, this.#roles);
    if (statement === undefined) return undefined;
    return {
      message: `${statement} would change the server for others, too`,
      hint: "Rehearse on an embedded database",
    };
  }
}
