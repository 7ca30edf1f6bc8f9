/**
 * Checks that the package could be published to JSR, and says how large it is. `deno publish` knows no import map: where
 * JSR does not answer it runs with a copy of `deno.json` whose imports come from npm.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { root } from "./deno.ts";
import { npmImports } from "./import_map.ts";
import { isJsrReachable } from "./jsr.ts";
import { describeSize, LIMIT_BYTES, packedSize, publishedPaths } from "./package_size.ts";

const args = ["publish", "--dry-run", "--allow-dirty", "--no-lock"];

/** Runs `deno publish`, shows what it says and returns that, too. */
async function publish(flags: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...args, ...flags],
    cwd: root,
    env: { NO_COLOR: "1" },
  }).output();
  const said = new TextDecoder().decode(stderr) + new TextDecoder().decode(stdout);
  console.error(said.trimEnd());
  if (code !== 0) Deno.exit(code);
  return said;
}

async function publishWithoutJsr(): Promise<string> {
  const config = new URL(`.deno.publish.${Deno.pid}.json`, root);
  try {
    const manifest = JSON.parse(await Deno.readTextFile(new URL("deno.json", root)));
    await Deno.writeTextFile(config, JSON.stringify({ ...manifest, imports: npmImports(manifest.imports) }));
    return await publish([`--config=${fileURLToPath(config)}`]);
  } finally {
    await Deno.remove(config);
  }
}

const said = await isJsrReachable() ? await publish([]) : await publishWithoutJsr();
const paths = publishedPaths(said, root).filter((path) => !path.startsWith(".deno.publish."));
const files = await Promise.all(paths.map(async (path) => ({ path, bytes: await Deno.readFile(new URL(path, root)) })));
const packed = await packedSize(files);
for (const line of describeSize(files, packed)) console.log(line);
if (files.length === 0 || packed > LIMIT_BYTES) Deno.exit(1);
