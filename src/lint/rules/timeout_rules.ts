/**
 * Rules about time-outs.
 *
 * @module
 */

import type { LintFile } from "../lint_file.ts";
import type { Rule, Violation } from "../rule.ts";
import { setTimeout } from "../set_timeout.ts";

const WAITS: Violation = {
  message: "While this waits for a lock, everybody else who wants that table waits behind it, without end",
  hint: "Leave the time-out as it is (3 seconds, and again): what it gives up is tried anew",
};

const lockTimeoutOff: Rule = {
  id: "lock-timeout-off",
  level: "error",
  summary: "a migration that may wait for a lock without end",
  sections: "both",
  *statement({ node }, { migration }) {
    if (migration.transaction === "single" && setTimeout(node, "lock_timeout") === 0) yield WAITS;
  },
  *file(file) {
    const { transaction, lockTimeoutMs } = file.migration;
    if (transaction === "none" || lockTimeoutMs !== 0) return;
    yield { ...WAITS, offset: headerOffset(file, "lock-timeout") };
  },
};

function headerOffset({ migration }: LintFile, key: string): number {
  return Math.max(0, migration.text.search(new RegExp(`^--\\s*${key}:`, "im")));
}

const noStatementTimeout: Rule = {
  id: "require-statement-timeout",
  level: "off",
  summary: "a migration that may run for any time",
  *file({ migration, up }) {
    if ((migration.statementTimeoutMs ?? 0) > 0) return;
    if (up.some(({ node }) => (setTimeout(node, "statement_timeout") ?? 0) > 0)) return;
    yield {
      message: "Nothing ends this migration if it takes longer than expected",
      hint: 'Write "-- Statement-Timeout: 5m" into the header, or give --statement-timeout to every run',
    };
  },
};

/** Rules about time-outs. */
export const TIMEOUT_RULES: readonly Rule[] = [lockTimeoutOff, noStatementTimeout];
