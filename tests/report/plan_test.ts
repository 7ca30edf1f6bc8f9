import { assertEquals, assertStringIncludes } from "@std/assert";
import { Migration } from "../../src/core/migration.ts";
import type { Step } from "../../src/core/plan.ts";
import { planFields } from "../../src/report/json.ts";
import { describeStep, formatPlan } from "../../src/report/plan.ts";
import { plainStyle } from "../../src/report/style.ts";

async function step(name: string, sql: string, fields: Partial<Step> = {}): Promise<Step> {
  const migration = await Migration.parse(`${name}.sql`, sql);
  return {
    direction: "up",
    name,
    version: migration.version,
    transaction: "single",
    late: false,
    path: migration.path,
    checksum: migration.checksum,
    sql,
    migration,
    ...fields,
  };
}

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
