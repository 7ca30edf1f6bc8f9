/**
 * The environment of this process.
 *
 * @module
 */

import process from "node:process";

/**
 * Reads an environment variable.
 *
 * @param name Its name.
 * @returns Its value; nothing if it is not set, or if Deno was not given the permission to read it.
 */
export function readEnvironment(name: string): string | undefined {
  try {
    return process.env[name];
  } catch {
    return undefined;
  }
}
