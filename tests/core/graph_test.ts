import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { type GraphNode, orderMigrations } from "../../src/core/graph.ts";

function node(version: number, ...dependencies: string[]): GraphNode {
  return { name: `n${version}`, version, dependencies };
}

function names(nodes: readonly GraphNode[]): string[] {
  return nodes.map((one) => one.name);
}

Deno.test("orderMigrations() goes by version when nothing is declared", () => {
  assertEquals(names(orderMigrations([node(10), node(2), node(1)]).order), ["n1", "n2", "n10"]);
});

Deno.test("orderMigrations() places a dependency before the lower version that needs it", () => {
  assertEquals(names(orderMigrations([node(1), node(2, "n5"), node(3), node(5)]).order), ["n1", "n3", "n5", "n2"]);
});

Deno.test("orderMigrations() orders a diamond by version", () => {
  const { order } = orderMigrations([node(4, "n3", "n2"), node(3, "n1"), node(2, "n1"), node(1)]);
  assertEquals(names(order), ["n1", "n2", "n3", "n4"]);
});

Deno.test("orderMigrations() takes a dependency that is named twice once", () => {
  assertEquals(names(orderMigrations([node(1, "n2", "n2"), node(2)]).order), ["n2", "n1"]);
});

Deno.test("orderMigrations() reports unknown dependencies unless they are known", () => {
  const nodes = [node(1, "gone"), node(2, "old")];
  const { faults } = orderMigrations(nodes, (name) => name === "old");
  assertEquals(faults, [{ type: "unknown", node: nodes[0]!, dependency: "gone" }]);
});

Deno.test("orderMigrations() reports a migration that depends on itself", () => {
  const nodes = [node(1, "n1"), node(2)];
  assertEquals(orderMigrations(nodes).faults, [{ type: "self", node: nodes[0]! }]);
});

Deno.test("orderMigrations() prints a cycle as a path and leaves out what hangs on it", () => {
  const nodes = [node(1), node(2, "n4"), node(3, "n2"), node(4, "n3"), node(5, "n4")];
  const { order, faults } = orderMigrations(nodes);
  assertEquals(names(order), ["n1"]);
  assertEquals(faults.map((fault) => fault.type === "cycle" ? names(fault.path) : []), [["n2", "n4", "n3"]]);
});

Deno.test("orderMigrations() reports two cycles that do not touch", () => {
  const { faults } = orderMigrations([node(1, "n2"), node(2, "n1"), node(3, "n4"), node(4, "n3")]);
  assertEquals(faults.map((fault) => fault.type === "cycle" ? names(fault.path) : []), [["n1", "n2"], ["n3", "n4"]]);
});

const acyclic = fc.array(fc.array(fc.nat(), { maxLength: 4 }), { maxLength: 60 }).chain((rows) => {
  const nodes = rows.map((row, index) => node(index + 1, ...index === 0 ? [] : row.map((n) => `n${(n % index) + 1}`)));
  // New versions, so that dependencies point both ways.
  return fc.shuffledSubarray(nodes.map((_, index) => index + 1), { minLength: nodes.length }).map((versions) =>
    nodes.map((one, index) => ({ ...one, version: versions[index]! }))
  );
});

Deno.test("orderMigrations() is the lowest version whose dependencies are placed, again and again", () => {
  fc.assert(fc.property(acyclic, (nodes) => {
    const { order, faults } = orderMigrations(nodes);
    assertEquals(faults, []);
    const placed = new Set<string>();
    const left = new Set(nodes);
    for (const next of order) {
      const ready = [...left].filter((one) => one.dependencies.every((name) => placed.has(name)));
      assertEquals(next.version, Math.min(...ready.map((one) => one.version)));
      placed.add(next.name);
      left.delete(next);
    }
    assertEquals(left.size, 0);
  }));
});

Deno.test("orderMigrations() does not depend on the order of its input", () => {
  fc.assert(
    fc.property(
      acyclic.chain((nodes) =>
        fc.tuple(fc.constant(nodes), fc.shuffledSubarray([...nodes], { minLength: nodes.length }))
      ),
      ([nodes, shuffled]) => assertEquals(names(orderMigrations(shuffled).order), names(orderMigrations(nodes).order)),
    ),
  );
});

Deno.test("orderMigrations() finds a cycle in every graph that has one", () => {
  const any = fc.array(fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 3 }), { minLength: 1, maxLength: 20 });
  fc.assert(fc.property(any, (rows) => {
    const nodes = rows.map((row, index) =>
      node(index + 1, ...row.filter((n) => n !== index + 1 && n <= rows.length).map((n) => `n${n}`))
    );
    const { order, faults } = orderMigrations(nodes);
    assertEquals(order.length < nodes.length, faults.length > 0);
    for (const fault of faults) {
      if (fault.type !== "cycle") throw new Error(`Unexpected fault "${fault.type}"`);
      const { path } = fault;
      path.forEach((one, index) => assert(one.dependencies.includes(path[(index + 1) % path.length]!.name)));
    }
  }));
});

Deno.test("orderMigrations() takes a chain of 20,000", () => {
  const nodes = Array.from({ length: 20_000 }, (_, index) => node(index + 1, ...index === 0 ? [] : [`n${index}`]));
  assertEquals(orderMigrations(nodes.toReversed()).order.length, 20_000);
});
