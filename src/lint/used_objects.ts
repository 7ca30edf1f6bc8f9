/**
 * The objects that a statement names.
 *
 * @module
 */

import { objectName, qualify } from "./names.ts";
import { as, type Node, strings, walk } from "./tree.ts";

/** What kind of object a name in `DROP`, `COMMENT` and the like is of. */
const NAMED_KINDS: Readonly<Record<string, string>> = {
  OBJECT_TABLE: "relation",
  OBJECT_VIEW: "relation",
  OBJECT_MATVIEW: "relation",
  OBJECT_SEQUENCE: "relation",
  OBJECT_FOREIGN_TABLE: "relation",
  OBJECT_TYPE: "type",
  OBJECT_DOMAIN: "type",
  OBJECT_FUNCTION: "routine",
  OBJECT_PROCEDURE: "routine",
  OBJECT_ROUTINE: "routine",
  OBJECT_AGGREGATE: "routine",
};

/**
 * Lists what a statement names.
 *
 * @param node The statement.
 * @param schema The schema of what is named without one.
 * @returns Names that compare with those of created objects; they may name what the statement itself makes, or nothing.
 */
export function usedObjects(node: Node, schema: string): ReadonlySet<string> {
  const used = new Set<string>();
  const add = (kind: string, parts: readonly string[]): void => {
    if (parts.length === 0 || parts[0] === "pg_catalog") return;
    used.add(`${kind}:${qualify(parts, schema)}`);
    if (parts.length > 1) used.add(`schema:${parts.at(-2)}`);
  };
  walk(node, (value, holder) => {
    const { relname, schemaname, names, funcname, objname } = value;
    if (typeof relname === "string") {
      add("relation", typeof schemaname === "string" ? [schemaname, relname] : [relname]);
    }
    if (Array.isArray(names) && ("typemod" in value || holder === "TypeName")) {
      add("type", strings(names));
      // The type of a row has the name of its table.
      add("relation", strings(names));
    }
    if (Array.isArray(funcname)) add("routine", strings(funcname));
    if (Array.isArray(objname)) add("routine", strings(objname));
  });
  const drop = as(node, "DropStmt");
  for (const object of drop?.objects ?? []) addNamed(drop?.removeType, object, add);
  const comment = as(node, "CommentStmt");
  addNamed(comment?.objtype, comment?.object, add);
  return used;
}

function addNamed(
  type: string | undefined,
  object: Node | undefined,
  add: (kind: string, parts: readonly string[]) => void,
): void {
  const kind = NAMED_KINDS[type ?? ""];
  const parts = objectName(object);
  if (kind !== undefined) add(kind, parts);
  // What belongs to a relation is named behind it: table.trigger, table.column.
  else if (parts.length > 1) add("relation", parts.slice(0, -1));
}
