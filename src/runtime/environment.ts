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

/**
 * Tells whether an environment variable can be read.
 *
 * @param name Its name.
 * @returns `false` if Deno was not given the permission.
 */
export function mayReadEnvironment(name: string): boolean {
  try {
    void process.env[name];
    return true;
  } catch {
    return false;
  }
}
