/**
 * Languages, transforms, access methods, collations, conversions and text search.
 *
 * @module
 */

import { quoteName, quoteParts } from "../../core/quote_name.ts";
import type { SchemaObject } from "../schema.ts";
import { linesOf, literal, phrase } from "./words.ts";

type Attributes = SchemaObject["attributes"];

/**
 * Writes what makes one of them.
 *
 * @param object The object.
 * @returns Statements.
 */
export function languageSql({ kind, name, attributes }: SchemaObject): readonly string[] {
  const full = quoteParts(name);
  switch (kind) {
    case "language":
      return [createLanguage(full, attributes)];
    case "transform":
      return [createTransform(name, attributes)];
    case "access method":
      return [`CREATE ACCESS METHOD ${full} TYPE ${attributes.type?.toUpperCase()} HANDLER ${attributes.handler};`];
    case "collation":
      return [`CREATE COLLATION ${full} (${collationOptions(attributes).join(", ")});`];
    case "conversion":
      return [createConversion(full, attributes)];
    case "text search configuration":
      return createConfiguration(full, attributes);
    case "text search dictionary":
      return [
        `CREATE TEXT SEARCH DICTIONARY ${full} (${
          [`TEMPLATE = ${attributes.template}`, attributes.options ?? ""].filter((option) => option !== "").join(", ")
        });`,
      ];
    case "text search parser":
      return [`CREATE TEXT SEARCH PARSER ${full} (${parserOptions(attributes).join(", ")});`];
    default:
      return [
        `CREATE TEXT SEARCH TEMPLATE ${full} (${
          [...option("INIT", attributes.init), ...option("LEXIZE", attributes.lexize)].join(", ")
        });`,
      ];
  }
}

function option(word: string, value: string | undefined): readonly string[] {
  return value === undefined ? [] : [`${word} = ${value}`];
}

function createLanguage(name: string, { trusted, handler, inline, validator }: Attributes): string {
  return `${
    phrase(
      `CREATE ${trusted === undefined ? "" : "TRUSTED "}LANGUAGE ${name}`,
      handler === undefined ? undefined : `HANDLER ${handler}`,
      inline === undefined ? undefined : `INLINE ${inline}`,
      validator === undefined ? undefined : `VALIDATOR ${validator}`,
    )
  };`;
}

function createTransform(name: readonly string[], { from, to }: Attributes): string {
  const functions = [
    ...(from === undefined ? [] : [`FROM SQL WITH FUNCTION ${from}`]),
    ...(to === undefined ? [] : [`TO SQL WITH FUNCTION ${to}`]),
  ];
  return `CREATE TRANSFORM FOR ${name[0]} LANGUAGE ${quoteName(name[1]!)} (${functions.join(", ")});`;
}

function collationOptions(attributes: Attributes): readonly string[] {
  const text = (value: string | undefined) => value === undefined ? undefined : literal(value);
  return [
    `PROVIDER = ${attributes.provider ?? "libc"}`,
    ...option("LOCALE", text(attributes.locale)),
    ...option("LC_COLLATE", text(attributes.collate)),
    ...option("LC_CTYPE", text(attributes["character type"])),
    ...option("DETERMINISTIC", attributes["not deterministic"] === undefined ? undefined : "false"),
    ...option("RULES", text(attributes.rules)),
  ];
}

function createConversion(name: string, { default: isDefault, from, to, function: routine }: Attributes): string {
  const verb = isDefault === undefined ? "CREATE CONVERSION" : "CREATE DEFAULT CONVERSION";
  return `${verb} ${name} FOR ${literal(from ?? "")} TO ${literal(to ?? "")} FROM ${routine};`;
}

function createConfiguration(name: string, { parser, mappings }: Attributes): readonly string[] {
  return [
    `CREATE TEXT SEARCH CONFIGURATION ${name} (PARSER = ${parser});`,
    ...linesOf(mappings).map((line) => {
      const [token = "", dictionaries] = line.split(": ");
      return `ALTER TEXT SEARCH CONFIGURATION ${name} ADD MAPPING FOR ${quoteName(token)} WITH ${dictionaries};`;
    }),
  ];
}

function parserOptions(attributes: Attributes): readonly string[] {
  return [
    ...option("START", attributes.start),
    ...option("GETTOKEN", attributes.token),
    ...option("END", attributes.end),
    ...option("HEADLINE", attributes.headline),
    ...option("LEXTYPES", attributes["token types"]),
  ];
}
