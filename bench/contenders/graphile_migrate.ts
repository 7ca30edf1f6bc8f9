/**
 * graphile-migrate: committed migrations, each with its own hash and that of the one before it.
 *
 * @module
 */

import { createHash } from "node:crypto";
import type { Action, Contender } from "../contender.ts";
import { asScript, type GeneratedMigration } from "../generated_sql.ts";
import { installedVersion, npmProject, writeFiles } from "../npm_project.ts";
import { runtimeCommand } from "../runtimes.ts";

/** It. */
export const graphileMigrate: Contender = {
  name: "graphile-migrate",
  kind: "peer",
  runtime: "node",
  how: "its command line, `migrate`; it has no rollback",
  async prepare() {
    const home = await npmProject("graphile-migrate", { packages: ["graphile-migrate@1.4.1"] });
    const { program } = await runtimeCommand("node");
    const bin = await Deno.realPath(`${home}/node_modules/.bin/graphile-migrate`);
    return {
      version: await installedVersion(home, "graphile-migrate"),
      home,
      layOut: (folder, migrations) => writeFiles(folder, [[".gmrc", "{}\n"], ...committed(migrations)]),
      command(action, { url }) {
        const words: Readonly<Record<Action, string | undefined>> = {
          up: "migrate",
          nothing: "migrate",
          status: "status",
          rollback: undefined,
          version: "--version",
        };
        const word = words[action];
        // Only commands that none of the workloads needs would use the second one.
        const env = { DATABASE_URL: url, SHADOW_DATABASE_URL: `${url}_shadow` };
        return word === undefined ? undefined : { program, args: [bin, word], env };
      },
    };
  },
};

/** The files as `graphile-migrate commit` leaves them. */
function committed(migrations: readonly GeneratedMigration[]): readonly (readonly [string, string])[] {
  let previous: string | undefined;
  return migrations.map(({ number, up }) => {
    const body = asScript(up);
    const hashed = `${`${previous ?? ""}\n${body.trim()}`.trim()}\n`;
    const hash = `sha1:${createHash("sha1").update(hashed).digest("hex")}`;
    const text = `--! Previous: ${previous ?? "-"}\n--! Hash: ${hash}\n\n${body}`;
    previous = hash;
    return [`migrations/committed/${String(number).padStart(6, "0")}.sql`, text];
  });
}
