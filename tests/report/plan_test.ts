import { assertEquals, assertStringIncludes } from "@std/assert";
import type { Step } from "../../src/core/plan.ts";
import { planFields } from "../../src/report/json.ts";
import { describeStep, formatPlan } from "../../src/report/plan.ts";
import { plainStyle } from "../../src/report/style.ts";
import { step } from "../support/step.ts";

Deno.test("formatPlan() prints the SQL in order, with secrets masked", async () => {
  const plan = {
    db: "main",
    steps: [
      await step("001_roles", "\nCREATE ROLE app PASSWORD 'hunter2';\n\n"),
      await step("002_empty", "SELECT 1;", { direction: "down", transaction: "none", path: null, sql: "" }),
    ],
    warnings: [],
  };
  assertEquals(formatPlan(plan, plainStyle), [
    "-- main: 2 steps",
    "",
    "-- ==== 1/2 apply 001_roles (one transaction) ==== 001_roles.sql",
    "CREATE ROLE app PASSWORD '***';",
    "",
    "-- ==== 2/2 roll back 002_empty (outside a transaction) ==== as it was applied",
    "-- (no statements)",
  ]);
  assertEquals(formatPlan({ ...plan, steps: [] }, plainStyle), ["-- main: nothing to do"]);
});

Deno.test("formatPlan() prints what is left of a part-way migration, and how much is finished", async () => {
  const text = [
    "-- Transaction: none",
    "SET app.key = 'x PASSWORD ''hunter2''';",
    "SELECT 1;",
    "-- Two",
    "BEGIN;",
    "SELECT 2;",
    "COMMIT;",
    "SELECT 3;",
    "",
  ].join("\n");
  const linesOf = async (fields: Partial<Step>) => {
    const steps = [await step("001_a", text, { transaction: "none", ...fields })];
    return formatPlan({ db: "main", steps, warnings: [] }, plainStyle).slice(3);
  };
  const [again, ...rest] = ["SET app.key = 'x PASSWORD ''***''';", "BEGIN;", "SELECT 2;", "COMMIT;", "SELECT 3;"];
  assertEquals(await linesOf({ unitsDone: 2, unitState: "failed" }), [
    "-- 2 statements are finished and left out; what they set is set again",
    again,
    ...rest,
  ]);
  assertEquals((await linesOf({ unitState: "started" })).slice(0, 2), [
    "-- the first one below began and may be finished: up looks, and where the database does not tell it asks",
    "-- Transaction: none",
  ]);
  assertEquals((await linesOf({ unitsDone: 4 })).slice(1), [again]);
  assertEquals((await linesOf({ unitState: "failed" })).length, 8);
});

Deno.test("planFields() tells how far a migration is", async () => {
  const steps = [
    await step("001_a", "SELECT 1;", { unitsDone: 1, unitState: "started" }),
    await step("002_b", "SELECT 1;"),
  ];
  const fields = planFields({ db: "main", steps, warnings: [] }) as { readonly steps: readonly Step[] };
  assertEquals(fields.steps.map(({ sql, unitsDone, unitState }) => [sql, unitsDone, unitState]), [
    ["SELECT 1;", 1, "started"],
    ["SELECT 1;", 0, null],
  ]);
});

Deno.test("planFields() masks secrets, too", async () => {
  const steps = [await step("001_roles", "CREATE ROLE app PASSWORD 'hunter2';\n")];
  const fields = planFields({ db: "main", steps, warnings: [] });
  assertStringIncludes(JSON.stringify(fields), "PASSWORD '***'");
  assertEquals(JSON.stringify(fields).includes("hunter2"), false);
});

Deno.test("describeStep() says what it does and what is special about it", async () => {
  assertEquals(
    describeStep(await step("001_a", "SELECT 1;", { transaction: "none", late: true })),
    "apply 001_a (outside a transaction, late)",
  );
  assertEquals(
    describeStep(await step("001_a", "SELECT 1;", { direction: "down", path: null })),
    "roll back 001_a",
  );
});
