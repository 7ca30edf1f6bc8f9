/**
 * knex: its command line, with modules that hand SQL to `knex.raw()`.
 *
 * @module
 */

import type { Action, Contender } from "../contender.ts";
import { asScript, type GeneratedMigration } from "../generated_sql.ts";
import { installedVersion, npmProject, writeFiles } from "../npm_project.ts";
import { runtimeCommand } from "../runtimes.ts";

const SETTINGS = `import process from "node:process";

export default {
  client: "pg",
  connection: process.env.DATABASE_URL,
  migrations: { directory: "./migrations" },
};
`;

/** It. */
export const knex: Contender = {
  name: "knex",
  kind: "peer",
  runtime: "node",
  how: "its command line, `knex.raw()` in modules",
  async prepare() {
    const home = await npmProject("knex", { packages: ["knex@3.3.0", "pg@8.23.1"] });
    const { program } = await runtimeCommand("node");
    const bin = await Deno.realPath(`${home}/node_modules/.bin/knex`);
    return {
      version: await installedVersion(home, "knex"),
      home,
      layOut: (folder, migrations) => writeFiles(folder, [["knexfile.js", SETTINGS], ...migrations.map(asModule)]),
      command(action, { url }) {
        const words: Readonly<Record<Action, readonly string[]>> = {
          up: ["migrate:latest"],
          nothing: ["migrate:latest"],
          status: ["migrate:list"],
          rollback: ["migrate:rollback", "--all"],
          version: ["--version"],
        };
        return { program, args: [bin, ...words[action]], env: { DATABASE_URL: url } };
      },
    };
  },
};

function asModule({ version, description, up, down }: GeneratedMigration): readonly [string, string] {
  const function_ = (name: string, statements: readonly string[]) =>
    `export function ${name}(knex) {\n  return knex.raw(\`${asScript(statements)}\`);\n}\n`;
  return [`migrations/${version}_${description}.js`, `${function_("up", up)}\n${function_("down", down)}`];
}
