/**
 * Rules about partitions.
 *
 * @module
 */

import { shown } from "../names.ts";
import { laterFile } from "../other_file.ts";
import type { Rule } from "../rule.ts";
import { alterations } from "../table_parts.ts";
import { as } from "../tree.ts";

const detachNotConcurrent: Rule = {
  id: "detach-not-concurrent",
  level: "warning",
  summary: "a partition that is detached while nobody can use the table",
  sections: "both",
  *statement({ node }, file) {
    for (const { table, command } of alterations(node)) {
      const partition = as(command.def, "PartitionCmd");
      if (command.subtype !== "AT_DetachPartition" || partition?.concurrent === true || !file.isInUse(table)) continue;
      yield {
        message: `Detaching "${shown(partition?.name)}" waits for all that use "${
          shown(table)
        }", and blocks it meanwhile`,
        hint: 'Detach it CONCURRENTLY, in a file of its own with "-- Transaction: none"',
      };
    }
  },
};

const attachScans: Rule = {
  id: "attach-partition-scans",
  level: "warning",
  summary: "a partition whose rows are read as a whole when it is attached",
  sections: "both",
  *statement(statement, file) {
    for (const { command } of alterations(statement.node)) {
      const partition = command.subtype === "AT_AttachPartition" ? as(command.def, "PartitionCmd")?.name : undefined;
      if (partition === undefined || !file.isInUse(partition)) continue;
      const checks = [...file.catalog.table(partition)?.checks.values() ?? []];
      if (checks.some(({ valid }) => valid)) continue;
      yield {
        message: `All of "${
          shown(partition)
        }" is read while nobody can read or write it, to see that its rows belong there`,
        hint: `Add a check with the same bounds NOT VALID, VALIDATE it in ${
          laterFile(statement)
        }, and attach it after that`,
      };
    }
  },
};

/** Rules about partitions. */
export const PARTITION_RULES: readonly Rule[] = [detachNotConcurrent, attachScans];
