/**
 * Sqitch: a program written in Perl that starts psql for each change, where it is installed.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { tryCapture } from "../../scripts/capture.ts";
import type { Action, Contender } from "../contender.ts";
import { asScript, type GeneratedMigration } from "../generated_sql.ts";
import { HOME, writeFiles } from "../npm_project.ts";
import { serverPsql } from "../server_psql.ts";

const PERSON = { name: "Bench", email: "bench@example.com" } as const;

/** It. */
export const sqitch: Contender = {
  name: "sqitch",
  kind: "peer",
  runtime: "native",
  how: "the one on the path, with the psql of the server",
  async prepare() {
    const program = "sqitch";
    const { code, stdout } = await tryCapture(program, ["--version"]).catch(() => ({ code: -1, stdout: "" }));
    if (code !== 0) throw new Error("sqitch is not installed");
    const psql = await serverPsql();
    return {
      version: /\d+(\.\d+)+/.exec(stdout)?.[0] ?? "",
      home: `${fileURLToPath(HOME)}sqitch`,
      layOut: (folder, migrations) => writeFiles(folder, project(migrations, psql.program)),
      command(action, { url }) {
        const target = url.replace(/^postgres:/, "db:pg:");
        const words: Readonly<Record<Action, readonly string[]>> = {
          up: ["deploy", target],
          nothing: ["deploy", target],
          status: ["status", target],
          rollback: ["revert", "-y", target],
          version: ["--version"],
        };
        return { program, args: words[action] };
      },
    };
  },
};

function project(migrations: readonly GeneratedMigration[], psql: string): readonly (readonly [string, string])[] {
  const name = ({ version, description }: GeneratedMigration) => `${version}_${description}`;
  const plan = migrations.map((one) =>
    `${name(one)} 2024-01-01T00:00:00Z ${PERSON.name} <${PERSON.email}> # ${one.description}\n`
  );
  return [
    [
      "sqitch.conf",
      `[core]\n\tengine = pg\n[engine "pg"]\n\tclient = ${psql}\n[user]\n\tname = ${PERSON.name}\n\temail = ${PERSON.email}\n`,
    ],
    ["sqitch.plan", `%syntax-version=1.0.0\n%project=bench\n\n${plan.join("")}`],
    ...migrations.flatMap((one) => [
      [`deploy/${name(one)}.sql`, `BEGIN;\n${asScript(one.up)}COMMIT;\n`] as const,
      [`revert/${name(one)}.sql`, `BEGIN;\n${asScript(one.down)}COMMIT;\n`] as const,
    ]),
  ];
}
