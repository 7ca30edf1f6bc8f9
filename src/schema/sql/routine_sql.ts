/**
 * Functions, procedures and aggregates.
 *
 * @module
 */

import { quoteName, quoteParts } from "../../core/quote_name.ts";
import { objectKey, type SchemaObject } from "../schema.ts";
import { afterwordsSql } from "./object_sql.ts";
import { type Piece, rankOf } from "./piece.ts";
import { settingSql } from "./setting_sql.ts";
import { dollarQuote, linesOf, literal, phrase } from "./words.ts";

/**
 * Makes the piece of a routine. Of a type of which it is a part it needs no more than the name.
 *
 * @param routine The routine.
 * @returns It.
 */
export function routinePiece(routine: SchemaObject): Piece {
  const key = objectKey(routine);
  const create = routine.kind === "aggregate" ? aggregateSql(routine) : functionSql(routine);
  return {
    provides: [key],
    place: [rankOf(routine.kind), key, 0, key],
    requires: [...(routine.parent === undefined ? [] : [routine.parent]), ...routine.requires],
    wishes: [],
    write: () => ({ statements: [create, ...afterwordsSql(routine)] }),
  };
}

function functionSql(routine: SchemaObject): string {
  const { attributes, kind, name } = routine;
  const { volatility, parallel, cost, rows, support, language = "sql" } = attributes;
  const flags = phrase(
    ...(["window", "leakproof", "strict", "security definer"] as const).map((flag) =>
      attributes[flag] === undefined ? undefined : flag.toUpperCase()
    ),
    volatility?.toUpperCase(),
    parallel === undefined ? undefined : `PARALLEL ${parallel.toUpperCase()}`,
    cost === undefined ? undefined : `COST ${cost}`,
    rows === undefined ? undefined : `ROWS ${rows}`,
    support === undefined ? undefined : `SUPPORT ${support}`,
  );
  const transforms = linesOf(attributes.transforms).map((type) => `FOR TYPE ${type}`).join(", ");
  return `${
    [
      `CREATE ${kind.toUpperCase()} ${quoteParts(name)}(${attributes.arguments ?? ""})`,
      ...(attributes.returns === undefined ? [] : [`  RETURNS ${attributes.returns}`]),
      phrase(`  LANGUAGE ${quoteName(language)}`, flags),
      ...(transforms === "" ? [] : [`  TRANSFORM ${transforms}`]),
      ...linesOf(attributes.settings).map((line) => `  SET ${settingSql(line)}`),
      bodySql(attributes),
    ].join("\n")
  };`;
}

function bodySql(attributes: SchemaObject["attributes"]): string {
  const { body = "", library } = attributes;
  if (attributes["body is SQL"] !== undefined) return body;
  if (library !== undefined) return `AS ${literal(library)}, ${literal(body)}`;
  return `AS ${dollarQuote(body)}`;
}

function aggregateSql({ attributes, name }: SchemaObject): string {
  const option = (word: string, value: string | undefined) => value === undefined ? [] : [`${word} = ${value}`];
  const text = (value: string | undefined) => value === undefined ? undefined : literal(value);
  const modify = (value: string | undefined) => value?.toUpperCase();
  const flag = (word: string, value: string | undefined) => value === undefined ? [] : [word];
  const options = [
    ...option("SFUNC", attributes.transition),
    ...option("STYPE", attributes["state type"]),
    ...option("SSPACE", attributes["state size"]),
    ...option("FINALFUNC", attributes.final),
    ...flag("FINALFUNC_EXTRA", attributes["final extra"]),
    ...option("FINALFUNC_MODIFY", modify(attributes["final modify"])),
    ...option("COMBINEFUNC", attributes.combine),
    ...option("SERIALFUNC", attributes.serialize),
    ...option("DESERIALFUNC", attributes.deserialize),
    ...option("INITCOND", text(attributes.initial)),
    ...option("MSFUNC", attributes["moving transition"]),
    ...option("MINVFUNC", attributes["moving inverse"]),
    ...option("MSTYPE", attributes["moving state type"]),
    ...option("MSSPACE", attributes["moving state size"]),
    ...option("MFINALFUNC", attributes["moving final"]),
    ...flag("MFINALFUNC_EXTRA", attributes["moving final extra"]),
    ...option("MFINALFUNC_MODIFY", modify(attributes["moving final modify"])),
    ...option("MINITCOND", text(attributes["moving initial"])),
    ...option("SORTOP", attributes["sort operator"]),
    ...option("PARALLEL", attributes.parallel?.toUpperCase()),
    ...flag("HYPOTHETICAL", attributes["aggregate kind"] === "hypothetical" ? "yes" : undefined),
  ];
  const types = attributes.arguments === undefined || attributes.arguments === "" ? "*" : attributes.arguments;
  return `CREATE AGGREGATE ${quoteParts(name)}(${types}) (\n  ${options.join(",\n  ")}\n);`;
}
