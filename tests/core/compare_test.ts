import { assertEquals } from "@std/assert";
import { compare } from "../../src/core/compare.ts";
import { formatProblem } from "../../src/core/problem.ts";
import { file, input, row } from "./history_fixture.ts";

const a = await file("001_a");
const b = await file("002_b");
const c = await file("003_c", undefined, "-- Depends: 001_a");

function names(list: readonly { readonly name: string }[]): string[] {
  return list.map((one) => one.name);
}

Deno.test("compare() tells applied from pending", () => {
  const { status, order } = compare(input([c, a, b], [row(a, 1)]));
  assertEquals(names(status.applied), ["001_a"]);
  assertEquals(names(status.pending), ["002_b", "003_c"]);
  assertEquals(names(order), ["001_a", "002_b", "003_c"]);
  assertEquals(status.totalFiles, 3);
});

Deno.test("compare() lists applied migrations by order of application", () => {
  const { status } = compare(input([a, b], [row(a, 2), row(b, 1)]));
  assertEquals(names(status.applied), ["002_b", "001_a"]);
});

Deno.test("compare() lets a failed migration be pending, too", () => {
  const { status } = compare(input([a], [row(a, 1, { appliedAt: null, error: "no" })]));
  assertEquals([names(status.pending), names(status.failed)], [["001_a"], ["001_a"]]);
});

Deno.test("compare() lets a part-way migration be pending and failed", () => {
  const { status } = compare(input([a], [row(a, 1, { appliedAt: null, partial: "up", unitsDone: 1 })]));
  assertEquals([names(status.pending), names(status.failed), names(status.applied)], [["001_a"], ["001_a"], []]);
});

Deno.test("compare() tells changed from reformatted", async () => {
  const edited = await file("001_a", "CREATE TABLE other ();");
  const commented = await file("002_b", "-- why\nCREATE  TABLE t_002_b ();");
  const { status } = compare(input([edited, commented], [row(a, 1), row(b, 2)]));
  assertEquals(status.changed.map(({ record }) => record.name), ["001_a"]);
  assertEquals(status.reformatted.map(({ record }) => record.name), ["002_b"]);
});

Deno.test("compare() finds a missing file, and one that is renamed by its version or its text", async () => {
  const sameVersion = await file("001_users");
  const sameText = await file("009_b", "CREATE TABLE t_002_b ();");
  const { status } = compare(input([sameVersion, sameText], [row(a, 1), row(b, 2), row(c, 3)]));
  assertEquals(names(status.missing), ["003_c"]);
  assertEquals(status.renamed.map(({ record, migration }) => [record.name, migration.name]), [
    ["001_a", "001_users"],
    ["002_b", "009_b"],
  ]);
});

Deno.test("compare() takes a file with the version of a failed one for new, not for renamed", async () => {
  const other = await file("001_other");
  const { status } = compare(input([other], [row(a, 1, { appliedAt: null, error: "no" })]));
  assertEquals([status.renamed.length, names(status.pending)], [0, ["001_other"]]);
});

Deno.test("compare() calls a pending migration late if an applied one of a higher version comes after it", () => {
  assertEquals(names(compare(input([a, b, c], [row(a, 1), row(c, 2)])).status.late), ["002_b"]);
  assertEquals(names(compare(input([a, b, c], [row(a, 1)])).status.late), []);
});

Deno.test("compare() does not call late what its dependencies put after the applied ones", async () => {
  const needsC = await file("002_b", undefined, "-- Depends: 003_c");
  assertEquals(names(compare(input([a, needsC, c], [row(a, 1), row(c, 2)])).status.late), []);
});

Deno.test("compare() calls late what is below an applied migration whose file is gone", async () => {
  const gone = await file("005_gone");
  assertEquals(names(compare(input([a, b], [row(a, 1), row(gone, 2)])).status.late), ["002_b"]);
});

Deno.test("compare() knows a dependency by the history when its file is gone", async () => {
  const needsGone = await file("006_f", undefined, "-- Depends: 005_gone");
  const gone = await file("005_gone");
  assertEquals(compare(input([needsGone], [row(gone, 1)])).problems, []);
  assertEquals(compare(input([needsGone], [])).problems.map(formatProblem), [
    'migrations/main/006_f.sql:1:13: Unknown dependency "005_gone"',
  ]);
});

Deno.test("compare() reports a cycle as a path with the line of the header", async () => {
  const one = await file("001_a", undefined, "-- Description: x\n-- depends: 002_b");
  const two = await file("002_b", undefined, "-- Depends: 001_a");
  assertEquals(compare(input([one, two], [])).problems.map(formatProblem), [
    "migrations/main/001_a.sql:2:13: Dependencies form a cycle: 001_a -> 002_b -> 001_a",
  ]);
});

Deno.test("compare() reports a migration that depends on itself", async () => {
  const self = await file("001_a", undefined, "-- Depends: 001_a");
  assertEquals(compare(input([self], [])).problems.map((problem) => problem.message), [
    'Migration "001_a" depends on itself',
  ]);
});

Deno.test("compare() takes a file that cannot be used for neither missing nor unknown", () => {
  const { status, problems } = compare({ ...input([c], [row(b, 1)]), broken: new Set(["001_a", "002_b"]) });
  assertEquals([status.missing, problems], [[], []]);
});

Deno.test("compare() forgets the failure of a migration whose file is gone", () => {
  assertEquals(compare(input([], [row(a, 1, { appliedAt: null, error: "no" })])).status.failed, []);
});

Deno.test("compare() does not call a renamed file late, too", async () => {
  const renamed = await file("001_users");
  const { status } = compare(input([renamed, b], [row(a, 1), row(b, 2)]));
  assertEquals([status.renamed.length, status.late], [1, []]);
});

Deno.test("compare() pairs renamed files by their text before their version, and each once", async () => {
  const swappedA = await file("002_a", "CREATE TABLE t_001_a ();");
  const swappedB = await file("001_b", "CREATE TABLE t_002_b ();");
  const { status } = compare(input([swappedA, swappedB], [row(a, 1), row(b, 2)]));
  assertEquals(status.renamed.map(({ record, migration }) => [record.name, migration.name]), [
    ["001_a", "002_a"],
    ["002_b", "001_b"],
  ]);
  const one = await file("001_z", "CREATE TABLE t_002_b ();");
  const single = compare(input([one], [row(a, 1), row(b, 2)])).status;
  assertEquals([single.renamed.map(({ record }) => record.name), names(single.missing)], [["002_b"], ["001_a"]]);
});
