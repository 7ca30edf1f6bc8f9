/**
 * Files of part-way migrations that were edited: what ran of them already must be the same as it was.
 *
 * @module
 */

import { tokenChecksum } from "../core/checksum.ts";
import { MigrationError } from "../core/error.ts";
import type { Migration } from "../core/migration.ts";
import { parseStored } from "../core/parse.ts";
import type { Difference } from "../core/status.ts";
import { sectionOf } from "../core/step_section.ts";
import { splitUnits } from "../core/unit.ts";
import type { Context } from "./context.ts";
import { readSources } from "./history.ts";
import type { Session } from "./session.ts";

/**
 * Refuses part-way migrations whose file differs where it ran already.
 *
 * @param context The database.
 * @param session A session, for the stored texts.
 * @param purpose What the files are to be taken for.
 * @param differences Rows of the history, each with its file; those that are not part-way are left alone.
 * @throws A {@linkcode MigrationError} with code `CHANGED`.
 */
export async function refuseEditedUnits(
  { table }: Context,
  session: Session,
  purpose: "resume" | "repair",
  differences: readonly Difference[],
): Promise<void> {
  const edited = differences.filter(({ record, migration }) =>
    record.partial !== null && record.checksum !== migration.checksum
  );
  const sources = await readSources(session, table, edited.map(({ record }) => record.name));
  for (const { migration, record } of edited) {
    const { name, partial, unitsDone, unitState } = record;
    const refusal = (what: string, hint: string) =>
      new MigrationError("CHANGED", `Cannot ${purpose} "${migration.name}": ${what}`, { hint });
    if (migration.transaction === "single") {
      const hint = `Restore that line: ${name} is part-way, and what is finished of it is committed`;
      throw refusal('its header no longer says "Transaction: none"', hint);
    }
    const begun = (unitsDone ?? 0) + (unitState === "started" ? 1 : 0);
    const finished = async (of: Migration) => {
      const units = splitUnits(sectionOf({ direction: partial!, migration: of })).slice(0, begun);
      return (await Promise.all(units.map((unit) => tokenChecksum(unit.section.sql)))).join();
    };
    const stored = await parseStored(name, sources.get(name) ?? "");
    if (await finished(stored) === await finished(migration)) continue;
    const first = begun === 1 ? "first statement" : `first ${begun} statements`;
    const [of, which] = partial === "up" ? ["", `its ${first}`] : [" of its rollback", `the ${first} of its rollback`];
    throw refusal(
      `statements${of} that ran already were edited`,
      `Restore ${which}; show ${name} prints it as it ran${unitState === "started" ? editHint(name, begun) : ""}`,
    );
  }
}

/** The end of the last one is not known: where nothing of it has to be kept, it may be another one. */
function editHint(name: string, unit: number): string {
  return `; if unit ${unit} may run as it is now, say repair --again ${name}:${unit} first`;
}
