/**
 * The dependencies of migrations, as a picture or as text.
 *
 * @module
 */

import type { GraphNode } from "../core/graph.ts";
import { pad } from "./width.ts";

/** How {@linkcode formatGraph} draws. */
export type GraphFormat = "mermaid" | "dot" | "text";

/**
 * Draws the dependencies.
 *
 * @param nodes The migrations, in order.
 * @param format `mermaid` for Markdown, `dot` for Graphviz, `text` for people.
 * @returns Lines.
 */
export function formatGraph(nodes: readonly GraphNode[], format: GraphFormat): string[] {
  switch (format) {
    case "mermaid":
      return formatMermaid(nodes);
    case "dot":
      return formatDot(nodes);
    case "text":
      return formatText(nodes);
  }
}

/** Names that are depended on, but are no node: applied earlier, or unknown. */
function outsideNames(nodes: readonly GraphNode[]): string[] {
  const names = new Set(nodes.map((node) => node.name));
  return [...new Set(nodes.flatMap((node) => node.dependencies).filter((name) => !names.has(name)))];
}

// A Mermaid id must not be one of its key words, and digits alone in front confuse some of its versions.
function mermaidId(name: string): string {
  return `m${name.replace(/[^A-Za-z0-9_]/g, "_")}`;
}

function formatMermaid(nodes: readonly GraphNode[]): string[] {
  return [
    "graph TD",
    ...nodes.map(({ name }) => `  ${mermaidId(name)}["${name}"]`),
    ...outsideNames(nodes).map((name) => `  ${mermaidId(name)}(["${name}"])`),
    ...nodes.flatMap(({ name, dependencies }) =>
      dependencies.map((dependency) => `  ${mermaidId(dependency)} --> ${mermaidId(name)}`)
    ),
  ];
}

function formatDot(nodes: readonly GraphNode[]): string[] {
  return [
    "digraph migrations {",
    "  rankdir=LR;",
    "  node [shape=box];",
    ...nodes.map(({ name }) => `  "${name}";`),
    ...outsideNames(nodes).map((name) => `  "${name}" [style=dashed];`),
    ...nodes.flatMap(({ name, dependencies }) => dependencies.map((dependency) => `  "${dependency}" -> "${name}";`)),
    "}",
  ];
}

function formatText(nodes: readonly GraphNode[]): string[] {
  const width = nodes.reduce((longest, { name }) => Math.max(longest, name.length), 0);
  return nodes.map(({ name, dependencies }) =>
    dependencies.length === 0 ? name : `${pad(name, width)}  after ${dependencies.join(", ")}`
  );
}
