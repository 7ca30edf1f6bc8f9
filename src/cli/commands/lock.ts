/**
 * `lock`: who holds the lock, and how to end them.
 *
 * @module
 */

import { Argument } from "commander";
import { describeHolder, type LockHolder } from "../../core/lock_holder.ts";
import { oneLine } from "../../report/printable.ts";
import type { CommandDefinition } from "../command.ts";
import type { CommandContext } from "../command_context.ts";
import type { CommandResult } from "../command_result.ts";
import { forEachDatabase, runDatabases } from "../run_databases.ts";

const NEEDS = { database: "required", files: "unused" } as const;

/** Shows who holds the lock, or ends the session that does. */
export const lock: CommandDefinition = {
  name: "lock",
  summary: "show who runs migrations, or end that session",
  topics: ["database", "databases", "connection", "question", "output"],
  description: "Show which session holds the lock of the migrations, or end that session",
  arguments: [new Argument("<action>", "what to do").choices(["status", "release"])],
  examples: ["lock status", "lock release"],
  run: (context, { args }) => args[0] === "status" ? showLock(context) : releaseLock(context),
};

function describe(holder: LockHolder): string {
  return oneLine(describeHolder(holder));
}

/** A run that loses its lease is rolled back where it stands, at its next commit. */
function describeEnd(holder: LockHolder): string {
  return `${holder.lease === undefined ? "end the session" : "take the lease from"} ${describe(holder)}`;
}

function showLock(context: CommandContext): Promise<CommandResult> {
  return forEachDatabase(context, NEEDS, async ({ runner, signal }) => {
    const lock = await runner.lockStatus({ signal });
    const line = lock.holder === null ? "The lock is free" : `The lock is held by ${describe(lock.holder)}`;
    return { layout: "line", lines: [line], fields: { lock } };
  });
}

function releaseLock(context: CommandContext): Promise<CommandResult> {
  return runDatabases(context, {
    needs: NEEDS,
    prepare: ({ runner, signal }) => runner.lockStatus({ signal }),
    confirm: (locks) => {
      const lines = locks.flatMap(({ db, value }) =>
        value.holder === null ? [] : [`  ${db}: ${describeEnd(value.holder)}`]
      );
      if (lines.length === 0) return undefined;
      return { lines: ["This would:", ...lines, "What it runs is rolled back."], question: "Go on?" };
    },
    execute: async ({ runner, signal }, { holder }) => {
      if (holder === null) {
        const lines = ["Nothing to release: the lock is free"];
        return { layout: "summary", lines, fields: { released: false, holder } };
      }
      const released = await runner.releaseLock(holder, { signal });
      // Whoever was asked has seen who it is.
      const who = context.flags.yes || holder.pid === null ? describe(holder) : `pid ${holder.pid}`;
      const ended = holder.lease === undefined ? "Ended the session" : "Took the lease from";
      const line = released ? `${ended} ${who}` : "Nothing to release: it was given back meanwhile";
      return { layout: "summary", lines: [line], fields: { released, holder } };
    },
  });
}
