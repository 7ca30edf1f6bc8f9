/**
 * `deno` with `@std` from wherever it can be had: `run.ts test -A tests/core` is `deno test -A tests/core`.
 *
 * @module
 */

import { deno } from "./deno.ts";

Deno.exit(await deno(Deno.args));
