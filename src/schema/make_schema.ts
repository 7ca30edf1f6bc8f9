/**
 * Rows of the catalog → schema.
 *
 * @module
 */

import { type Privilege, privilegeLines } from "./privileges.ts";
import { CURRENT_ROLE, quoteRole } from "./quote_role.ts";
import { addressKey, type DependencyRow, findRequirements } from "./requirements.ts";
import { spreadArrayCast } from "./array_cast.ts";
import { hideSecrets } from "./secret_options.ts";
import { UNQUALIFIED_SINCE, unqualifyColumns } from "./view_text.ts";
import { objectKey, type Schema, type SchemaKind, type SchemaObject } from "./schema.ts";

/** An object as `catalogSql()` selects it. */
export type CatalogRow = readonly [
  kind: SchemaKind,
  catalog: string,
  object: string,
  part: number,
  name: readonly string[],
  signature: string | null,
  parentCatalog: string,
  parent: string,
  owner: string | null,
  privileges: readonly Privilege[] | null,
  comment: string | null,
  /** None of what people did not make. */
  attributes: Readonly<Record<string, string>> | null,
  /** What privileges there were at first, where the kind does not say so. */
  first: readonly Privilege[] | null,
];

/** What was read. */
export interface CatalogContent {
  /** The server's version. */
  readonly server: number;
  /** The role whose objects need no mention of it. */
  readonly owner: string;
  /** The objects, in any order. */
  readonly rows: readonly CatalogRow[];
  /** What depends on what. */
  readonly dependencies: readonly DependencyRow[];
}

/** Kinds that are nothing without the object that they are a part of. */
const PARTS: ReadonlySet<SchemaKind> = new Set(
  ["column", "constraint", "domain constraint", "index", "trigger", "rule", "policy", "statistics"] as const,
);

/** Kinds whose owner follows from what they are. */
const UNOWNED: ReadonlySet<SchemaKind> = new Set(["database", "default privileges"] as const);

/** Attributes that hold expressions. */
const EXPRESSIONS = ["definition", "default", "generated", "using", "check"] as const;

/** Kinds whose options may be secrets. */
const FOREIGN: ReadonlySet<SchemaKind> = new Set(["foreign-data wrapper", "server", "user mapping"] as const);

/** Who owns `public` from the start, by version. */
const FIRST_OWNERS: ReadonlySet<string> = new Set(["pg_database_owner", "postgres"]);

/** The identifier of the schema `public` that came with the database. */
const FIRST_PUBLIC = "2200";

/**
 * Makes a schema of what was read.
 *
 * @param content What was read.
 * @returns The schema, without the tables of this tool.
 */
export function makeSchema(content: CatalogContent): Schema {
  const rows = withParents(content.rows);
  const keys = new Map<string, string>();
  const named = rows.map((row) => {
    const [kind, , , , , signature] = row;
    const object = { kind, name: nameOf(row, content), ...(signature === null ? {} : { signature }) };
    const key = objectKey(object);
    if (!isFound(row)) keys.set(addressKey([row[1], row[2], row[3]]), key);
    return { row, object, key };
  });
  const required = findRequirements(keys, content.dependencies);
  const objects = named.toSorted(byKey).flatMap(({ row, object, key }): readonly SchemaObject[] => {
    const parent = keys.get(addressKey([row[6], row[7], 0]));
    const whole = {
      ...object,
      ...(parent === undefined ? {} : { parent }),
      attributes: attributesOf(row, content),
      requires: [...required.get(key) ?? []].filter((other) => other !== parent).toSorted(),
    };
    if (!isFound(row)) return [whole];
    const { privileges } = whole.attributes;
    if (privileges === undefined) return [];
    const origin = parent === undefined ? "server" : "extension";
    return [{ ...whole, origin, attributes: { privileges }, requires: [] }];
  });
  return { server: content.server, objects };
}

/** What people did not make needs nothing, and nothing that they made is a part of it. */
function isFound([, , , , , , , , , , , attributes]: CatalogRow): boolean {
  return attributes === null;
}

/** What hangs on an object that is left out, as an index on a table of an extension, goes with it. */
function withParents(rows: readonly CatalogRow[]): readonly CatalogRow[] {
  const made = rows.filter((row) => !isFound(row));
  const known = new Set(made.map((row) => addressKey([row[1], row[2], 0])));
  return rows.filter((row) =>
    isFound(row) || row[7] === "0" || !PARTS.has(row[0]) || known.has(addressKey([row[6], row[7], 0]))
  );
}

function nameOf([kind, , , , name]: CatalogRow, { owner }: CatalogContent): readonly string[] {
  const isOwn = (part: string | undefined) => part === owner;
  if (kind === "default privileges" && isOwn(name[0])) return [CURRENT_ROLE, ...name.slice(1)];
  if (kind === "user mapping" && isOwn(name[1])) return [name[0]!, CURRENT_ROLE];
  return name;
}

function attributesOf(row: CatalogRow, { server, owner: self }: CatalogContent): Readonly<Record<string, string>> {
  const [kind, , object, , name, , , , ownerName, privileges, comment, own, first] = row;
  const isFirstPublic = kind === "schema" && object === FIRST_PUBLIC;
  const role = (name: string): string => name === self ? CURRENT_ROLE : name;
  const owner = ownerName === null || isFirstPublic && FIRST_OWNERS.has(ownerName) ? undefined : role(ownerName);
  const named = (list: readonly Privilege[]) =>
    list.map(([grantee, ...rest]): Privilege => [grantee === null ? null : role(grantee), ...rest]);
  const lines = privileges === null ? [] : privilegeLines(named(privileges), {
    kind: kind === "default privileges" ? name[2] ?? "" : kind,
    owner: kind === "default privileges" && name[1] !== "" || ownerName === null ? undefined : role(ownerName),
    server,
    ...(first === null ? {} : { first: named(first) }),
  });
  return {
    ...shownOf(kind, own ?? {}, server),
    ...(owner === undefined || owner === CURRENT_ROLE || UNOWNED.has(kind) ? {} : { owner: quoteRole(owner) }),
    ...(lines.length === 0 ? {} : { privileges: lines.join("\n") }),
    ...(comment === null || isFirstComment(row) ? {} : { comment }),
  };
}

/** What is in the catalog, as every version would say it and without secrets. */
function shownOf(
  kind: SchemaKind,
  own: SchemaObject["attributes"],
  server: number,
): SchemaObject["attributes"] {
  const { options } = own;
  const spread = EXPRESSIONS.flatMap((name): [string, string][] => {
    const text = own[name];
    return text === undefined ? [] : [[name, spreadArrayCast(text)]];
  });
  const { definition } = Object.fromEntries(spread) as { readonly definition?: string };
  const isView = definition !== undefined && (kind === "view" || kind === "materialized view");
  return {
    ...own,
    ...Object.fromEntries(spread),
    ...(isView && server < UNQUALIFIED_SINCE ? { definition: unqualifyColumns(definition) } : {}),
    ...(options !== undefined && FOREIGN.has(kind) ? { options: hideSecrets(kind, options) } : {}),
  };
}

/** The comment of an extension is what the server's files say; the one of `public` came with the database. */
function isFirstComment([kind, , , , name, , , , , , comment]: CatalogRow): boolean {
  return kind === "extension" || kind === "schema" && name[0] === "public" && comment === "standard public schema";
}

function byKey(a: { readonly key: string }, b: { readonly key: string }): number {
  return a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
}
