import { assertEquals, assertThrows } from "@std/assert";
import { compare } from "../../src/core/compare.ts";
import { MigrationError } from "../../src/core/error.ts";
import { selectApplied, selectPending, unknownMigration } from "../../src/core/plan.ts";
import { file, input, row } from "./history_fixture.ts";

const a = await file("001_a");
const b = await file("002_b", undefined, "-- Depends: 001_a");
const c = await file("003_c");
const d = await file("004_d", undefined, "-- Depends: 002_b, 003_c");
const none = compare(input([a, b, c, d], []));
const all = compare(input([a, b, c, d], [row(a, 1), row(b, 2), row(c, 3), row(d, 4)]));

function names(list: readonly { readonly name: string }[]): string[] {
  return list.map((one) => one.name);
}

function code(call: () => unknown): string {
  return assertThrows(call, MigrationError).code;
}

Deno.test("selectPending() takes all, the first few, or those up to a target", () => {
  assertEquals(names(selectPending(none, {})), ["001_a", "002_b", "003_c", "004_d"]);
  assertEquals(names(selectPending(none, { count: 2 })), ["001_a", "002_b"]);
  assertEquals(names(selectPending(none, { target: "003_c" })), ["001_a", "002_b", "003_c"]);
  assertEquals(names(selectPending(all, { target: "003_c" })), []);
});

Deno.test("selectPending() goes by the order, not by the version, up to a target", async () => {
  const first = await file("001_a", undefined, "-- Depends: 003_c");
  const comparison = compare(input([first, b, c], []));
  assertEquals(names(selectPending(comparison, { target: "001_a" })), ["003_c", "001_a"]);
});

Deno.test("selectPending() takes an applied target whose file is gone for reached", () => {
  const comparison = compare(input([b], [row(a, 1)]));
  assertEquals(selectPending(comparison, { target: "001_a" }), []);
});

Deno.test("selectPending() refuses an unknown target and names the nearest", () => {
  const error = assertThrows(() => selectPending(none, { target: "003_cc" }), MigrationError);
  assertEquals([error.code, error.hint], ["UNKNOWN_MIGRATION", 'Did you mean "003_c"?']);
});

Deno.test("selectApplied() takes the last few by order of application", () => {
  assertEquals(names(selectApplied(all, { type: "down", count: 2 })), ["004_d", "003_c"]);
  const late = compare(input([a, b, c], [row(a, 1), row(c, 2), row(b, 3)]));
  assertEquals(names(selectApplied(late, { type: "down", count: 1 })), ["002_b"]);
  assertEquals(selectApplied(none, { type: "down", count: 1 }), []);
});

Deno.test("selectApplied() takes everything applied after a name, or everything", () => {
  assertEquals(names(selectApplied(all, { type: "down", to: "002_b" })), ["004_d", "003_c"]);
  assertEquals(names(selectApplied(all, { type: "down", to: "0" })), ["004_d", "003_c", "002_b", "001_a"]);
});

Deno.test("selectApplied() refuses a name that others depend on and names all of them", () => {
  const error = assertThrows(
    () => selectApplied(all, { type: "down", name: "002_b", dependents: "refuse" }),
    MigrationError,
    'Cannot roll back "002_b": "004_d" depends on it',
  );
  assertEquals(error.code, "DEPENDENTS");
  assertThrows(
    () => selectApplied(all, { type: "down", name: "001_a", dependents: "refuse" }),
    MigrationError,
    'Cannot roll back "001_a": "004_d", "002_b" depend on it',
  );
  const both = compare(input([a, b, c], [row(a, 1), row(b, 2), row(c, 3, { depends: ["001_a"] })]));
  assertThrows(
    () => selectApplied(both, { type: "down", name: "001_a", dependents: "refuse" }),
    MigrationError,
    '"003_c", "002_b" depend on it',
  );
});

Deno.test("selectApplied() takes dependents along, newest first, with cascade", () => {
  assertEquals(names(selectApplied(all, { type: "down", name: "001_a", dependents: "cascade" })), [
    "004_d",
    "002_b",
    "001_a",
  ]);
});

Deno.test("selectApplied() puts a dependent first even if it was applied before", () => {
  const comparison = compare(input([], [row(a, 2), row(b, 1)]));
  assertEquals(names(selectApplied(comparison, { type: "down", to: "0" })), ["002_b", "001_a"]);
});

Deno.test("selectApplied() tells a pending name from an unknown one", () => {
  const one = compare(input([a, b], [row(a, 1)]));
  assertEquals(code(() => selectApplied(one, { type: "down", name: "002_b", dependents: "refuse" })), "NOT_APPLIED");
  assertEquals(
    code(() => selectApplied(one, { type: "down", name: "009_x", dependents: "refuse" })),
    "UNKNOWN_MIGRATION",
  );
  assertEquals(code(() => selectApplied(one, { type: "down", to: "002_b" })), "NOT_APPLIED");
});

Deno.test("unknownMigration() says how migrations are named when nothing is near", () => {
  assertEquals(unknownMigration("x", []).hint, "Migrations are named by their file name without .sql");
});
