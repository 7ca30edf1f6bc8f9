/**
 * `wait`: until a database answers.
 *
 * @module
 */

import { Option } from "commander";
import { formatDuration } from "../../core/duration.ts";
import { MigrationError } from "../../core/error.ts";
import { oneLine } from "../../report/printable.ts";
import type { CommandDefinition } from "../command.ts";
import type { DatabaseJob } from "../database_job.ts";
import { readDuration } from "../flag_values.ts";
import { forEachDatabase } from "../run_databases.ts";

const POLL_MS = 250;

/** Waits until the database answers. */
export const wait: CommandDefinition = {
  name: "wait",
  summary: "wait until the database answers",
  options: [new Option("--timeout <time>", "how long").argParser(readDuration).default(60_000, "60s")],
  examples: ["wait", "wait --timeout 5m --all-dbs"],
  run: (context, { options }) => {
    const { timeout } = options as { readonly timeout: number };
    return forEachDatabase(context, { database: "required", files: "unused" }, async (job) => {
      const start = performance.now();
      const { version } = await poll(job, start, timeout);
      const waitedMs = performance.now() - start;
      return {
        layout: "summary",
        lines: [`Ready after ${formatDuration(waitedMs)}`],
        fields: { waitedMs, version },
      };
    });
  },
};

/** Asks until there is an answer. Only a missing connection is waited out; a wrong URL stays wrong. */
async function poll(
  { runner, signal, note }: DatabaseJob,
  start: number,
  timeoutMs: number,
): Promise<{ readonly version: string }> {
  for (let attempt = 1;; attempt++) {
    const leftMs = timeoutMs - (performance.now() - start);
    const limit = AbortSignal.timeout(Math.max(1, Math.ceil(leftMs)));
    try {
      return await runner.ping({ signal: AbortSignal.any([signal, limit]) });
    } catch (error) {
      if (signal.aborted || !(error instanceof MigrationError)) throw error;
      const isWaited = error.code === "CONNECTION_FAILED" || error.code === "CONNECTION_LOST" || limit.aborted;
      if (!isWaited) throw error;
      if (performance.now() - start + POLL_MS > timeoutMs) throw timedOut(timeoutMs, error);
      if (attempt === 1) note([`Waiting: ${oneLine(error.message)}`]);
    }
    await pause(POLL_MS, signal);
  }
}

function timedOut(timeoutMs: number, cause: MigrationError): MigrationError {
  const last = cause.code === "ABORTED" ? "" : `: ${cause.message}`;
  return new MigrationError("CONNECTION_FAILED", `No answer within ${formatDuration(timeoutMs)}${last}`, { cause });
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(new MigrationError("ABORTED", "Cancelled while waiting for the database"));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, ms);
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
}
