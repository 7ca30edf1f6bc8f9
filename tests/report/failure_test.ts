import { assertEquals } from "@std/assert";
import { MigrationError } from "../../src/core/error.ts";
import { SqlError } from "../../src/core/sql_error.ts";
import { formatFailure, type PlannedStep } from "../../src/report/failure.ts";
import { plainStyle } from "../../src/report/style.ts";

function sqlError(
  code: "SQL_FAILED" | "PARTIAL",
  direction: "up" | "down" = "up",
  sqlstate: string = "42P01",
): SqlError {
  return new SqlError(code, 'relation "nope" does not exist', {
    migration: "002_users",
    direction,
    at: "statement",
    path: "migrations/main/002_users.sql",
    line: 2,
    column: 13,
    excerpt: [{ line: 1, text: "-- x" }, { line: 2, text: "INSERT INTO nope VALUES (1);" }],
  }, { sqlstate, detail: "More", hint: "Perhaps", where: "PL/pgSQL function f()\nline 3" });
}

/** What a person reads, with commands as they are typed for the database `shop`. */
function explain(error: MigrationError, planned: readonly PlannedStep[] = []): string[] {
  return formatFailure(error, { planned, style: plainStyle, commandLine: (words) => `tool ${words} --db shop` });
}

Deno.test("formatFailure() puts a plain error and its hint on one line", () => {
  const error = new MigrationError("UNKNOWN_MIGRATION", 'Unknown migration "002_usr"', {
    hint: 'Did you mean "002_users"?',
  });
  assertEquals(explain(error), [
    'Error: Unknown migration "002_usr". Did you mean "002_users"?',
  ]);
});

Deno.test("formatFailure() lists all findings and then what to do", () => {
  const error = new MigrationError("CHANGED", "Cannot continue: applied migrations were edited", {
    hint: "Restore the file",
    problems: [{ code: "changed", severity: "error", message: "Edited", path: "a.sql", hint: "show 001_a prints it" }],
  });
  assertEquals(explain(error), [
    "Error: Cannot continue: applied migrations were edited",
    "  a.sql: Edited",
    "    tool show 001_a --db shop prints it",
    "Next: Restore the file",
  ]);
});

Deno.test("formatFailure() frames an SQL error and says what stands and what does not", () => {
  const error = sqlError("SQL_FAILED");
  error.applied = ["001_roles"];
  const planned = ["001_roles", "002_users", "003_posts"].map((name) => ({ name, direction: "up" as const }));
  assertEquals(explain(error, planned), [
    'Error: "002_users" failed: relation "nope" does not exist (42P01)',
    "  migrations/main/002_users.sql:2:13",
    "",
    "    1 │ -- x",
    "  > 2 │ INSERT INTO nope VALUES (1);",
    "      │             ^",
    "",
    "  Detail: More",
    "  Hint: Perhaps",
    "  Where: PL/pgSQL function f()",
    "    line 3",
    "",
    "Applied: 001_roles",
    "Not applied: 002_users (nothing of it was kept), 003_posts",
    "Next: Mend 002_users, then run tool up --db shop again",
  ]);
});

Deno.test("formatFailure() says how a part-way migration or rollback goes on", () => {
  assertEquals(
    explain(sqlError("PARTIAL"), [{ name: "002_users", direction: "up" }]).slice(-2),
    [
      "Not applied: 002_users (what ran of it stays)",
      "Next: Mend the rest of 002_users, then run tool up --db shop again: it goes on where it stopped",
    ],
  );
  const down = sqlError("PARTIAL", "down");
  down.rolledBack = ["003_posts"];
  const planned = ["003_posts", "002_users"].map((name) => ({ name, direction: "down" as const }));
  assertEquals(explain(down, planned).slice(-3), [
    "Rolled back: 003_posts",
    "Not rolled back: 002_users (what ran of its rollback stays)",
    "Next: Mend the cause, then run tool down 002_users --db shop again: it goes on where it stopped. If the rollback itself is wrong, mend it in the file and run tool repair --db shop first",
  ]);
});

Deno.test("formatFailure() shows text of the server without letting it steer the terminal", () => {
  const error = new MigrationError("CONNECTION_LOST", "Lost\x1b[2J");
  assertEquals(explain(error), ["Error: Lost\\x1b[2J"]);
});

Deno.test("formatFailure() does not call undone what may be done", () => {
  const error = new MigrationError("OUTCOME_UNKNOWN", "Lost", { hint: "Run status" });
  error.applied = ["001_a"];
  error.unknown = ["002_b", "003_c"];
  const planned = ["001_a", "002_b", "003_c", "004_d"].map((name) => ({ name, direction: "up" as const }));
  assertEquals(explain(error, planned), [
    "Error: Lost. Run tool status --db shop",
    "Applied: 001_a",
    "Not known: 002_b, 003_c",
    "Not applied: 004_d",
  ]);
});

Deno.test("formatFailure() gives advice once if the findings have the same", () => {
  const hint = "Restore the name, or record the new one with repair";
  const error = new MigrationError("RENAMED", "Cannot continue: applied migrations have another file name", {
    hint,
    problems: [{ code: "renamed", severity: "error", message: "Renamed", path: "b.sql", hint }],
  });
  assertEquals(explain(error).slice(1), [
    "  b.sql: Renamed",
    "Next: Restore the name, or record the new one with tool repair --db shop",
  ]);
});

Deno.test("formatFailure() does not ask to mend what only met a lock", () => {
  for (
    const [sqlstate, advice] of [
      ["55P03", "Run tool up --db shop again, or give it more time (Lock-Timeout in its header, else --lock-timeout)"],
      [
        "57014",
        "Run tool up --db shop again, or give it more time (Statement-Timeout in its header, else --statement-timeout)",
      ],
      ["40P01", "Run tool up --db shop again"],
    ] as const
  ) assertEquals(explain(sqlError("SQL_FAILED", "up", sqlstate)).at(-1), `Next: ${advice}`);
  assertEquals(
    explain(sqlError("PARTIAL", "down", "55P03")).at(-1),
    "Next: Run tool down 002_users --db shop again, or give it more time (Lock-Timeout in its header, else --lock-timeout): it goes on where it stopped",
  );
});

Deno.test("formatFailure() says what a cancelled run keeps of the migration that it was at", () => {
  const planned = ["001_a", "002_b", "003_c"].map((name) => ({ name, direction: "up" as const }));
  const begun = planned.map((step) => ({ ...step, isBegun: step.name !== "003_c" }));
  const error = new MigrationError("ABORTED", "Cancelled");
  error.applied = ["001_a"];
  assertEquals(explain(error, planned).at(-1), "Not applied: 002_b, 003_c");
  assertEquals(explain(error, begun), [
    "Error: Cancelled",
    "Applied: 001_a",
    "Not applied: 002_b (nothing of it was kept), 003_c",
  ]);
  const hint = '"001_a" is part-way: what was finished of it stays, and up goes on from there';
  assertEquals(explain(new MigrationError("ABORTED", "Cancelled", { hint }), begun.slice(0, 1)), [
    'Error: Cancelled. "001_a" is part-way: what was finished of it stays, and tool up --db shop goes on from there',
    "Not applied: 001_a (what ran of it stays)",
  ]);
});
