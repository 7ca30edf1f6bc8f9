/**
 * The program: arguments → command → exit code.
 *
 * @module
 */

import type { Host } from "../runtime/host.ts";
import type { CommandContext, Engines } from "./command_context.ts";
import type { CommandResult } from "./command_result.ts";
import { parseEnvFile } from "./env_file.ts";
import { exitCodeOf } from "./exit_code.ts";
import { explain } from "./explain.ts";
import { Output } from "./output.ts";
import { type Invocation, readArguments } from "./program.ts";
import { StopSignals } from "./stop_signals.ts";

export type { Engines, OpenOptions } from "./command_context.ts";

/**
 * Runs the program. It reads and writes through the host alone, and never ends the process.
 *
 * @param host The platform.
 * @param engines How URLs become databases.
 * @returns The exit code.
 */
export async function main(host: Host, engines: Engines): Promise<number> {
  const invocation = await readArguments(host.args, host.stdout.columns);
  switch (invocation.type) {
    case "text":
      host.stdout.write(invocation.text);
      return 0;
    case "wrong":
      return refuse(host, invocation);
    case "command":
      return await runCommand(host, engines, invocation);
  }
}

async function runCommand(
  host: Host,
  engines: Engines,
  { definition, input, flags }: Extract<Invocation, { readonly type: "command" }>,
): Promise<number> {
  const output = new Output(host, flags);
  const signals = new StopSignals(host, output);
  try {
    const env = await readEnvironment(host, flags.envFile);
    const context: CommandContext = { host, engines, flags, env, output, signals };
    const result: CommandResult = await definition.run(context, input);
    output.document({ command: definition.name, ...result });
    return result.exitCode;
  } catch (error) {
    const exitCode = exitCodeOf(error, signals.received);
    output.failure(explain(error, output));
    output.document({ command: definition.name, exitCode, databases: [], error });
    return exitCode;
  }
}

function refuse(host: Host, { command, error, help }: Extract<Invocation, { readonly type: "wrong" }>): number {
  const has = (flag: string): boolean => host.args.includes(flag);
  const output = new Output(host, {
    ...(has("--json") ? { json: true } : {}),
    ...(has("--ndjson") ? { ndjson: true } : {}),
    color: !has("--no-color"),
  });
  const exitCode = exitCodeOf(error);
  if (help !== undefined && output.mode === "text") output.screen.err(help);
  else output.failure(explain(error, output));
  output.document({ command, exitCode, databases: [], error });
  return exitCode;
}

/** The environment, filled up from a file. */
async function readEnvironment(host: Host, path: string | undefined): Promise<(name: string) => string | undefined> {
  if (path === undefined) return (name) => host.env(name);
  const variables = parseEnvFile(await host.readTextFile(path), path);
  return (name) => host.env(name) || variables.get(name);
}
