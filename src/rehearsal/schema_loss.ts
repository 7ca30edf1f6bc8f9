/**
 * What schemas tell of data: tables and columns that are gone, whatever statement dropped them, columns that got a type which
 * does not hold all of their values, and tables whose rows go with those of another one.
 *
 * @module
 */

import { TokenCursor } from "../core/token_cursor.ts";
import type { CatalogRow } from "../schema/make_schema.ts";
import type { SchemaKind } from "../schema/schema.ts";
import type { Routines } from "./data_effects.ts";
import { mayLose } from "./lossy_cast.ts";

/** A schema at one moment. */
export interface SchemaView {
  /** Lists what people made of a kind. */
  readonly ofKind: (kind: SchemaKind) => readonly CatalogRow[];
}

/** What became of a table or a column. */
export interface SchemaLoss {
  /** What. */
  readonly action: "drop-table" | "drop-column" | "convert";
  /** Its name, from the schema on; of a column that is still there the one that it has. */
  readonly name: readonly string[];
}

/**
 * Finds what is lost between two moments of one database. A name does not count: what was renamed is there.
 *
 * @param was The schema.
 * @param is The schema later.
 * @param first Only what is in this one counts, too.
 * @returns Tables that are gone, then columns; not those that go with their parents, as partitions do, nor generated ones.
 */
export function findSchemaLosses(was: SchemaView, is: SchemaView, first: SchemaView = was): readonly SchemaLoss[] {
  const had = (kind: SchemaKind): readonly CatalogRow[] => {
    const known = first === was ? undefined : byAddress(first, kind);
    return was.ofKind(kind).filter((row) => known?.has(addressOf(row)) ?? true);
  };
  const left = byAddress(is, "table");
  const [gone, kept] = [new Map<string, CatalogRow>(), new Set<string>()];
  const [hadTables, hadColumns] = [had("table"), had("column")];
  for (const row of hadTables) {
    if (left.has(addressOf(row))) kept.add(row[2]);
    else gone.set(row[4].join("."), row);
  }
  const types = byAddress(is, "composite type");
  for (const row of storedTypes(had("composite type"), hadTables, hadColumns)) {
    if (types.has(addressOf(row))) kept.add(row[2]);
  }
  const tables = [...gone.values()].filter((row) => !gone.has(attributeOf(row, "partition of").replaceAll('"', "")));
  const columns = byAddress(is, "column");
  const changed = hadColumns.flatMap((row): readonly SchemaLoss[] => {
    if (!kept.has(row[7]) || attributeOf(row, "inherited") + attributeOf(row, "generated") !== "") return [];
    const now = columns.get(addressOf(row));
    if (now === undefined) return [{ action: "drop-column", name: row[4] }];
    return mayLose(attributeOf(row, "type"), attributeOf(now, "type")) ? [{ action: "convert", name: now[4] }] : [];
  });
  const dropped = tables.map(([, , , , name]): SchemaLoss => ({ action: "drop-table", name }));
  return [...dropped.toSorted(byName), ...changed.toSorted(byName)];
}

/** The composite types that a table has values of: an attribute is then what a column is elsewhere. */
function storedTypes(
  types: readonly CatalogRow[],
  tables: readonly CatalogRow[],
  columns: readonly CatalogRow[],
): readonly CatalogRow[] {
  if (types.length === 0) return [];
  const places = new Set(tables.map(([, , object]) => object));
  const stored = columns.filter(([, , object]) => places.has(object));
  const used = new Set(stored.map((row) => attributeOf(row, "type").replace(/(?:\[\])+$/, "").replaceAll('"', "")));
  return types.filter((row) => used.has(row[4].join(".")));
}

/**
 * Finds the tables whose rows go with those of another one.
 *
 * @param schema The schema.
 * @param table The table, as it is written.
 * @param how What is done to it: `TRUNCATE … CASCADE` takes all that refer to it, `DELETE` those with `ON DELETE CASCADE`.
 * @returns Their names, without the table itself.
 */
export function rowsBehind(
  schema: SchemaView,
  table: string,
  how: "truncate" | "delete",
): readonly (readonly string[])[] {
  const named = schema.ofKind("table").map(([, , , , name]) => name).filter((name) => isNamed(table, name));
  const start = named.length > 1 ? named.find(([place]) => place === "public") : named[0];
  if (start === undefined) return [];
  const references = schema.ofKind("constraint").flatMap((row) => {
    const definition = attributeOf(row, "definition");
    const target = /^FOREIGN KEY .*? REFERENCES (.*)/.exec(definition)?.[1];
    if (target === undefined || attributeOf(row, "inherited") !== "") return [];
    if (how === "delete" && !/ ON DELETE CASCADE\b/.test(definition)) return [];
    const { schema: place = "", name = "" } = new TokenCursor(target).objectName() ?? {};
    return [{ from: row[4].slice(0, 2), to: `${place}.${name}` }];
  });
  const reached = new Map([[start.join("."), start]]);
  for (const key of reached.keys()) {
    for (const { from, to } of references) if (to === key) reached.set(from.join("."), from);
  }
  return [...reached.values()].slice(1).map((name) => ({ name })).toSorted(byName).map(({ name }) => name);
}

/**
 * Lists the functions and procedures that may write.
 *
 * @param schemas Schemas in which they may be.
 * @returns What they run, by name.
 */
export function routinesIn(schemas: readonly (SchemaView | undefined)[]): Routines {
  const routines = new Map<string, readonly (string | null)[]>();
  const rows = schemas.flatMap((schema) => [...schema?.ofKind("function") ?? [], ...schema?.ofKind("procedure") ?? []]);
  for (const row of rows) {
    if (attributeOf(row, "volatility") !== "") continue;
    const name = row[4][1]!;
    const body = /^(?:sql|plpgsql)$/.test(attributeOf(row, "language")) ? attributeOf(row, "body") : null;
    const bodies = routines.get(name) ?? [];
    if (!bodies.includes(body)) routines.set(name, [...bodies, body]);
  }
  return routines;
}

/**
 * Tells whether a text names something. Without a schema it may be in any.
 *
 * @param text The text, as `t`, `app.t` or `t.column`.
 * @param name The name, from the schema on.
 */
export function isNamed(text: string, name: readonly string[]): boolean {
  return text === name.join(".") || text === name.slice(1).join(".");
}

function byAddress(schema: SchemaView, kind: SchemaKind): ReadonlyMap<string, CatalogRow> {
  return new Map(schema.ofKind(kind).map((row) => [addressOf(row), row]));
}

type Named = Pick<SchemaLoss, "name">;

function byName(one: Named, other: Named): number {
  return one.name.join("\0") < other.name.join("\0") ? -1 : 1;
}

/** A column keeps its number whatever it is called, and no other one gets it. */
function addressOf([, , object, part]: CatalogRow): string {
  return `${object} ${part}`;
}

function attributeOf(row: CatalogRow, name: string): string {
  return row[11]?.[name] ?? "";
}
