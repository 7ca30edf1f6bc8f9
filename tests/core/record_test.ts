import { assertEquals } from "@std/assert";
import { MigrationRecord } from "../../src/core/record.ts";
import { MigrationStatus } from "../../src/core/status.ts";

const FIELDS = { name: "001_a", version: 1, checksum: "c", appliedAt: "2026-01-02T03:04:05.678Z", durationMs: 1.5 };

Deno.test("MigrationRecord.from() reads a time as ISO 8601 and fills what is left out", () => {
  const record = MigrationRecord.from(FIELDS);
  assertEquals(record.appliedAt, new Date(Date.UTC(2026, 0, 2, 3, 4, 5, 678)));
  assertEquals([record.error, record.seq, record.depends, record.partial], [null, 0, [], null]);
  assertEquals(record.isApplied, true);
});

Deno.test("MigrationRecord.isApplied is false for a failed and for a part-way migration", () => {
  assertEquals(MigrationRecord.from({ ...FIELDS, appliedAt: null, error: "no" }).isApplied, false);
  assertEquals(MigrationRecord.from({ ...FIELDS, partial: "down", unitsDone: 1 }).isApplied, false);
});

Deno.test("MigrationRecord prints as JSON", () => {
  assertEquals(JSON.parse(JSON.stringify(MigrationRecord.from(FIELDS))).appliedAt, "2026-01-02T03:04:05.678Z");
});

Deno.test("MigrationStatus.isUpToDate is true when nothing is pending", () => {
  const status = new MigrationStatus({
    dbName: "main",
    applied: [MigrationRecord.from(FIELDS)],
    pending: [],
    totalFiles: 1,
  });
  assertEquals(status.isUpToDate, true);
  assertEquals([status.failed, status.missing, status.changed, status.renamed, status.late], [[], [], [], [], []]);
});
