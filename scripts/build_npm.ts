/**
 * Builds the npm package into `npm/` with dnt, which only JSR has. Where that does not answer, this says so and exits with
 * 69, as BSD's programs do for a service that is not there.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { root, run } from "./deno.ts";
import { isJsrReachable } from "./jsr.ts";

const UNAVAILABLE = 69;

if (!await isJsrReachable("never")) {
  console.error("JSR does not answer: it alone has dnt, so the npm package was not built");
  Deno.exit(UNAVAILABLE);
}
const build = fileURLToPath(new URL("scripts/dnt_build.ts", root));
Deno.exit(await run(Deno.execPath(), ["run", "-A", "--no-lock", build]));
