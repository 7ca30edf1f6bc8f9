/**
 * Publications, subscriptions and event triggers.
 *
 * @module
 */

import { quoteName } from "../../core/quote_name.ts";
import type { SchemaObject } from "../schema.ts";
import { linesOf, literal, phrase } from "./words.ts";

/**
 * Writes what makes a publication, a subscription or an event trigger.
 *
 * @param object The object.
 * @returns Statements.
 */
export function replicationSql(object: SchemaObject): readonly string[] {
  switch (object.kind) {
    case "publication":
      return [publicationSql(object)];
    case "subscription":
      return [subscriptionSql(object)];
    default:
      return eventTriggerSql(object);
  }
}

function publicationSql({ name, attributes }: SchemaObject): string {
  const what = [
    ...linesOf(attributes.tables).map((line, index) => `${index === 0 ? "TABLE " : ""}ONLY ${line}`),
    ...linesOf(attributes.schemas).map((line, index) => `${index === 0 ? "TABLES IN SCHEMA " : ""}${line}`),
  ];
  const options = [
    ...(attributes.publish === undefined ? [] : [`publish = ${literal(attributes.publish)}`]),
    ...(attributes["via root"] === undefined ? [] : ["publish_via_partition_root = true"]),
    ...(attributes["generated columns"] === undefined ? [] : ["publish_generated_columns = stored"]),
  ];
  const isAll = attributes["all tables"] !== undefined;
  return `${
    phrase(
      `CREATE PUBLICATION ${quoteName(name[0]!)}`,
      isAll ? "FOR ALL TABLES" : what.length === 0 ? undefined : `FOR ${what.join(", ")}`,
      options.length === 0 ? undefined : `WITH (${options.join(", ")})`,
    )
  };`;
}

/** Where a subscription connects to is a secret: it is made without, and connects to nothing. */
function subscriptionSql({ name, attributes }: SchemaObject): string {
  const { slot, binary, "synchronous commit": commit } = attributes;
  const options = [
    "connect = false",
    ...(slot === undefined ? [] : [`slot_name = ${slot === "" ? "NONE" : literal(slot)}`]),
    ...(binary === undefined ? [] : ["binary = true"]),
    ...(commit === undefined ? [] : [`synchronous_commit = ${literal(commit)}`]),
  ];
  return `CREATE SUBSCRIPTION ${quoteName(name[0]!)} CONNECTION '' PUBLICATION ${
    linesOf(attributes.publications).map(quoteName).join(", ")
  } WITH (${options.join(", ")});`;
}

const FIRED: Readonly<Record<string, string>> = {
  disabled: "DISABLE",
  replica: "ENABLE REPLICA",
  always: "ENABLE ALWAYS",
};

function eventTriggerSql({ name, attributes }: SchemaObject): readonly string[] {
  const tags = linesOf(attributes.tags).map(literal);
  const { fired } = attributes;
  const trigger = `EVENT TRIGGER ${quoteName(name[0]!)}`;
  return [
    `${
      phrase(
        `CREATE ${trigger} ON ${attributes.event}`,
        tags.length === 0 ? undefined : `WHEN TAG IN (${tags.join(", ")})`,
        `EXECUTE FUNCTION ${attributes.function}()`,
      )
    };`,
    ...(fired === undefined ? [] : [`ALTER ${trigger} ${FIRED[fired]};`]),
  ];
}
