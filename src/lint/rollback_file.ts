/**
 * A migration as rules see it when it is rolled back.
 *
 * @module
 */

import { objectKey } from "./created_objects.ts";
import type { LintFile } from "./lint_file.ts";
import { qualify } from "./names.ts";
import { isDropped, sectionObjects } from "./section_objects.ts";

/**
 * Makes what rules see of a rollback. By then all that the migration made is in use, but for what the rollback drops as a
 * whole: whoever runs it gives that up.
 *
 * @param file The migration, after its up section.
 * @returns It, with a catalog of its own.
 */
export function rollbackFile(file: LintFile): LintFile {
  const by = `rollback of ${file.migration.name}`;
  const catalog = file.catalog.copy();
  catalog.begin(by);
  const section = sectionObjects(file.rollback, file.project.created.get(file.migration.name));
  return {
    ...file,
    catalog,
    isNew: (maker) => maker === by,
    isInUse: (relation) =>
      relation?.relpersistence !== "t" && catalog.creatorOf(relation) !== by &&
      !isDropped(catalog.keyOf(relation), section),
    isMadeHere: (kind, parts) =>
      section.made.has(objectKey(kind, parts, catalog.schema)) || isDropped(qualify(parts, catalog.schema), section),
  };
}
