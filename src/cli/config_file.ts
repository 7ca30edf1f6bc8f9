/**
 * The configuration of a project: `metapg.json`, or the key `metapg` of `deno.json`.
 *
 * @module
 */

import { MigrationError } from "../core/error.ts";
import type { Host } from "../runtime/host.ts";

/** The configuration, as it is written. */
export interface ConfigFile {
  /** The file, for errors. */
  readonly path: string;
  /** What it says. */
  readonly value: unknown;
}

/** Where a configuration may be, and the key that it is under. */
const PLACES: readonly { readonly path: string; readonly key?: string }[] = [
  { path: "metapg.json" },
  { path: "deno.json", key: "metapg" },
  { path: "deno.jsonc", key: "metapg" },
];

/**
 * Reads the configuration from the working directory.
 *
 * @param host Reads files.
 * @returns The first that there is; `undefined` if there is none.
 * @throws {MigrationError} With code `CONFIG` if it cannot be read.
 */
export async function readConfigFile(host: Pick<Host, "readTextFile">): Promise<ConfigFile | undefined> {
  for (const { path, key } of PLACES) {
    const text = await host.readTextFile(path).catch((error: unknown) => ifAbsent(error));
    if (text === undefined) continue;
    const value = parseJsonc(text, path);
    if (key === undefined) return { path, value };
    const inner = (value as Readonly<Record<string, unknown>> | null)?.[key];
    if (inner !== undefined) return { path, value: inner };
  }
  return undefined;
}

/** What Deno does not let be read is as if it were not there. */
function ifAbsent(error: unknown): undefined {
  const { cause } = error as { readonly cause?: { readonly code?: unknown; readonly name?: unknown } };
  const isAbsent = cause === undefined || cause.code === "ENOENT" || cause.name === "NotCapable";
  if (error instanceof MigrationError && isAbsent) return undefined;
  throw error;
}

/** Comments and a comma behind the last item are allowed, as Deno allows them in its file. */
function parseJsonc(text: string, path: string): unknown {
  const pieces = /("(?:\\.|[^"\\])*")|\/\/[^\n]*|\/\*[^]*?\*\//g;
  const plain = text.replace(pieces, (_, string?: string) => string ?? " ");
  const lastCommas = /("(?:\\.|[^"\\])*")|,(?=\s*[}\]])/g;
  try {
    return JSON.parse(plain.replace(lastCommas, (_, string?: string) => string ?? ""));
  } catch (cause) {
    throw new MigrationError("CONFIG", `Cannot use the configuration in "${path}": it is not JSON`, {
      hint: cause instanceof Error ? cause.message : undefined,
      cause,
    });
  }
}
