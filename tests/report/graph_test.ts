import { assertEquals } from "@std/assert";
import { formatGraph } from "../../src/report/graph.ts";

const nodes = [
  { name: "001_roles", version: 1, dependencies: [] },
  { name: "002_users", version: 2, dependencies: ["001_roles", "000_old"] },
];

Deno.test("formatGraph() draws Mermaid", () => {
  assertEquals(formatGraph(nodes, "mermaid"), [
    "graph TD",
    '  m001_roles["001_roles"]',
    '  m002_users["002_users"]',
    '  m000_old(["000_old"])',
    "  m001_roles --> m002_users",
    "  m000_old --> m002_users",
  ]);
});

Deno.test("formatGraph() draws DOT", () => {
  assertEquals(formatGraph(nodes, "dot"), [
    "digraph migrations {",
    "  rankdir=LR;",
    "  node [shape=box];",
    '  "001_roles";',
    '  "002_users";',
    '  "000_old" [style=dashed];',
    '  "001_roles" -> "002_users";',
    '  "000_old" -> "002_users";',
    "}",
  ]);
});

Deno.test("formatGraph() writes text in order", () => {
  assertEquals(formatGraph(nodes, "text"), ["001_roles", "002_users  after 001_roles, 000_old"]);
});
