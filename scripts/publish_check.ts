/**
 * Checks that the package could be published to JSR. `deno publish` knows no import map: where JSR does not answer it
 * runs with a copy of `deno.json` whose imports come from npm.
 *
 * @module
 */

import { npmImports } from "./import_map.ts";
import { root, run } from "./deno.ts";
import { isJsrReachable } from "./jsr.ts";

const args = ["publish", "--dry-run", "--allow-dirty", "--no-lock"];

if (await isJsrReachable()) Deno.exit(await run(Deno.execPath(), args));

const config = new URL(`.deno.publish.${Deno.pid}.json`, root);
try {
  const manifest = JSON.parse(await Deno.readTextFile(new URL("deno.json", root)));
  await Deno.writeTextFile(config, JSON.stringify({ ...manifest, imports: npmImports(manifest.imports) }));
  Deno.exitCode = await run(Deno.execPath(), [...args, `--config=${config.pathname}`]);
} finally {
  await Deno.remove(config);
}
