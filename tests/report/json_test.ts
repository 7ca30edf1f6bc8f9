import { assertEquals } from "@std/assert";
import { MigrationError } from "../../src/core/error.ts";
import { Migration } from "../../src/core/migration.ts";
import { MigrationRecord } from "../../src/core/record.ts";
import { SqlError } from "../../src/core/sql_error.ts";
import { MigrationStatus } from "../../src/core/status.ts";
import { documentFields, errorFields, problemFields, statusFields } from "../../src/report/json.ts";

Deno.test("documentFields() has the keys of format 1", () => {
  assertEquals(
    documentFields({ command: "up", exitCode: 0, databases: [{ db: "main", ok: true, fields: { done: [] } }] }),
    { format: 1, command: "up", exitCode: 0, databases: [{ db: "main", ok: true, done: [] }] },
  );
  const error = new MigrationError("CONFIG", "No URL");
  assertEquals(documentFields({ command: null, exitCode: 2, databases: [], error }), {
    format: 1,
    command: null,
    exitCode: 2,
    databases: [],
    error: { code: "CONFIG", message: "No URL", hint: null, problems: [], applied: [], rolledBack: [], unknown: [] },
  });
});

Deno.test("errorFields() adds what the server said of an SQL error", () => {
  const error = new SqlError("SQL_FAILED", "no", {
    migration: "001_a",
    direction: "up",
    at: "statement",
    path: "001_a.sql",
    line: 1,
    column: 2,
    excerpt: [],
  }, { sqlstate: "42P01", detail: "more" });
  error.applied = ["000_x"];
  assertEquals(errorFields(error), {
    code: "SQL_FAILED",
    message: "001_a.sql:1:2: no (42P01)",
    hint: null,
    problems: [],
    applied: ["000_x"],
    rolledBack: [],
    unknown: [],
    migration: "001_a",
    direction: "up",
    at: "statement",
    path: "001_a.sql",
    line: 1,
    column: 2,
    sqlstate: "42P01",
    serverMessage: "no",
    detail: "more",
    serverHint: null,
    internalQuery: null,
    where: null,
  });
});

Deno.test("errorFields() marks a fault of the program itself", () => {
  assertEquals(errorFields(new TypeError("x is undefined")), { code: "INTERNAL", message: "x is undefined" });
  assertEquals(errorFields("gone"), { code: "INTERNAL", message: "gone" });
});

Deno.test("problemFields() writes null where there is nothing", () => {
  assertEquals(problemFields({ code: "late", severity: "warning", message: "Late" }), {
    code: "late",
    severity: "warning",
    message: "Late",
    path: null,
    name: null,
    line: null,
    column: null,
    hint: null,
  });
});

Deno.test("statusFields() prints as JSON, with times in UTC", async () => {
  const record = MigrationRecord.from({
    name: "001_a",
    version: 1,
    checksum: "c",
    appliedAt: "2026-01-02T03:04:05.678Z",
    durationMs: 12,
  });
  const migration = await Migration.parse("main/002_b.sql", "-- Depends: 001_a\nSELECT 1;\n-- ROLLBACK\n");
  const status = new MigrationStatus({
    dbName: "main",
    applied: [record],
    pending: [migration],
    totalFiles: 2,
    changed: [{ record, migration }],
    late: [migration],
  });
  const fields = JSON.parse(JSON.stringify(statusFields(status)));
  assertEquals(Object.keys(fields), [
    "applied",
    "pending",
    "failed",
    "missing",
    "changed",
    "reformatted",
    "renamed",
    "late",
    "totalFiles",
    "isUpToDate",
  ]);
  assertEquals(fields.applied[0].appliedAt, "2026-01-02T03:04:05.678Z");
  assertEquals(fields.pending, [{
    name: "002_b",
    version: 2,
    description: "b",
    checksum: migration.checksum,
    depends: ["001_a"],
    transaction: "single",
    hasRollback: true,
    path: "main/002_b.sql",
  }]);
  assertEquals(fields.changed, [{
    name: "001_a",
    newName: "002_b",
    path: "main/002_b.sql",
    oldChecksum: "c",
    newChecksum: migration.checksum,
  }]);
  assertEquals([fields.totalFiles, fields.isUpToDate], [2, false]);
});

Deno.test("errorFields() and problemFields() leave out what only callers of the library need", () => {
  const hint = "Use --cascade (library: cascade: true)";
  const problem = { code: "late", severity: "error", message: "No", hint } as const;
  const fields = errorFields(new MigrationError("DEPENDENTS", "No", { hint, problems: [problem] }));
  assertEquals([fields.hint, fields.problems], ["Use --cascade", [
    problemFields({ ...problem, hint: "Use --cascade" }),
  ]]);
});
