/**
 * The `bin` of the npm package: runs the command line at once. It is built as a file of its own, so that `--version` loads
 * no other.
 *
 * @module
 */

import { printAskedVersion } from "../src/asked_version.ts";

type Program = typeof import("../src/run_cli.ts");

/** What is global, by runtime. Deno loads its own once somebody looks at `process`. */
interface Globals {
  readonly Deno?: unknown;
  readonly Bun?: unknown;
  readonly process?: {
    readonly getBuiltinModule?: (name: "node:module") => {
      readonly createRequire: (from: string) => (path: string) => Program;
    };
  };
}

/** Node.js loads CommonJS modules sooner: there the program is taken from where the package has it in that form, too. */
async function loadProgram(): Promise<Program> {
  const globals = globalThis as Globals;
  const isNode = globals.Deno === undefined && globals.Bun === undefined;
  const module = isNode ? globals.process?.getBuiltinModule?.("node:module") : undefined;
  return module?.createRequire(import.meta.url)("../../cjs/run_cli.cjs") ?? await import("../src/run_cli.ts");
}

if (!printAskedVersion()) {
  const { runCli } = await loadProgram();
  await runCli();
}
