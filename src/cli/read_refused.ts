/**
 * Reads what can be read of files that are refused.
 *
 * @module
 */

import { Migration } from "../core/migration.ts";
import { readStored } from "../core/migration_fields.ts";
import type { ProblemCode } from "../core/problem.ts";
import type { LoadedFiles } from "../runner/load.ts";

/** What is refused for anything else may not be cut where it should be: `-- Rollback` leaves its rollback in the up section. */
const READABLE: ReadonlySet<ProblemCode> = new Set(["refused-statement", "header"]);

/**
 * Makes migrations of files that are refused for a statement or for their header alone: they can be looked at, but must
 * not run.
 *
 * @param files All files of a folder.
 * @returns Those migrations.
 */
export async function readRefused({ migrations, outlines, problems }: LoadedFiles): Promise<readonly Migration[]> {
  const known = new Set(migrations.map(({ path }) => path));
  for (const { code, severity, path = "" } of problems) {
    if (severity === "error" && !READABLE.has(code)) known.add(path);
  }
  const read = outlines.filter(({ path }) => !known.has(path)).map(async ({ name, text, path }) => {
    const { fields } = await readStored(name, text);
    return fields === undefined ? [] : [new Migration({ ...fields, path })];
  });
  return (await Promise.all(read)).flat();
}
