/**
 * Rules about commands that write a table anew as a whole.
 *
 * @module
 */

import { shown } from "../names.ts";
import type { Rule } from "../rule.ts";
import { alterations } from "../table_parts.ts";
import { all, as, type Node, type RangeVar } from "../tree.ts";

const COMMANDS: Readonly<Record<string, string>> = {
  AT_SetTableSpace: "SET TABLESPACE",
  AT_SetLogged: "SET LOGGED",
  AT_SetUnLogged: "SET UNLOGGED",
  AT_SetAccessMethod: "SET ACCESS METHOD",
};

const tableRewrite: Rule = {
  id: "table-rewrite",
  level: "error",
  summary: "a command that writes a table anew while nobody can use it",
  sections: "both",
  *statement({ node }, file) {
    for (const { table, command } of alterations(node)) {
      const name = COMMANDS[command.subtype ?? ""];
      if (name === undefined || !file.isInUse(table)) continue;
      yield {
        message: `${name} writes all of "${shown(table)}" anew while nobody can read or write it`,
        hint: "Run it when nobody is waiting, or copy into a new table and swap the two",
      };
    }
    for (const { name, table } of rewritten(node)) {
      if (table !== undefined && !file.isInUse(table)) continue;
      yield {
        message: `${name} writes ${
          table === undefined ? "all tables" : `"${shown(table)}"`
        } anew while nobody can read or write it`,
        hint: "Use pg_repack or pg_squeeze, or plain VACUUM, which needs no such lock",
      };
    }
  },
};

/** The tables that a command writes anew; one without a table stands for all. */
function rewritten(node: Node): readonly { readonly name: string; readonly table: RangeVar | undefined }[] {
  const cluster = as(node, "ClusterStmt");
  if (cluster !== undefined) return [{ name: "CLUSTER", table: cluster.relation }];
  const vacuum = as(node, "VacuumStmt");
  if (!all(vacuum?.options, "DefElem").some(({ defname }) => defname === "full")) return [];
  const tables = all(vacuum?.rels, "VacuumRelation").map(({ relation }) => relation);
  return (tables.length === 0 ? [undefined] : tables).map((table) => ({ name: "VACUUM FULL", table }));
}

const refreshNotConcurrent: Rule = {
  id: "refresh-not-concurrent",
  level: "warning",
  summary: "a materialized view that is filled while nobody can read it",
  sections: "both",
  *statement({ node }, file) {
    const refresh = as(node, "RefreshMatViewStmt");
    if (refresh === undefined || refresh.concurrent === true || refresh.skipData === true) return;
    if (!file.isInUse(refresh.relation)) return;
    yield {
      message: `Nobody can read "${shown(refresh.relation)}" until it is filled again`,
      hint: "Give it a unique index, and refresh it CONCURRENTLY",
    };
  },
};

/** Rules about commands that write a table anew. */
export const REWRITE_RULES: readonly Rule[] = [tableRewrite, refreshNotConcurrent];
