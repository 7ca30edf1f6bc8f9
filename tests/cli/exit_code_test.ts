import { assertEquals } from "@std/assert";
import { type ErrorCode, MigrationError } from "../../src/core/error.ts";
import { SqlError } from "../../src/core/sql_error.ts";
import { combineExitCodes, exitCodeOf } from "../../src/cli/exit_code.ts";

Deno.test("exitCodeOf() has a code for every error", () => {
  const expected: Record<ErrorCode, number> = {
    USAGE: 2,
    CONFIG: 2,
    UNKNOWN_MIGRATION: 2,
    CONNECTION_FAILED: 3,
    CONNECTION_LOST: 3,
    OUTCOME_UNKNOWN: 3,
    SQL_FAILED: 4,
    PARTIAL: 5,
    LOCK_TIMEOUT: 6,
    LOCK_LOST: 6,
    FILES_INVALID: 7,
    CHANGED: 7,
    MISSING: 7,
    LATE: 7,
    RENAMED: 7,
    DEPENDENTS: 7,
    DEPENDENCY_NOT_APPLIED: 7,
    NOT_APPLIED: 7,
    NO_ROLLBACK: 7,
    HISTORY_FOREIGN: 7,
    HISTORY_NEWER: 7,
    READ_ONLY: 7,
    PLAN_CHANGED: 7,
    ABORTED: 130,
  };
  for (const [code, exitCode] of Object.entries(expected)) {
    assertEquals(exitCodeOf(new MigrationError(code as ErrorCode, "x")), exitCode, code);
  }
});

Deno.test("exitCodeOf() tells signals apart", () => {
  const error = new MigrationError("ABORTED", "Cancelled");
  assertEquals(exitCodeOf(error, "SIGINT"), 130);
  assertEquals(exitCodeOf(error, "SIGTERM"), 143);
});

Deno.test("exitCodeOf() is 7 for a part-way migration that was only found", () => {
  const problems = [{ code: "partial", severity: "error", message: "Part-way" }] as const;
  assertEquals(exitCodeOf(new MigrationError("PARTIAL", "x", { problems })), 7);
  const place = { migration: "001_a", direction: "up", at: "statement", path: "x", excerpt: [] } as const;
  assertEquals(exitCodeOf(new SqlError("PARTIAL", "x", place, {})), 5);
});

Deno.test("exitCodeOf() is 70 for a fault of the program", () => {
  assertEquals(exitCodeOf(new TypeError("x")), 70);
});

Deno.test("combineExitCodes() picks by precedence, not by size", () => {
  assertEquals(combineExitCodes([]), 0);
  assertEquals(combineExitCodes([0, 1, 0]), 1);
  const order = [130, 143, 5, 4, 3, 6, 7, 2, 1];
  for (const [index, code] of order.entries()) {
    assertEquals(combineExitCodes([...order.slice(index), 0].toReversed()), code);
  }
});
