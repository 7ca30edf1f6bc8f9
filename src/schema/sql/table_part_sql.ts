/**
 * Triggers, rules, policies and statistics.
 *
 * @module
 */

import { quoteName, quoteParts } from "../../core/quote_name.ts";
import { objectKey, type SchemaObject } from "../schema.ts";
import { afterwordsSql } from "./object_sql.ts";
import { partitionKeys } from "./partition_sql.ts";
import { type Piece, rankOf, wholeOf } from "./piece.ts";
import type { SchemaIndex } from "./schema_index.ts";
import { linesOf, phrase } from "./words.ts";

const FIRED: Readonly<Record<string, string>> = {
  disabled: "DISABLE",
  replica: "ENABLE REPLICA",
  always: "ENABLE ALWAYS",
  origin: "ENABLE",
};

/**
 * Makes the piece of something that hangs on a table or view.
 *
 * @param object A trigger, rule, policy or statistics object.
 * @param index The schema.
 * @returns It.
 */
export function tablePartPieces(object: SchemaObject, index: SchemaIndex): readonly Piece[] {
  const table = index.get(object.parent ?? "");
  if (table === undefined) return [];
  const key = objectKey(object);
  const parent = objectKey(table);
  const isView = table.kind === "view" || table.kind === "materialized view";
  return [{
    provides: [key],
    place: [rankOf(isView ? table.kind : "table"), parent, 7, key],
    requires: [parent, ...object.requires.map(wholeOf), ...partitionKeys(table, index)],
    wishes: [],
    write: () => ({ statements: statementsOf(object, table) }),
  }];
}

function statementsOf(object: SchemaObject, table: SchemaObject): readonly string[] {
  switch (object.kind) {
    case "trigger":
      return triggerSql(object, table);
    case "rule":
      return ruleSql(object, table);
    case "policy":
      return [policySql(object, table), ...afterwordsSql(object)];
    default:
      return statisticsSql(object);
  }
}

/** A trigger without a definition is the copy that a partition has of its parent's, fired otherwise. */
function triggerSql(trigger: SchemaObject, table: SchemaObject): readonly string[] {
  const { definition, fired } = trigger.attributes;
  const name = quoteName(trigger.name.at(-1)!);
  const only = table.attributes["partition key"] !== undefined && definition !== undefined ? "" : "ONLY ";
  const alter = table.kind === "view" ? undefined : `ALTER TABLE ${only}${quoteParts(table.name)}`;
  return [
    ...(definition === undefined ? [] : [`${definition};`]),
    ...(fired === undefined || alter === undefined ? [] : [`${alter} ${FIRED[fired]} TRIGGER ${name};`]),
    ...afterwordsSql(trigger),
  ];
}

function ruleSql(rule: SchemaObject, table: SchemaObject): readonly string[] {
  const { definition = "", fired } = rule.attributes;
  return [
    definition,
    ...(fired === undefined
      ? []
      : [`ALTER TABLE ${quoteParts(table.name)} ${FIRED[fired]} RULE ${quoteName(rule.name.at(-1)!)};`]),
    ...afterwordsSql(rule),
  ];
}

function policySql({ name, attributes }: SchemaObject, table: SchemaObject): string {
  const { restrictive, command, roles, using, check } = attributes;
  return `${
    phrase(
      `CREATE POLICY ${quoteName(name.at(-1)!)} ON ${quoteParts(table.name)}`,
      restrictive === undefined ? undefined : "AS RESTRICTIVE",
      command === undefined ? undefined : `FOR ${command.toUpperCase()}`,
      roles === undefined ? undefined : `TO ${linesOf(roles).join(", ")}`,
      using === undefined ? undefined : `USING (${using})`,
      check === undefined ? undefined : `WITH CHECK (${check})`,
    )
  };`;
}

function statisticsSql(statistics: SchemaObject): readonly string[] {
  const { definition, "statistics target": target } = statistics.attributes;
  return [
    `${definition};`,
    ...(target === undefined ? [] : [`ALTER STATISTICS ${quoteParts(statistics.name)} SET STATISTICS ${target};`]),
    ...afterwordsSql(statistics),
  ];
}
