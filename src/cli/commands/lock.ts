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
        value.holder === null ? [] : [`  ${db}: end the session ${describe(value.holder)}`]
      );
      if (lines.length === 0) return undefined;
      return { lines: ["This would:", ...lines, "What it runs is rolled back."], question: "End it?" };
    },
    execute: async ({ runner, signal }, { holder }) => {
      if (holder === null) {
        return { layout: "summary", lines: ["Nothing to release: the lock is free"], fields: { released: false } };
      }
      const released = await runner.releaseLock(holder.pid, { signal });
      // Whoever was asked has seen who it is.
      const who = context.flags.yes ? describe(holder) : `pid ${holder.pid}`;
      const line = released ? `Ended the session ${who}` : "The session ended by itself";
      return { layout: "summary", lines: [line], fields: { released, holder } };
    },
  });
}
