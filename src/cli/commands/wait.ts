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
import type { Output } from "../output.ts";
import { forEachDatabase } from "../run_databases.ts";

const POLL_MS = 250;

/** Waits until the database answers. */
export const wait: CommandDefinition = {
  name: "wait",
  summary: "wait until the database answers",
  topics: ["database", "databases", "connection", "output"],
  options: [new Option("--timeout <time>", "how long").argParser(readDuration).default(60_000, "60s")],
  examples: ["wait", "wait --timeout 5m --all-dbs"],
  run: (context, { options }) => {
    const { timeout } = options as { readonly timeout: number };
    return forEachDatabase(context, { database: "required", files: "unused" }, async (job) => {
      const start = performance.now();
      const { version } = await poll(job, { start, timeoutMs: timeout, isShown: isShown(context.output) });
      const waitedMs = performance.now() - start;
      return {
        layout: "summary",
        lines: [`Ready after ${formatDuration(waitedMs)}`],
        fields: { waitedMs, version },
      };
    });
  },
};

/** How long to wait, and whether the reason is shown while it lasts. */
interface Patience {
  /** When it began, by `performance.now()`. */
  readonly start: number;
  readonly timeoutMs: number;
  readonly isShown: boolean;
}

function isShown(output: Output): boolean {
  return output.mode === "text" && output.verbosity !== "quiet";
}

/** Asks until there is an answer. Only a missing connection is waited out; a wrong URL stays wrong. */
async function poll(
  { runner, signal, note }: DatabaseJob,
  { start, timeoutMs, isShown }: Patience,
): Promise<{ readonly version: string }> {
  let told: string | undefined;
  while (true) {
    const leftMs = timeoutMs - (performance.now() - start);
    const limit = AbortSignal.timeout(Math.max(1, Math.ceil(leftMs)));
    try {
      return await runner.ping({ signal: AbortSignal.any([signal, limit]) });
    } catch (error) {
      if (signal.aborted || !(error instanceof MigrationError)) throw error;
      const isWaited = error.code === "CONNECTION_FAILED" || error.code === "CONNECTION_LOST" || limit.aborted;
      if (!isWaited) throw error;
      const reason = error.code === "ABORTED" ? undefined : error.message;
      const news = reason === told ? undefined : reason;
      if (performance.now() - start + POLL_MS > timeoutMs) throw timedOut(timeoutMs, isShown ? news : reason, error);
      if (news !== undefined) note([`Waiting: ${oneLine(news)}`]);
      told = news ?? told;
    }
    await pause(POLL_MS, signal);
  }
}

/** A reason that was shown is not repeated. */
function timedOut(timeoutMs: number, reason: string | undefined, cause: MigrationError): MigrationError {
  const message = `No answer within ${formatDuration(timeoutMs)}${reason === undefined ? "" : `: ${reason}`}`;
  return new MigrationError("CONNECTION_FAILED", message, { cause });
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
