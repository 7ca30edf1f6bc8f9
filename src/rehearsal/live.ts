/**
 * What a database says is applied to it. It is only read.
 *
 * @module
 */

import { parseStored } from "../core/parse.ts";
import type { MigrationRecord } from "../core/record.ts";
import type { ShadowSource } from "../core/shadow.ts";
import type { Terms } from "../runner/context.ts";
import { readSources } from "../runner/history.ts";
import type { Session } from "../runner/session.ts";
import type { Survey } from "../runner/survey.ts";
import type { Act } from "./stage.ts";

/**
 * Reads the migrations that are applied, as they were when they were applied: files may be gone, or edited.
 *
 * @param terms The role that migrations run as, if it is another one than who connects.
 * @param session The session.
 * @param found What the database says.
 * @param shadows Where they will be rehearsed.
 * @returns The migrations, in the order of application.
 */
export async function readActs(
  { settings }: Terms,
  session: Session,
  { records, readable }: Survey,
  { server }: Pick<ShadowSource, "server">,
): Promise<readonly Act[]> {
  const applied = records.filter((record) => record.isApplied).toSorted((a, b) => a.seq - b.seq);
  const sources = await readSources(session, readable, applied.map(({ name }) => name));
  return await Promise.all(applied.map(async ({ name, appliedBy }: MigrationRecord) => ({
    migration: await parseStored(name, sources.get(name) ?? ""),
    // On a server that is not ours a role may lack the rights that it has in production.
    role: settings.role ?? (server === "own" ? appliedBy ?? undefined : undefined),
  })));
}
