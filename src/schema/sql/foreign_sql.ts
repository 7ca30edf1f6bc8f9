/**
 * Foreign-data wrappers, servers and user mappings.
 *
 * @module
 */

import { quoteName } from "../../core/quote_name.ts";
import { quoteRole } from "../quote_role.ts";
import type { SchemaObject } from "../schema.ts";
import { foreignOptions, linesOf, literal, phrase } from "./words.ts";

/**
 * Writes what makes a foreign-data wrapper, a server or a user mapping. Values that are hidden stay so: who runs this has
 * to put in secrets.
 *
 * @param object The object.
 * @returns A statement.
 */
export function foreignSql({ kind, name, attributes }: SchemaObject): string {
  const options = foreignOptions(linesOf(attributes.options), quoteName);
  switch (kind) {
    case "foreign-data wrapper":
      return `${
        phrase(
          `CREATE FOREIGN DATA WRAPPER ${quoteName(name[0]!)}`,
          attributes.handler === undefined ? undefined : `HANDLER ${attributes.handler}`,
          attributes.validator === undefined ? undefined : `VALIDATOR ${attributes.validator}`,
          options,
        )
      };`;
    case "server":
      return `${
        phrase(
          `CREATE SERVER ${quoteName(name[0]!)}`,
          attributes.type === undefined ? undefined : `TYPE ${literal(attributes.type)}`,
          attributes.version === undefined ? undefined : `VERSION ${literal(attributes.version)}`,
          `FOREIGN DATA WRAPPER ${quoteName(attributes.wrapper ?? "")}`,
          options,
        )
      };`;
    default: {
      const user = name[1] === "public" ? "PUBLIC" : quoteRole(name[1]!);
      return `${phrase(`CREATE USER MAPPING FOR ${user} SERVER ${quoteName(name[0]!)}`, options)};`;
    }
  }
}
