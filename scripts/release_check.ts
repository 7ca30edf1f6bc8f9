/**
 * Checks that all that names a release names the same one: to be run before a tag is made, and by the release itself.
 *
 * @module
 */

import { VERSION } from "../src/cli/product.ts";
import { root } from "./deno.ts";
import type { Manifest } from "./import_map.ts";
import { releaseProblems } from "./release.ts";

/** What is published is said in `deno.json`, too. */
type PublishedManifest = Manifest & { readonly publish: { readonly include: readonly string[] } };

/** What git says. */
async function git(...args: readonly string[]): Promise<readonly string[]> {
  const { success, stdout } = await new Deno.Command("git", { args: [...args], cwd: root, stderr: "inherit" }).output();
  if (!success) Deno.exit(1);
  return new TextDecoder().decode(stdout).split("\n").filter((line) => line !== "");
}

const manifest: PublishedManifest = JSON.parse(await Deno.readTextFile(new URL("deno.json", root)));
const { version, exports, publish } = manifest;
const problems = releaseProblems({
  version,
  productVersion: VERSION,
  changelog: await Deno.readTextFile(new URL("CHANGELOG.md", root)),
  tags: await git("tag", "--points-at", "HEAD"),
  exports,
  published: await git("ls-files", "--", ...publish.include),
});
for (const problem of problems) console.error(problem);
console.log(problems.length === 0 ? `${version} can be released` : `${version} cannot be released`);
Deno.exit(problems.length === 0 ? 0 : 1);
