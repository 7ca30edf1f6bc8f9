/**
 * Rules about new columns that make PostgreSQL write the whole table anew.
 *
 * @module
 */

import { shown } from "../names.ts";
import { laterFile } from "../other_file.ts";
import type { Rule } from "../rule.ts";
import { addedColumns, columnConstraint } from "../table_parts.ts";
import { as, strings, typeFacts } from "../tree.ts";
import { volatileFunction } from "../volatility.ts";

const volatileDefault: Rule = {
  id: "volatile-default-rewrites",
  level: "error",
  summary: "a new column whose default differs from row to row",
  sections: "both",
  *statement(statement, file) {
    for (const { table, column } of addedColumns(statement.node)) {
      const expression = columnConstraint(column, "CONSTR_DEFAULT")?.raw_expr;
      const name = volatileFunction(expression, file.catalog);
      if (name === undefined || !file.isInUse(table)) continue;
      yield {
        message: `${differs(name)}: all of "${shown(table)}" is written anew while nobody can read or write it`,
        hint: "Add the column without a default, SET DEFAULT in a statement of its own, and fill old rows in batches",
        offset: statement.at(column.location),
      };
    }
  },
};

/** Functions that are known to be volatile; others may only be unknown. */
const VOLATILE =
  /^(?:.*\.)?(?:random(?:_normal)?|gen_random_\w+|uuid_generate_\w+|uuidv[47]|clock_timestamp|timeofday|nextval)$/;

function differs(name: string): string {
  return VOLATILE.test(name)
    ? `${name}() has another value for every row`
    : `${name}() is not known to have one value for all rows`;
}

const domainColumn: Rule = {
  id: "domain-column-rewrites",
  level: "error",
  summary: "a new column of a domain that has a constraint",
  sections: "both",
  *statement(statement, file) {
    for (const { table, column } of addedColumns(statement.node)) {
      const { name } = typeFacts(column.typeName);
      if (!file.catalog.isConstrainedDomain(name.split(".")) || !file.isInUse(table)) continue;
      yield {
        message: `Proving the constraint of "${name}" writes all of "${
          shown(table)
        }" anew while nobody can read or write it`,
        hint: "Give the column the type that the domain is of, and a check NOT VALID that is VALIDATEd later",
        offset: statement.at(column.location),
      };
    }
  },
};

const storedGenerated: Rule = {
  id: "stored-generated-rewrites",
  level: "error",
  summary: "a new column that is GENERATED … STORED",
  sections: "both",
  *statement(statement, file) {
    for (const { table, column } of addedColumns(statement.node)) {
      const generated = columnConstraint(column, "CONSTR_GENERATED");
      if (generated === undefined || generated.generated_kind === "v" || !file.isInUse(table)) continue;
      yield {
        message: `Computing "${column.colname}" writes all of "${shown(table)}" anew while nobody can read or write it`,
        hint: (file.server?.major ?? 0) >= 18
          ? "Make it VIRTUAL, or add a plain column, fill it by a trigger and in batches"
          : "Add a plain column, fill it by a trigger, and old rows in batches",
        offset: statement.at(column.location),
      };
    }
  },
};

const autoIncrement: Rule = {
  id: "auto-increment-rewrites",
  level: "error",
  summary: "a new column that counts: serial or identity",
  sections: "both",
  *statement(statement, file) {
    for (const { table, column } of addedColumns(statement.node)) {
      const isSerial = /^(?:small|big)?serial\d?$/.test(strings(column.typeName?.names).at(-1) ?? "");
      if (!isSerial && columnConstraint(column, "CONSTR_IDENTITY") === undefined || !file.isInUse(table)) continue;
      yield {
        message: `Numbering its rows writes all of "${shown(table)}" anew while nobody can read or write it`,
        hint: "Add a plain bigint, give new rows numbers by a default of nextval(), number old ones in batches",
        offset: statement.at(column.location),
      };
    }
  },
};

const jsonColumn: Rule = {
  id: "json-column",
  level: "warning",
  summary: "a new column of type json, which cannot be compared",
  *statement(statement, file) {
    for (const { table, column } of addedColumns(statement.node)) {
      if (strings(column.typeName?.names).at(-1) !== "json" || !file.isInUse(table)) continue;
      yield {
        message: `SELECT DISTINCT and UNION over "${shown(table)}" fail from now on: json has no equality`,
        hint: "Use jsonb",
        offset: statement.at(column.location),
      };
    }
  },
};

const constrainedDomain: Rule = {
  id: "domain-constraint-scans",
  level: "error",
  summary: "a constraint on a domain, for which all tables that use it are read",
  sections: "both",
  *statement(statement, file) {
    const domain = as(statement.node, "AlterDomainStmt");
    const name = strings(domain?.typeName);
    const isCheck = domain?.subtype === "C" && as(domain.def, "Constraint")?.skip_validation !== true;
    if (!isCheck && domain?.subtype !== "O" || file.isMadeHere("type", name)) return;
    yield {
      message: `All tables with columns of "${name.join(".")}" are read while nobody can write them`,
      hint: `Add a check NOT VALID, and VALIDATE it in ${laterFile(statement)}`,
    };
  },
};

/** Rules about new columns. */
export const COLUMN_RULES: readonly Rule[] = [
  volatileDefault,
  storedGenerated,
  autoIncrement,
  domainColumn,
  jsonColumn,
  constrainedDomain,
];
