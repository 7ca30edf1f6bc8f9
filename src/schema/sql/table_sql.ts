/**
 * Tables: what `CREATE TABLE` says, and what comes after it.
 *
 * @module
 */

import { quoteName, quoteParts } from "../../core/quote_name.ts";
import { objectKey, type SchemaObject } from "../schema.ts";
import { columnAfterwords, columnNeeds, columnSql, defaultKey } from "./column_sql.ts";
import { constraintAfterwords, constraintClause, constraintPieces, isInline, ownNeeds } from "./constraint_sql.ts";
import { attachPieces, replicaIdentityPieces } from "./index_sql.ts";
import { overridePieces, requiredSql } from "./inherited_column_sql.ts";
import { afterwordsSql } from "./object_sql.ts";
import { partitionPieces } from "./partition_sql.ts";
import { needsOf, type Piece, rankOf, wholeOf, type Written } from "./piece.ts";
import type { SchemaIndex } from "./schema_index.ts";
import { foreignOptions, linesOf, phrase, storageOptions } from "./words.ts";

/** What a table is made of. */
interface Draft {
  readonly table: SchemaObject;
  readonly key: string;
  readonly index: SchemaIndex;
  /** Its columns, in order. */
  readonly columns: readonly SchemaObject[];
  /** Those that it has of its own. */
  readonly own: readonly SchemaObject[];
  /** Constraints that may stand in it. */
  readonly constraints: readonly SchemaObject[];
  /** Sequences of identity columns, by column. */
  readonly identities: ReadonlyMap<string, SchemaObject>;
}

/**
 * Makes the pieces of a table.
 *
 * @param table The table or foreign table.
 * @param index The schema.
 * @param identities Sequences behind identity columns, by key of the column.
 * @returns The table with its columns and constraints, and what makes it a partition.
 */
export function tablePieces(
  table: SchemaObject,
  index: SchemaIndex,
  identities: ReadonlyMap<string, SchemaObject>,
): readonly Piece[] {
  const key = objectKey(table);
  const columns = index.columnsOf(table);
  const isInherited = (object: SchemaObject) =>
    table.attributes["partition of"] === undefined && object.attributes.inherited === "yes";
  const own = columns.filter((column) => !isInherited(column));
  const all = index.partsOf(key, "constraint").filter((constraint) => !isInherited(constraint));
  const constraints = all.filter((constraint) => isInline(constraint, table));
  const draft: Draft = { table, key, index, columns, own, constraints, identities };
  return [
    {
      provides: [key, ...columns.flatMap((column) => [objectKey(column), ...identityKeys(column, identities)])],
      place: [rankOf("table"), key, 0, key],
      requires: [...needsOf(table), ...own.flatMap((column) => columnNeeds(column).hard).map(wholeOf)],
      wishes: [...own.flatMap((column) => columnNeeds(column).soft), ...constraints.flatMap(ownNeeds)]
        .filter((wish) => !wish.startsWith("column ") || index.get(wish)?.parent !== key),
      write: (isThere) => writeTable(draft, isThere),
    },
    ...all.filter((constraint) => !constraints.includes(constraint)).flatMap((constraint) =>
      constraintPieces(constraint, table, index)
    ),
    ...all.flatMap((constraint) =>
      attachPieces(constraint, {
        key: objectKey(constraint),
        parent: key,
        indexName: [constraint.name[0]!, constraint.name[2]!],
      })
    ),
    ...overridePieces(columns.filter((column) => !own.includes(column)), table, index),
    ...replicaIdentityPieces(table, index),
    ...partitionPieces(table, index),
  ];
}

function identityKeys(column: SchemaObject, identities: ReadonlyMap<string, SchemaObject>): readonly string[] {
  const sequence = identities.get(objectKey(column));
  return sequence === undefined ? [] : [objectKey(sequence)];
}

