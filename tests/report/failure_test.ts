import { assertEquals } from "@std/assert";
import { MigrationError } from "../../src/core/error.ts";
import { SqlError } from "../../src/core/sql_error.ts";
import { formatFailure } from "../../src/report/failure.ts";
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

Deno.test("formatFailure() puts a plain error and its hint on one line", () => {
  const error = new MigrationError("UNKNOWN_MIGRATION", 'Unknown migration "002_usr"', {
    hint: 'Did you mean "002_users"?',
  });
  assertEquals(formatFailure(error, [], plainStyle), [
    'Error: Unknown migration "002_usr". Did you mean "002_users"?',
  ]);
});

Deno.test("formatFailure() lists all findings and then what to do", () => {
  const error = new MigrationError("CHANGED", "Cannot continue: applied migrations were edited", {
    hint: "Restore the file",
    problems: [{ code: "changed", severity: "error", message: "Edited", path: "a.sql", hint: "show 001_a" }],
  });
  assertEquals(formatFailure(error, [], plainStyle), [
    "Error: Cannot continue: applied migrations were edited",
    "  a.sql: Edited",
    "    show 001_a",
    "Next: Restore the file",
  ]);
});

Deno.test("formatFailure() frames an SQL error and says what stands and what does not", () => {
  const error = sqlError("SQL_FAILED");
  error.applied = ["001_roles"];
  const planned = ["001_roles", "002_users", "003_posts"].map((name) => ({ name, direction: "up" as const }));
  assertEquals(formatFailure(error, planned, plainStyle), [
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
    "Next: Mend 002_users, then run up again",
  ]);
});

Deno.test("formatFailure() says how a part-way migration or rollback goes on", () => {
  assertEquals(
    formatFailure(sqlError("PARTIAL"), [{ name: "002_users", direction: "up" }], plainStyle).slice(-2),
    [
      "Not applied: 002_users (what ran of it stays)",
      "Next: Mend the rest of 002_users, then run up again: it goes on where it stopped",
    ],
  );
  const down = sqlError("PARTIAL", "down");
  down.rolledBack = ["003_posts"];
  const planned = ["003_posts", "002_users"].map((name) => ({ name, direction: "down" as const }));
  assertEquals(formatFailure(down, planned, plainStyle).slice(-3), [
    "Rolled back: 003_posts",
    "Not rolled back: 002_users (what ran of its rollback stays)",
    "Next: Mend the cause, then run down 002_users again: it goes on where it stopped. If the rollback itself is wrong, mend it in the file and run repair first",
  ]);
});

Deno.test("formatFailure() shows text of the server without letting it steer the terminal", () => {
  const error = new MigrationError("CONNECTION_LOST", "Lost\x1b[2J");
  assertEquals(formatFailure(error, [], plainStyle), ["Error: Lost\\x1b[2J"]);
});

Deno.test("formatFailure() does not call undone what may be done", () => {
  const error = new MigrationError("OUTCOME_UNKNOWN", "Lost", { hint: "Run status" });
  error.applied = ["001_a"];
  const planned = ["001_a", "002_b", "003_c"].map((name) => ({ name, direction: "up" as const }));
  assertEquals(formatFailure(error, planned, plainStyle), [
    "Error: Lost. Run status",
    "Applied: 001_a",
    "Not known: 002_b",
    "Not applied: 003_c",
  ]);
});

Deno.test("formatFailure() gives advice once if the findings have the same", () => {
  const hint = "Restore the name, or record the new one with repair";
  const error = new MigrationError("RENAMED", "Cannot continue: applied migrations have another file name", {
    hint,
    problems: [{ code: "renamed", severity: "error", message: "Renamed", path: "b.sql", hint }],
  });
  assertEquals(formatFailure(error, [], plainStyle).slice(1), ["  b.sql: Renamed", `Next: ${hint}`]);
});

Deno.test("formatFailure() does not ask to mend what only met a lock", () => {
  for (
    const [sqlstate, advice] of [
      ["55P03", "Run up again, or give it more time with --lock-timeout"],
      ["57014", "Run up again, or give it more time with --statement-timeout"],
      ["40P01", "Run up again"],
    ] as const
  ) assertEquals(formatFailure(sqlError("SQL_FAILED", "up", sqlstate), [], plainStyle).at(-1), `Next: ${advice}`);
  assertEquals(
    formatFailure(sqlError("PARTIAL", "down", "55P03"), [], plainStyle).at(-1),
    "Next: Run down 002_users again, or give it more time with --lock-timeout: it goes on where it stopped",
  );
});
