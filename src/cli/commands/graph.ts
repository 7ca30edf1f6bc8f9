/**
 * `graph`: the dependencies of the migrations.
 *
 * @module
 */

import { Option } from "commander";
import { formatGraph, type GraphFormat } from "../../report/graph.ts";
import type { CommandDefinition } from "../command.ts";
import { forEachDatabase } from "../run_databases.ts";

const COMMENT: Readonly<Record<GraphFormat, string>> = { mermaid: "%% ", dot: "// ", text: "" };

/** Draws the dependencies of the migrations, without a database. */
export const graph: CommandDefinition = {
  name: "graph",
  summary: "draw the dependencies, without a database",
  topics: ["database", "databases", "files", "output"],
  options: [new Option("--format <format>", "how").choices(["mermaid", "dot", "text"]).default("text")],
  examples: ["graph", "graph --format dot | dot -Tsvg > migrations.svg"],
  run: (context, { options }) => {
    const { format } = options as { readonly format: GraphFormat };
    const several = context.flags.allDbs === true || (context.flags.db?.length ?? 0) > 1;
    return forEachDatabase(context, { database: "unused", files: "required" }, async ({ db, runner }) => {
      const order = await runner.migrations();
      const lines = formatGraph(order, format);
      return {
        layout: "block",
        lines: several ? [`${COMMENT[format]}${db}`, ...lines] : lines,
        fields: { graph: order.map(({ name, dependencies }) => ({ name, depends: dependencies })) },
      };
    });
  },
};
