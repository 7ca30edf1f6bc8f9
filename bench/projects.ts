/**
 * The projects of contenders, written when they are first needed in a run.
 *
 * @module
 */

import type { ManyDatabases } from "./contender.ts";
import { generateMigrations } from "./generated_sql.ts";
import type { Member } from "./team.ts";

/** What a project is for. */
export interface ProjectRequest {
  readonly member: Member;
  /** How many migrations it has, for each database. */
  readonly count: number;
  /** For how many databases it is. */
  readonly databases: number;
}

/** Projects that were written. */
export class Projects {
  readonly #written = new Set<string>();

  /**
   * Writes a project, if that was not done before.
   *
   * @param request What it is for.
   * @returns The path of its folder.
   */
  async folder(request: ProjectRequest): Promise<string> {
    const { member: { prepared }, count, databases } = request;
    const many = manyDatabasesOf(request);
    const folder = `${prepared.home}/projects/${many === undefined ? "" : `${databases}x`}${count}`;
    if (this.#written.has(folder)) return folder;
    await Deno.remove(folder, { recursive: true }).catch(() => {});
    await Deno.mkdir(folder, { recursive: true });
    const migrations = generateMigrations(count);
    if (many === undefined) await prepared.layOut(folder, migrations);
    else await many.layOut(folder, migrations, databaseNames(databases));
    this.#written.add(folder);
    return folder;
  }
}

/** Names of several databases of one project. */
export function databaseNames(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `db${index + 1}`);
}

/** How a contender works on all databases in one process, if there are several and it can. */
export function manyDatabasesOf({ member, databases }: ProjectRequest): ManyDatabases | undefined {
  return databases > 1 ? member.prepared.manyDatabases : undefined;
}
