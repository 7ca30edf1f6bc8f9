/**
 * The floors of each runtime: an empty script, and one that asks the server one question.
 *
 * @module
 */

import type { Contender, Prepared } from "../contender.ts";
import { importedVersion } from "../../scripts/npm_manifest.ts";
import { readManifest } from "../../scripts/deno.ts";
import { npmProject } from "../npm_project.ts";
import { type JsRuntime, runtimeCommand } from "../runtimes.ts";

/** Them. */
export const scripts: readonly Contender[] = (["deno", "node", "bun"] as const).map((runtime) => ({
  name: `script-${runtime}`,
  kind: "floor",
  runtime,
  how: "an empty script (`--version`); import postgres.js, connect, `SELECT 1` (nothing to do)",
  prepare: () => prepare(runtime),
}));

async function prepare(runtime: JsRuntime): Promise<Prepared> {
  const driver = `postgres@${importedVersion(await readManifest(), "postgres")}`;
  const home = await npmProject(`script-${runtime}`, { packages: [driver], programs: ["empty.js", "select_one.js"] });
  const { program, args, version } = await runtimeCommand(runtime);
  const bare = runtime === "deno" ? ["run", "-A", "--no-config", "--no-lock"] : [];
  return {
    version: `${version}, ${driver}`,
    home,
    layOut: () => Promise.resolve(),
    command(action, { url }) {
      if (action === "version") return { program, args: [...bare, `${home}/empty.js`] };
      if (action !== "nothing") return undefined;
      return { program, args: [...args, `${home}/select_one.js`], env: { DATABASE_URL: url } };
    },
  };
}
