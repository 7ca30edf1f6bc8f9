/**
 * What the benchmark runs on.
 *
 * @module
 */

import { cpus, release, totalmem, type as systemName } from "node:os";
import type { Machine } from "./results.ts";

/** Describes the machine, without the servers. */
export function thisMachine(): Pick<Machine, "system" | "processor" | "cores" | "memoryGb"> {
  const processors = cpus();
  return {
    system: `${systemName()} ${release()}`,
    processor: processors[0]?.model.trim() ?? "unknown",
    cores: processors.length,
    memoryGb: Math.round(totalmem() / 1e9),
  };
}
