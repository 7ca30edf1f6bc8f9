/**
 * Type-checks every module of the checkout.
 *
 * @module
 */

import { deno } from "./deno.ts";
import { sourceFiles } from "./source_files.ts";

Deno.exit(await deno(["check", ...await sourceFiles()]));
