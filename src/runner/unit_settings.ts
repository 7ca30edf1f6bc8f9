/**
 * What the units of a migration run under.
 *
 * @module
 */

import { MigrationError } from "../core/error.ts";
import type { Step } from "../core/plan.ts";
import { sessionStatements } from "../core/session_statements.ts";
import type { Unit } from "../core/unit.ts";
import { type Run, settingsOf } from "./context.ts";
import { settingsSql } from "./transaction.ts";

/**
 * Writes what a step's units run under: no `lock_timeout` unless it is asked for, for one inside of a `CONCURRENTLY`
 * leaves an INVALID index.
 *
 * @param run The run.
 * @param step The step.
 * @param scope For the session, or for a transaction.
 * @returns Statements.
 */
export function unitSettings(run: Run, step: Step, scope: "SESSION" | "LOCAL" = "SESSION"): readonly string[] {
  const { settings } = run.context;
  const times = settingsOf(step, settings);
  return settingsSql({
    ...times,
    lockTimeoutMs: times.lockTimeoutMs ?? 0,
    role: settings.role,
    session: settings.session,
  }, scope);
}

/**
 * Writes what the transaction of a unit begins with where a session holds no longer than that: the settings of all units,
 * and what the units before it set.
 *
 * @param run The run.
 * @param step The step.
 * @param units All units of the section.
 * @param unit The unit.
 * @returns Statements; none where they were run for the session.
 */
export function transactionSettings(run: Run, step: Step, units: readonly Unit[], unit: Unit): readonly string[] {
  if (run.session.scope === "session") return [];
  const left = sessionStatements(units, unit.number - 1);
  return [...unitSettings(run, step, "LOCAL"), ...left.map(({ sql }) => `${sql}\n;`)];
}

/**
 * Refuses what cannot be had behind a pooler: a statement that runs outside a transaction is alone in its message, so that
 * nothing can be set for it.
 *
 * @param run The run.
 * @param step The step.
 * @param units All units of the section.
 * @param unitsDone How many of them are finished.
 * @throws A {@linkcode MigrationError} with code `CONFIG`.
 */
export function refuseUnitSettings(run: Run, step: Step, units: readonly Unit[], unitsDone: number): void {
  const { role, session } = run.context.settings;
  const { lockTimeoutMs, statementTimeoutMs } = settingsOf(step, run.context.settings);
  const alone = units.findLast((unit) => unit.mode === "alone" && unit.number > unitsDone);
  if (run.session.scope === "session" || alone === undefined) return;
  const [left] = sessionStatements(units, alone.number - 1);
  const asked = [
    ...(role === undefined ? [] : ["a role"]),
    ...(session.length === 0 ? [] : ["session statements"]),
    ...(lockTimeoutMs === undefined || lockTimeoutMs === 0 ? [] : ["a lock time-out"]),
    ...(statementTimeoutMs === undefined ? [] : ["a statement time-out"]),
    ...(left === undefined ? [] : ["what the units before it set"]),
  ];
  if (asked.length === 0) return;
  throw new MigrationError(
    "CONFIG",
    `Cannot run "${step.name}" behind a pooler: ${
      asked.join(" and ")
    } cannot be set for its unit ${alone.number}, which runs outside a transaction`,
    { hint: "Run it over a connection to the server itself" },
  );
}
