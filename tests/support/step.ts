/**
 * A step of a plan.
 *
 * @module
 */

import { Migration } from "../../src/core/migration.ts";
import type { Step } from "../../src/core/plan.ts";

/** Makes a step that applies a migration with this SQL. */
export async function step(name: string, sql: string, fields: Partial<Step> = {}): Promise<Step> {
  const migration = await Migration.parse(`${name}.sql`, sql);
  return {
    direction: "up",
    name,
    version: migration.version,
    transaction: "single",
    late: false,
    path: migration.path,
    checksum: migration.checksum,
    sql,
    unitsDone: 0,
    unitState: null,
    migration,
    ...fields,
  };
}
