/**
 * dbmate: a program written in Go, from its npm package. It would dump the schema after each run, which needs `pg_dump` and
 * says nothing about applying migrations: that is turned off.
 *
 * @module
 */

import type { Action, Command, Contender, Job } from "../contender.ts";
import { asScript } from "../generated_sql.ts";
import { installedVersion, npmProject, writeFiles } from "../npm_project.ts";

/** It. */
export const dbmate: Contender = {
  name: "dbmate",
  kind: "peer",
  runtime: "native",
  how: "its own program, `--no-dump-schema`; `rollback` once for each migration",
  async prepare() {
    const home = await npmProject("dbmate", { packages: ["dbmate@2.36.0"] });
    const platform = `${Deno.build.os === "windows" ? "win32" : Deno.build.os}-${
      Deno.build.arch === "aarch64" ? "arm64" : "x64"
    }`;
    const program = `${home}/node_modules/@dbmate/${platform}/bin/dbmate`;
    return {
      version: await installedVersion(home, "dbmate"),
      home,
      async layOut(folder, migrations) {
        await writeFiles(
          folder,
          migrations.map(({ version, description, up, down }) =>
            [
              `db/migrations/${version}_${description}.sql`,
              `-- migrate:up\n${asScript(up)}\n-- migrate:down\n${asScript(down)}`,
            ] as const
          ),
        );
      },
      command: (action, job) => command(program, action, job),
    };
  },
};

function command(program: string, action: Action, { url, count }: Job): Command {
  const run = (...words: readonly string[]) => ({
    program,
    args: ["--no-dump-schema", ...words],
    env: { DATABASE_URL: url },
  });
  switch (action) {
    case "up":
    case "nothing":
      return run("migrate");
    case "status":
      return run("status");
    case "rollback":
      return { ...run("rollback"), times: count };
    case "version":
      return run("--version");
  }
}