function writeTable(draft: Draft, isThere: (key: string) => boolean): Written {
  const { table, key, index, columns, own, constraints, identities } = draft;
  const isOfTable = (needed: string) => index.get(needed)?.parent === key || isThere(needed);
  const late = own.filter((column) => !columnNeeds(column).soft.every(isOfTable));
  const outside = constraints.filter((constraint) => !ownNeeds(constraint).every(isOfTable));
  const lines = table.attributes["of type"] === undefined
    ? own.map((column) =>
      columnSql(
        column,
        identities.get(objectKey(column)),
        late.includes(column) ? undefined : column.attributes.default,
      )
    )
    : columns.flatMap(typedColumn);
  const inline = constraints.filter((constraint) => !outside.includes(constraint));
  const all = [...lines, ...inline.map(constraintClause)];
  const verb = `ALTER TABLE ONLY ${quoteParts(table.name)}`;
  const wasForeign = table.kind === "foreign table" ? `ALTER FOREIGN TABLE ${quoteParts(table.name)}` : verb;
  return {
    statements: [
      createSql(table, all),
      ...tableSettings(table, verb),
      ...columns.flatMap((column) => [
        ...(own.includes(column) ? [] : requiredSql(column, table, index)),
        ...columnAfterwords(column, wasForeign),
      ]),
      ...afterwordsSql(table),
      ...inline.flatMap(constraintAfterwords),
      ...columns.flatMap((column) => sequenceAfterwords(identities.get(objectKey(column)))),
    ],
    rest: [
      ...late.map((column): Piece => ({
        provides: [defaultKey(column)],
        place: [rankOf("table"), key, 1, defaultKey(column)],
        requires: columnNeeds(column).soft,
        wishes: [],
        write: () => ({
          statements: [
            `${verb} ALTER COLUMN ${quoteName(column.name.at(-1)!)} SET DEFAULT ${column.attributes.default};`,
          ],
        }),
      })),
      ...outside.flatMap((constraint) => constraintPieces(constraint, table, index)),
    ],
  };
}

function createSql(table: SchemaObject, lines: readonly string[]): string {
  const { attributes } = table;
  const { unlogged, inherits, server, tablespace } = attributes;
  const list = lines.length === 0 ? "" : `(\n  ${lines.join(",\n  ")}\n)`;
  const isTyped = attributes["of type"] !== undefined;
  const options = storageOptions(linesOf(attributes.options));
  return `${
    phrase(
      phrase(
        "CREATE",
        unlogged === undefined ? undefined : "UNLOGGED",
        table.kind.toUpperCase(),
        quoteParts(table.name),
      ),
      isTyped ? `OF ${attributes["of type"]}` : undefined,
      list === "" && !isTyped ? "()" : list,
      inherits === undefined ? undefined : `INHERITS (${linesOf(inherits).join(", ")})`,
      attributes["partition key"] === undefined ? undefined : `PARTITION BY ${attributes["partition key"]}`,
      attributes["access method"] === undefined ? undefined : `USING ${quoteName(attributes["access method"])}`,
      options === undefined ? undefined : `WITH ${options}`,
      tablespace === undefined ? undefined : `TABLESPACE ${quoteName(tablespace)}`,
      server === undefined ? undefined : `SERVER ${quoteName(server)}`,
      foreignOptions(linesOf(attributes["foreign options"]), quoteName),
    )
  };`;
}

/** A typed table names only columns that it has more to say of than their type. */
function typedColumn(column: SchemaObject): readonly string[] {
  const { default: value, "not null": notNull } = column.attributes;
  const clauses = phrase(
    value === undefined ? undefined : `DEFAULT ${value}`,
    notNull === undefined ? undefined : "NOT NULL",
  );
  return clauses === "" ? [] : [`${quoteName(column.name.at(-1)!)} WITH OPTIONS ${clauses}`];
}

function tableSettings({ attributes }: SchemaObject, verb: string): readonly string[] {
  const identity = attributes["replica identity"];
  return [
    ...(attributes["row level security"] === undefined ? [] : [`${verb} ENABLE ROW LEVEL SECURITY;`]),
    ...(attributes["row level security for owner"] === undefined ? [] : [`${verb} FORCE ROW LEVEL SECURITY;`]),
    ...(identity === "full" || identity === "nothing" ? [`${verb} REPLICA IDENTITY ${identity.toUpperCase()};`] : []),
  ];
}

/** The sequence of an identity column has what its table has; only comment and privileges are its own. */
function sequenceAfterwords(sequence: SchemaObject | undefined): readonly string[] {
  if (sequence === undefined) return [];
  const { owner: _, ...attributes } = sequence.attributes;
  return afterwordsSql({ ...sequence, attributes });
}
