/**
 * Rules about commands that write a table anew as a whole.
 *
 * @module
 */

import { shown } from "../names.ts";
import type { Rule } from "../rule.ts";
import { alterations } from "../table_parts.ts";
import { all, as, type Node } from "../tree.ts";

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
  *statement({ node }, file) {
    for (const { table, command } of alterations(node)) {
      const name = COMMANDS[command.subtype ?? ""];
      if (name === undefined || !file.isInUse(table)) continue;
      yield {
        message: `${name} writes all of "${shown(table)}" anew while nobody can read or write it`,
        hint: "Run it when nobody is waiting, or copy into a new table and swap the two",
      };
    }
    const name = rewriter(node);
    if (name === undefined) return;
    yield {
      message: `${name} writes the table anew while nobody can read or write it`,
      hint: "Use pg_repack or pg_squeeze, or plain VACUUM, which needs no such lock",
    };
  },
};

function rewriter(node: Node): string | undefined {
  if (as(node, "ClusterStmt") !== undefined) return "CLUSTER";
  const options = all(as(node, "VacuumStmt")?.options, "DefElem");
  return options.some(({ defname }) => defname === "full") ? "VACUUM FULL" : undefined;
}

const refreshNotConcurrent: Rule = {
  id: "refresh-not-concurrent",
  level: "warning",
  summary: "a materialized view that is filled while nobody can read it",
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
