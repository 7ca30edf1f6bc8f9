/**
 * What keeps a migration from being tried.
 *
 * @module
 */

import type { Migration } from "../core/migration.ts";
import type { Direction } from "../core/event.ts";
import type { Section } from "../core/section.ts";
import type { ShadowSource, ShadowSurvey } from "../core/shadow.ts";
import { findExtensions } from "./needs.ts";
import type { Obstacle } from "./rehearsal.ts";
import { findServerWide, type ServerWide } from "./server_wide.ts";

/** Knows what stands in the way, of the server and of what came before. */
export class Obstacles {
  readonly #shadows: ShadowSource;
  readonly #survey: ShadowSurvey;
  /** Roles that are somebody's. */
  readonly #roles: ReadonlySet<string>;
  readonly #left = new Map<string, "up-fails" | "not-run">();

  /**
   * @param shadows Where it is rehearsed.
   * @param survey What there is.
   */
  constructor(shadows: ShadowSource, survey: ShadowSurvey) {
    this.#shadows = shadows;
    this.#survey = survey;
    this.#roles = new Set(survey.roles);
  }

  /** Notes that a migration is not applied, and why. */
  add(name: string, verdict: "up-fails" | "not-run"): void {
    this.#left.set(name, verdict);
  }

  /**
   * Finds what keeps a migration from being tried.
   *
   * @param migration The migration.
   * @param directions Which sections are run.
   * @returns The first such thing; `undefined` if there is none.
   */
  of(migration: Migration, directions: readonly Direction[] = ["up", "down"]): Obstacle | undefined {
    return this.#extension(migration) ?? this.#dependency(migration) ?? this.#serverWide(migration, directions);
  }

  /** Finds the statements of a section that would change a server that others use, too. */
  serverWide(section: Section): readonly ServerWide[] {
    return this.#shadows.server === "own" ? [] : findServerWide(section, this.#roles);
  }

  /** What a migration may fail for that declares no dependency: the first one that is not applied. */
  before(): Obstacle | null {
    const [first] = this.#left.keys();
    return first === undefined ? null : { message: `It may fail because "${first}" is not applied` };
  }

  #extension(migration: Migration): Obstacle | undefined {
    const extensions = findExtensions(migration);
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

  #serverWide({ up, rollback }: Migration, directions: readonly Direction[]): Obstacle | undefined {
    const sections = { up, down: rollback };
    const [statement] = directions.flatMap((direction) => {
      const section = sections[direction];
      return section === undefined ? [] : this.serverWide(section);
    });
    if (statement === undefined) return undefined;
    const { title } = statement;
    return {
      message: title.startsWith("CREATE ROLE ")
        ? `${title} would fail: the server has that role already`
        : `${title} would change the server for others, too`,
      hint: "Rehearse on an embedded database",
    };
  }
}
