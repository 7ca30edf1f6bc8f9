/**
 * What the units of a migration run under.
 *
 * @module
 */

import { MigrationError } from "../core/error.ts";
import type { Step } from "../core/plan.ts";
import type { Unit } from "../core/unit.ts";
import { type Run, settingsOf } from "./context.ts";
import { settingsSql } from "./transaction.ts";

/**
 * Writes what a step's units run under: no `lock_timeout` unless it is asked for, for one inside of a `CONCURRENTLY`
 * leaves an INVALID index.
 *
 * @param run The run.
 * @param step The step.
 * @returns Statements for the session, or, where a session holds for a transaction only, for every unit's transaction.
 */
export function unitSettings(run: Run, step: Step): readonly string[] {
  const { settings } = run.context;
  const times = settingsOf(step, settings);
  return settingsSql({
    ...times,
    lockTimeoutMs: times.lockTimeoutMs ?? 0,
    role: settings.role,
    session: settings.session,
  }, run.session.scope === "session" ? "SESSION" : "LOCAL");
}

/**
 * Refuses what cannot be had behind a pooler: a statement that runs outside a transaction is alone in its message, so that
 * nothing can be set for it.
 *
 * @param run The run.
 * @param step The step.
 * @param units The units that are to run.
 * @throws A {@linkcode MigrationError} with code `CONFIG`.
 */
export function refuseUnitSettings(run: Run, step: Step, units: readonly Unit[]): void {
  const { role, session } = run.context.settings;
  const { lockTimeoutMs, statementTimeoutMs } = settingsOf(step, run.context.settings);
  const alone = units.find((unit) => unit.mode === "alone");
  if (run.session.scope === "session" || alone === undefined) return;
  const asked = [
    ...(role === undefined ? [] : ["a role"]),
    ...(session.length === 0 ? [] : ["session statements"]),
    ...(lockTimeoutMs === undefined || lockTimeoutMs === 0 ? [] : ["a lock time-out"]),
    ...(statementTimeoutMs === undefined ? [] : ["a statement time-out"]),
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
