/**
 * What a database says is applied to it. It is only read.
 *
 * @module
 */

import { parseStored } from "../core/parse.ts";
import { hasRun, type MigrationRecord } from "../core/record.ts";
import type { ShadowSource } from "../core/shadow.ts";
import type { Terms } from "../runner/context.ts";
import { readSources } from "../runner/history.ts";
import type { Session } from "../runner/session.ts";
import type { Survey } from "../runner/survey.ts";
import type { Act } from "./stage.ts";

/** A migration as the history holds it. */
export interface StoredAct extends Act {
  /** Its row. */
  readonly record: MigrationRecord;
}

/**
 * Reads the migrations that are applied, as they were when they were applied: files may be gone, or edited.
 *
 * @param terms The role that migrations run as, if it is another one than who connects.
 * @param session The session.
 * @param found What the database says.
 * @param shadows Where they will be rehearsed.
 * @param which Those that are applied, or with those that are part-way.
 * @returns The migrations, in the order of application.
 */
export async function readActs(
  { settings }: Terms,
  session: Session,
  { records, readable }: Survey,
  { server }: Pick<ShadowSource, "server">,
  which: "applied" | "begun" = "applied",
): Promise<readonly StoredAct[]> {
  const wanted = records.filter((record) => which === "begun" ? hasRun(record) : record.isApplied)
    .toSorted((a, b) => a.seq - b.seq);
  const sources = await readSources(session, readable, wanted.map(({ name }) => name));
  const last = lastUser(records);
  return await Promise.all(wanted.map(async (record) => ({
    record,
    migration: await parseStored(record.name, sources.get(record.name) ?? ""),
    // On a server that is not ours a role may lack the rights that it has in production.
    role: settings.role ?? (server === "own" ? record.appliedBy ?? last : undefined),
  })));
}

/**
 * Finds who ran migrations last.
 *
 * @param records The rows of the history, in the order of application.
 * @returns The role, if any row tells.
 */
export function lastUser(records: readonly MigrationRecord[]): string | undefined {
  return records.findLast(({ appliedBy }) => appliedBy !== null)?.appliedBy ?? undefined;
}
