/**
 * Views and materialized views.
 *
 * @module
 */

import { quoteName, quoteParts } from "../../core/quote_name.ts";
import { objectKey, type SchemaObject } from "../schema.ts";
import { columnAfterwords } from "./column_sql.ts";
import { afterwordsSql } from "./object_sql.ts";
import { needsOf, type Piece, rankOf, wholeOf } from "./piece.ts";
import type { SchemaIndex } from "./schema_index.ts";
import { linesOf, phrase, storageOptions } from "./words.ts";

/**
 * Makes the pieces of a view. One that is in a ring with a function of its rows begins without what it reads.
 *
 * @param view The view or materialized view.
 * @param index The schema.
 * @returns The view with what is said of its columns.
 */
export function viewPieces(view: SchemaObject, index: SchemaIndex): readonly Piece[] {
  const key = objectKey(view);
  const columns = index.columnsOf(view);
  const isMaterialized = view.kind === "materialized view";
  const needs = [...new Set([...needsOf(view), ...columns.flatMap(({ requires }) => requires).map(wholeOf)])]
    .filter((need) => index.get(need)?.parent !== key);
  const place = [rankOf(view.kind), key, 0, key] as const;
  const whole = (replace: string): readonly string[] => [createSql(view, replace), ...afterwords(view, columns)];
  return [{
    provides: [key, ...columns.map(objectKey)],
    place,
    requires: isMaterialized ? needs : [view.parent ?? "", ...columns.flatMap(({ requires }) => requires).map(wholeOf)],
    wishes: isMaterialized ? [] : needs,
    write: (isThere) =>
      isMaterialized || needs.every(isThere) ? { statements: whole("") } : {
        statements: [placeholderSql(view, columns)],
        rest: [{
          provides: [],
          place,
          requires: needs,
          wishes: [],
          write: () => ({ statements: whole(" OR REPLACE") }),
        }],
      },
  }];
}

function createSql(view: SchemaObject, replace: string): string {
  const { attributes, kind, name } = view;
  const options = storageOptions(linesOf(attributes.options));
  const method = attributes["access method"];
  const head = phrase(
    `CREATE${replace} ${kind.toUpperCase()} ${quoteParts(name)}`,
    method === undefined ? undefined : `USING ${quoteName(method)}`,
    options === undefined ? undefined : `WITH ${options}`,
    attributes.tablespace === undefined ? undefined : `TABLESPACE ${quoteName(attributes.tablespace)}`,
    "AS",
  );
  const query = (attributes.definition ?? "").replace(/;\s*$/, "");
  return `${head}\n${query}${kind === "view" ? "" : "\n  WITH NO DATA"};`;
}

function placeholderSql(view: SchemaObject, columns: readonly SchemaObject[]): string {
  const list = columns.map(({ name, attributes: { type, collation } }) =>
    `NULL::${type}${collation === undefined ? "" : ` COLLATE ${collation}`} AS ${quoteName(name.at(-1)!)}`
  );
  return `CREATE VIEW ${quoteParts(view.name)} AS\n  SELECT ${list.join(",\n    ")};`;
}

function afterwords(view: SchemaObject, columns: readonly SchemaObject[]): readonly string[] {
  const verb = `ALTER ${view.kind.toUpperCase()} ${quoteParts(view.name)}`;
  return [
    ...afterwordsSql(view),
    ...columns.flatMap((column) => [
      ...(column.attributes.default === undefined
        ? []
        : [`${verb} ALTER COLUMN ${quoteName(column.name.at(-1)!)} SET DEFAULT ${column.attributes.default};`]),
      ...columnAfterwords(column, verb),
    ]),
  ];
}
