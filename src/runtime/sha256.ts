/**
 * SHA-256 by the runtime itself.
 *
 * @module
 */

import process from "node:process";
import type { Sha256 } from "../core/reader.ts";

/**
 * Finds what hashes at once: every call of Web Crypto is a task of its own, which takes many times longer than the hash of
 * a file of a few lines. It is loaded when it is first needed.
 *
 * @returns It; `undefined` where the runtime is too old to have it without an import.
 */
export function runtimeSha256(): Sha256 | undefined {
  const { getBuiltinModule } = process;
  if (getBuiltinModule === undefined) return undefined;
  let crypto: typeof import("node:crypto") | undefined;
  return (bytes) => {
    crypto ??= getBuiltinModule("node:crypto");
    // Node 20.12 and newer: without an object for each hash it takes a third of the time.
    return crypto.hash?.("sha256", bytes) ?? crypto.createHash("sha256").update(bytes).digest("hex");
  };
}
