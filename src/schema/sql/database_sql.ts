/**
 * Schemas, extensions, default privileges, and the database itself.
 *
 * @module
 */

import { quoteName } from "../../core/quote_name.ts";
import { quoteRole } from "../quote_role.ts";
import type { SchemaObject } from "../schema.ts";
import { afterwordsSql, onTarget } from "./object_sql.ts";
import { settingSql } from "./setting_sql.ts";
import { dollarQuote, linesOf, literal } from "./words.ts";

/**
 * Writes what makes a schema. `public` is there from the start.
 *
 * @param schema The schema.
 * @returns Statements.
 */
export function namespaceSql(schema: SchemaObject): readonly string[] {
  const create = schema.name[0] === "public" ? [] : [`CREATE SCHEMA ${quoteName(schema.name[0]!)};`];
  return [...create, ...afterwordsSql(schema)];
}

/**
 * Writes what makes an extension. `plpgsql` is there from the start.
 *
 * @param extension The extension.
 * @returns Statements.
 */
export function extensionSql({ name, attributes }: SchemaObject): readonly string[] {
  if (name[0] === "plpgsql") return [];
  return [`CREATE EXTENSION ${quoteName(name[0]!)} WITH SCHEMA ${quoteName(attributes.schema ?? "public")};`];
}

/**
 * Writes default privileges.
 *
 * @param object Those of a role, for one kind of objects.
 * @returns Statements.
 */
export function defaultPrivilegesSql({ name, attributes }: SchemaObject): readonly string[] {
  const [role = "", schema = "", kind = ""] = name;
  const where = schema === "" ? "" : ` IN SCHEMA ${quoteName(schema)}`;
  return linesOf(attributes.privileges).map((line) =>
    `ALTER DEFAULT PRIVILEGES FOR ROLE ${quoteRole(role)}${where} ${onTarget(line, kind)}`
  );
}

/**
 * Writes what is said of the database. Its name is that of the one in which this runs.
 *
 * @param object The database.
 * @returns Statements.
 */
export function databaseSql({ attributes }: SchemaObject): readonly string[] {
  const commands = [
    ...linesOf(attributes.settings).map((line) => {
      const [, role, setting = ""] = /^(?:((?:"(?:[^"]|"")*"|[^"=:])+): )?(.*)$/s.exec(line) ?? [];
      const target = role === undefined ? "" : `ALTER ROLE ${role} IN `;
      return role === undefined
        ? format("ALTER DATABASE %I SET ", settingSql(setting))
        : format(`${target}DATABASE %I SET `, settingSql(setting));
    }),
    ...(attributes.comment === undefined ? [] : [format("COMMENT ON DATABASE %I IS ", literal(attributes.comment))]),
    ...linesOf(attributes.privileges).map((line) => {
      const [, start = "", end = ""] = /^((?:GRANT|REVOKE) .*?)( (?:TO|FROM) .*)$/s.exec(line) ?? [];
      return format(`${start} ON DATABASE %I`, end);
    }),
  ];
  if (commands.length === 0) return [];
  return [`DO ${dollarQuote(`\nBEGIN\n${commands.join("")}END\n`)};`];
}

/** A command for `EXECUTE` with the name of the database in it. */
function format(before: string, after: string): string {
  const text = `${before.replaceAll("%", "%%").replace("%%I", "%I")}${after.replaceAll("%", "%%")}`;
  return `  EXECUTE format(${literal(text)}, current_database());\n`;
}
