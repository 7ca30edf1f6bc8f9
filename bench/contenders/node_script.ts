/**
 * Libraries that an application calls: a script of `bench/programs/` that does what their documentation shows.
 *
 * @module
 */

import type { Action, Contender } from "../contender.ts";
import type { GeneratedMigration } from "../generated_sql.ts";
import { installedVersion, npmProject, writeFiles } from "../npm_project.ts";
import { runtimeCommand } from "../runtimes.ts";

/** A library. */
export interface NodeLibrary {
  /** Name of its package, of the contender and, with `.js`, of the program. */
  readonly name: string;
  /** In which version. */
  readonly version: string;
  /** Packages beside it. */
  readonly packages: readonly string[];
  /** In a few words. */
  readonly how: string;
  /** What it can do beside `up` and `nothing`. */
  readonly actions: readonly Action[];
  /** Its files, by path in the project. */
  readonly files: (migrations: readonly GeneratedMigration[]) => readonly (readonly [path: string, text: string])[];
}

/**
 * Makes a contender of a library.
 *
 * @param library The library.
 * @returns The contender.
 */
export function nodeScript({ name, version, packages, how, actions, files }: NodeLibrary): Contender {
  return {
    name,
    kind: "peer",
    runtime: "node",
    how,
    async prepare() {
      const home = await npmProject(name, { packages: [`${name}@${version}`, ...packages], programs: [`${name}.js`] });
      const { program } = await runtimeCommand("node");
      return {
        version: await installedVersion(home, name),
        home,
        layOut: (folder, migrations) => writeFiles(folder, files(migrations)),
        command: (action, { folder, url }) =>
          action !== "up" && action !== "nothing" && !actions.includes(action) ? undefined : {
            program,
            args: [`${home}/${name}.js`, action, folder],
            env: { DATABASE_URL: url },
          },
      };
    },
  };
}
