/**
 * sql-migrate: a program written in Go, where it is installed.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { tryCapture } from "../../scripts/capture.ts";
import type { Action, Contender } from "../contender.ts";
import { asScript } from "../generated_sql.ts";
import { HOME, writeFiles } from "../npm_project.ts";

const SETTINGS = `development:
  dialect: postgres
  datasource: \${DATABASE_URL}
  dir: migrations
`;

/** It. */
export const sqlMigrate: Contender = {
  name: "sql-migrate",
  kind: "peer",
  runtime: "native",
  how: "the one on the path",
  async prepare() {
    const program = "sql-migrate";
    const { code, stdout, stderr } = await tryCapture(program, ["--version"]).catch(() => ({
      code: -1,
      stdout: "",
      stderr: "",
    }));
    if (code !== 0) throw new Error("sql-migrate is not installed");
    return {
      version: (stdout || stderr).trim(),
      home: `${fileURLToPath(HOME)}sql-migrate`,
      async layOut(folder, migrations) {
        await writeFiles(folder, [
          ["dbconfig.yml", SETTINGS],
          ...migrations.map(({ version, description, up, down }) =>
            [
              `migrations/${version}_${description}.sql`,
              `-- +migrate Up\n${asScript(up)}\n-- +migrate Down\n${asScript(down)}`,
            ] as const
          ),
        ]);
      },
      command(action, { url }) {
        const words: Readonly<Record<Action, readonly string[]>> = {
          up: ["up"],
          nothing: ["up"],
          status: ["status"],
          rollback: ["down", "-limit=0"],
          version: ["--version"],
        };
        return { program, args: words[action], env: { DATABASE_URL: url } };
      },
    };
  },
};
