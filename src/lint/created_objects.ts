/**
 * The objects that a statement makes.
 *
 * @module
 */

import { qualify } from "./names.ts";
import { alterations } from "./table_parts.ts";
import { all, as, type Node, type RangeVar, strings } from "./tree.ts";

/** Kinds of objects, as far as their names are told apart. */
export type ObjectKind =
  | "relation"
  | "index"
  | "column"
  | "constraint"
  | "trigger"
  | "policy"
  | "rule"
  | "routine"
  | "type"
  | "schema"
  | "other";

/** An object that a statement makes. */
export interface CreatedObject {
  /** What it is. */
  readonly kind: ObjectKind;
  /** Its own name, without its schema; empty where PostgreSQL chooses it. */
  readonly name: string;
  /** The name that is compared. */
  readonly key: string;
  /** The relation that it belongs to and is dropped with. */
  readonly parent: string | undefined;
}

/**
 * Lists what a statement makes.
 *
 * @param node The statement.
 * @param schema The schema of what is named without one.
 * @returns The objects; what it replaces, and what ends with the session, is left out.
 */
export function createdObjects(node: Node, schema: string): readonly CreatedObject[] {
  const made = as(node, "CreateSchemaStmt");
  const inside = (made?.schemaElts ?? []).flatMap((element) => ownObjects(element, made?.schemaname ?? schema));
  return [...ownObjects(node, schema), ...inside];
}

function ownObjects(node: Node, schema: string): readonly CreatedObject[] {
  const relation = createdRelation(node);
  if (relation !== undefined) {
    const parent = ownerOf(node);
    const object = plain("relation", partsOf(relation), schema);
    if (relation.relpersistence === "t") return [];
    return [{ ...object, parent: parent === undefined ? undefined : qualify(parent, schema) }];
  }
  const child = createdChild(node);
  if (child?.relation !== undefined) {
    return [childOf(child.kind, child.name ?? "", qualify(partsOf(child.relation), schema))];
  }
  const added = alterations(node).flatMap(({ table, command: { subtype, def } }): CreatedObject[] => {
    const parent = qualify(partsOf(table), schema);
    const column = subtype === "AT_AddColumn" ? as(def, "ColumnDef")?.colname : undefined;
    const constraint = subtype === "AT_AddConstraint" ? as(def, "Constraint")?.conname : undefined;
    if (column !== undefined) return [childOf("column", column, parent)];
    return constraint === undefined ? [] : [childOf("constraint", constraint, parent)];
  });
  const named = createdNamed(node);
  return named === undefined ? added : [plain(named.kind, named.parts, schema)];
}

function createdRelation(node: Node): RangeVar | undefined {
  const view = as(node, "ViewStmt");
  return as(node, "CreateStmt")?.relation ?? as(node, "CreateForeignTableStmt")?.base?.relation ??
    as(node, "CreateTableAsStmt")?.into?.rel ?? as(node, "SelectStmt")?.intoClause?.rel ??
    as(node, "CreateSeqStmt")?.sequence ??
    (view?.replace === true ? undefined : view?.view);
}

/** What a relation is dropped with: a partition with its table, a sequence with the table of its column. */
function ownerOf(node: Node): readonly string[] | undefined {
  const table = as(node, "CreateStmt");
  const parent = table?.partbound === undefined ? undefined : as(table.inhRelations?.[0], "RangeVar");
  if (parent !== undefined) return partsOf(parent);
  const owner = all(as(node, "CreateSeqStmt")?.options, "DefElem").find(({ defname }) => defname === "owned_by")?.arg;
  const column = strings(as(owner, "List")?.items);
  return column.length > 1 ? column.slice(0, -1) : undefined;
}

function createdChild(node: Node) {
  const index = as(node, "IndexStmt");
  if (index !== undefined) return { kind: "index", name: index.idxname, relation: index.relation } as const;
  const trigger = as(node, "CreateTrigStmt");
  if (trigger !== undefined && trigger.replace !== true) {
    return { kind: "trigger", name: trigger.trigname, relation: trigger.relation } as const;
  }
  const policy = as(node, "CreatePolicyStmt");
  if (policy !== undefined) return { kind: "policy", name: policy.policy_name, relation: policy.table } as const;
  const rule = as(node, "RuleStmt");
  if (rule === undefined || rule.replace === true) return undefined;
  return { kind: "rule", name: rule.rulename, relation: rule.relation } as const;
}

function createdNamed(node: Node): { readonly kind: ObjectKind; readonly parts: readonly string[] } | undefined {
  const routine = as(node, "CreateFunctionStmt");
  if (routine !== undefined) {
    return routine.replace === true ? undefined : { kind: "routine", parts: strings(routine.funcname) };
  }
  const type = as(node, "CreateEnumStmt")?.typeName ?? as(node, "CreateRangeStmt")?.typeName ??
    as(node, "CreateDomainStmt")?.domainname;
  if (type !== undefined) return { kind: "type", parts: strings(type) };
  const composite = as(node, "CompositeTypeStmt")?.typevar;
  if (composite !== undefined) return { kind: "type", parts: partsOf(composite) };
  const defined = as(node, "DefineStmt");
  if (defined !== undefined) {
    const kind = defined.kind === "OBJECT_AGGREGATE" ? "routine" : defined.kind === "OBJECT_TYPE" ? "type" : "other";
    return { kind, parts: strings(defined.defnames) };
  }
  const schema = as(node, "CreateSchemaStmt")?.schemaname;
  if (schema !== undefined) return { kind: "schema", parts: [schema] };
  const other = as(node, "CreateExtensionStmt")?.extname ?? as(node, "CreatePublicationStmt")?.pubname ??
    as(node, "CreateEventTrigStmt")?.trigname ?? as(node, "CreateForeignServerStmt")?.servername ??
    as(node, "CreateRoleStmt")?.role ?? as(node, "CreateFdwStmt")?.fdwname;
  return other === undefined ? undefined : { kind: "other", parts: [other] };
}

/**
 * Takes the name of a relation apart.
 *
 * @param relation The relation.
 * @returns Schema and name, or the name alone.
 */
export function partsOf({ schemaname, relname = "" }: RangeVar): readonly string[] {
  return schemaname === undefined ? [relname] : [schemaname, relname];
}

const CHILDREN: ReadonlySet<string> = new Set(["index", "column", "constraint", "trigger", "policy", "rule"]);

/**
 * Makes the name that is compared.
 *
 * @param kind What it is.
 * @param parts Its name, behind that of the relation that it belongs to and that of the schema, if there are such.
 * @param schema The schema of what is named without one.
 * @returns The name.
 */
export function objectKey(kind: ObjectKind, parts: readonly string[], schema: string): string {
  if (kind === "schema") return `schema:${parts.at(-1) ?? ""}`;
  if (!CHILDREN.has(kind)) return `${kind}:${qualify(parts, schema)}`;
  return `${kind}:${parts.length > 2 ? parts.slice(-3).join(".") : [schema, ...parts].join(".")}`;
}

function plain(kind: ObjectKind, parts: readonly string[], schema: string): CreatedObject {
  return { kind, name: parts.at(-1) ?? "", key: objectKey(kind, parts, schema), parent: undefined };
}

function childOf(kind: ObjectKind, name: string, parent: string): CreatedObject {
  return { kind, name, key: `${kind}:${parent}.${name}`, parent };
}
