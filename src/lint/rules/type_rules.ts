/**
 * Rules about the types of columns.
 *
 * @module
 */

import { isFreeTypeChange } from "../free_type_change.ts";
import { shown } from "../names.ts";
import { laterFile } from "../other_file.ts";
import type { Rule } from "../rule.ts";
import { alterations } from "../table_parts.ts";
import { as, type Node, strings, typeFacts } from "../tree.ts";

const typeChange: Rule = {
  id: "type-change-rewrites",
  level: "error",
  summary: "a column that gets another type, for which the whole table is written anew",
  sections: "both",
  *statement(statement, file) {
    for (const { table, command } of alterations(statement.node)) {
      const definition = command.subtype === "AT_AlterColumnType" ? as(command.def, "ColumnDef") : undefined;
      if (definition === undefined || !file.isInUse(table)) continue;
      const { name = "" } = command;
      const known = file.catalog.table(table)?.columns.get(name)?.type;
      if (isPlain(definition.raw_default, name) && isFreeTypeChange(known, typeFacts(definition.typeName))) continue;
      yield {
        message: `Changing the type of "${name}" ${known === undefined ? "may write" : "writes"} all of "${
          shown(table)
        }" anew while nobody can read or write it${
          statement.section === "up" ? ", and code that runs may rely on the old one" : ""
        }`,
        hint: "Add a column of the new type, write to both, fill it in batches, read from it, and drop the old one",
        offset: statement.at(definition.location),
      };
    }
  },
};

const typeChangeScans: Rule = {
  id: "type-change-scans",
  level: "error",
  summary: "a column that gets another type and has a check, which is proved anew",
  sections: "both",
  *statement(statement, file) {
    for (const { table, command } of alterations(statement.node)) {
      const definition = command.subtype === "AT_AlterColumnType" ? as(command.def, "ColumnDef") : undefined;
      const { name = "" } = command;
      if (definition === undefined || !file.isInUse(table)) continue;
      const facts = file.catalog.table(table);
      const check = [...facts?.checks ?? []].find(([, { valid, columns }]) => valid && columns.has(name));
      if (check === undefined) continue;
      yield {
        message: `Proving "${check[0]}" anew reads all of "${shown(table)}" while nobody can read or write it`,
        hint: `Drop the check in this transaction, add it again NOT VALID, and VALIDATE it in ${laterFile(statement)}`,
        offset: statement.at(definition.location),
      };
    }
  },
};

/** Whether USING takes the column as it is, if it is there at all. */
function isPlain(using: Node | undefined, column: string): boolean {
  if (using === undefined) return true;
  const cast = as(using, "TypeCast");
  const reference = as(cast?.arg ?? using, "ColumnRef");
  return strings(reference?.fields).at(-1) === column;
}

/** Rules about the types of columns. */
export const TYPE_RULES: readonly Rule[] = [typeChange, typeChangeScans];
