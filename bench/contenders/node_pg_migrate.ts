/**
 * node-pg-migrate, with migrations in SQL. It applies everything in one transaction unless told otherwise.
 *
 * @module
 */

import type { Action, Contender } from "../contender.ts";
import { asScript } from "../generated_sql.ts";
import { installedVersion, npmProject, writeFiles } from "../npm_project.ts";
import { runtimeCommand } from "../runtimes.ts";

/** Its file names begin with a time in milliseconds. */
const FIRST = 1_700_000_000_000;

/** It. */
export const nodePgMigrate: Contender = {
  name: "node-pg-migrate",
  kind: "peer",
  runtime: "node",
  how: "its command line, files in SQL; all in one transaction, as is its default",
  async prepare() {
    const home = await npmProject("node-pg-migrate", { packages: ["node-pg-migrate@9.0.0", "pg@8.23.1"] });
    const { program } = await runtimeCommand("node");
    const bin = await Deno.realPath(`${home}/node_modules/.bin/node-pg-migrate`);
    return {
      version: await installedVersion(home, "node-pg-migrate"),
      home,
      async layOut(folder, migrations) {
        await writeFiles(
          folder,
          migrations.map(({ number, description, up, down }) =>
            [
              `migrations/${FIRST + number}_${description}.sql`,
              `-- Up Migration\n${asScript(up)}\n-- Down Migration\n${asScript(down)}`,
            ] as const
          ),
        );
      },
      command(action, { url, count }) {
        const words: Readonly<Record<Action, readonly string[] | undefined>> = {
          up: ["up"],
          nothing: ["up"],
          status: undefined,
          rollback: ["down", `${count}`],
          version: ["--version"],
        };
        const args = words[action];
        return args === undefined ? undefined : { program, args: [bin, ...args], env: { DATABASE_URL: url } };
      },
    };
  },
};
