import { assertEquals, assertThrows } from "@std/assert";
import { compare } from "../../src/core/compare.ts";
import { MigrationError } from "../../src/core/error.ts";
import type { Problem } from "../../src/core/problem.ts";
import { findRefusals, throwRefusals } from "../../src/core/refusal.ts";
import { file, input, row } from "./history_fixture.ts";

const a = await file("001_a");
const b = await file("002_b");
const c = await file("003_c");
const edited = await file("001_a", "CREATE TABLE other ();");
const reformatted = await file("001_a", "-- why\nCREATE TABLE t_001_a ();");

Deno.test("findRefusals() finds nothing on a calm day", () => {
  assertEquals(findRefusals(compare(input([a, b], [row(a, 1)])), "strict"), { errors: [], warnings: [] });
});

Deno.test("findRefusals() refuses changed and renamed files, all of them at once", async () => {
  const renamed = await file("002_bb");
  const refusals = findRefusals(compare(input([edited, renamed], [row(a, 1), row(b, 2)])), "lenient");
  assertEquals(refusals.errors.map((refusal) => refusal.code), ["CHANGED", "RENAMED"]);
  const error = assertThrows(() => throwRefusals(refusals), MigrationError);
  assertEquals(error.code, "CHANGED");
  assertEquals(error.problems.map((problem: Problem) => problem.name), ["001_a", "002_b"]);
});

Deno.test("findRefusals() leaves out what is to be applied anew", () => {
  const comparison = compare(input([edited], [row(a, 1)]));
  assertEquals(findRefusals(comparison, "lenient", new Set(["001_a"])).errors, []);
});

Deno.test("findRefusals() only warns of reformatted, missing and late ones", () => {
  const comparison = compare(input([reformatted, b], [row(a, 1), row(c, 2)]));
  const refusals = findRefusals(comparison, "lenient");
  assertEquals(refusals.errors, []);
  assertEquals(refusals.warnings.map((problem) => [problem.code, problem.name]), [
    ["missing", "003_c"],
    ["late", "002_b"],
    ["reformatted", "001_a"],
  ]);
  throwRefusals(refusals);
});

Deno.test("findRefusals() refuses missing and late ones when strict", () => {
  const refusals = findRefusals(compare(input([a, b], [row(a, 1), row(c, 2)])), "strict");
  assertEquals(refusals.errors.map((refusal) => refusal.code), ["MISSING", "LATE"]);
  assertEquals(refusals.warnings, []);
});

Deno.test("findRefusals() refuses while a rollback is part-way", () => {
  const refusals = findRefusals(
    compare(input([a, b], [row(a, 1, { appliedAt: null, partial: "down", unitsDone: 1 })])),
    "lenient",
  );
  assertEquals(refusals.errors.map((refusal) => refusal.code), ["PARTIAL"]);
});

Deno.test("findRefusals() refuses dependencies that cannot be met", async () => {
  const broken = await file("004_d", undefined, "-- Depends: 009_x");
  const error = assertThrows(
    () => throwRefusals(findRefusals(compare(input([broken], [])), "lenient")),
    MigrationError,
  );
  assertEquals([error.code, error.problems[0]?.line], ["FILES_INVALID", 1]);
});
