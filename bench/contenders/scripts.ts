/**
 * The floors of each runtime: an empty script, one that asks the server one question, and one that sends files and looks at
 * nothing.
 *
 * @module
 */

import type { Action, Contender, Prepared } from "../contender.ts";
import { asScript } from "../generated_sql.ts";
import { importedVersion } from "../../scripts/npm_manifest.ts";
import { readManifest } from "../../scripts/deno.ts";
import { npmProject, writeFiles } from "../npm_project.ts";
import { type JsRuntime, runtimeCommand } from "../runtimes.ts";
import { upTransactions } from "./psql.ts";

/** Them. */
export const scripts: readonly Contender[] = (["deno", "node", "bun"] as const).map((runtime) => ({
  name: `script-${runtime}`,
  kind: "floor",
  runtime,
  how: "an empty script (`--version`); import postgres.js, connect, `SELECT 1` (nothing to do), " +
    "or send all files at once, each with its history row in one message (apply)",
  prepare: () => prepare(runtime),
}));

const SCRIPTS: Partial<Record<Action, string>> = { up: "apply_files.js", nothing: "select_one.js" };

async function prepare(runtime: JsRuntime): Promise<Prepared> {
  const driver = `postgres@${importedVersion(await readManifest(), "postgres")}`;
  const programs = ["empty.js", "select_one.js", "apply_files.js"];
  const home = await npmProject(`script-${runtime}`, { packages: [driver], programs });
  const { program, args, version } = await runtimeCommand(runtime);
  const bare = runtime === "deno" ? ["run", "-A", "--no-config", "--no-lock"] : [];
  return {
    version: `${version}, ${driver}`,
    home,
    layOut: (folder, migrations) =>
      writeFiles(
        folder,
        upTransactions(migrations).map((statements, index) =>
          [`up/${String(index).padStart(5, "0")}.sql`, asScript(statements)] as const
        ),
      ),
    command(action, { url }) {
      if (action === "version") return { program, args: [...bare, `${home}/empty.js`] };
      const script = SCRIPTS[action];
      if (script === undefined) return undefined;
      return { program, args: [...args, `${home}/${script}`], env: { DATABASE_URL: url } };
    },
  };
}
