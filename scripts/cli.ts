/**
 * The command line of this checkout, in the directory that the task was called from.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { deno, root } from "./deno.ts";
import { isJsrReachable } from "./jsr.ts";

// What a script reads from the streams is what the command line writes.
await isJsrReachable("terminal");

const cwd = Deno.env.get("INIT_CWD") ?? Deno.cwd();
const config = fileURLToPath(new URL("deno.json", root));
Deno.exit(await deno(["run", "-A", `--config=${config}`, new URL("cli.ts", root).href, ...Deno.args], { cwd }));
