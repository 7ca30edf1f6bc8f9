import { assertEquals } from "@std/assert";
import { Migration } from "../../src/core/migration.ts";
import { MigrationRecord, type MigrationRecordFields } from "../../src/core/record.ts";
import { MigrationStatus } from "../../src/core/status.ts";
import { formatStatus, summarizeStatus } from "../../src/report/status.ts";
import { plainStyle } from "../../src/report/style.ts";

function record(name: string, fields: Partial<MigrationRecordFields> = {}) {
  const isApplied = fields.error === undefined && fields.partial === undefined;
  return MigrationRecord.from({
    name,
    version: Number.parseInt(name, 10),
    checksum: "c",
    appliedAt: isApplied ? "2026-01-02T03:04:05.678Z" : null,
    durationMs: isApplied ? 12 : null,
    ...fields,
  });
}

function migration(name: string): Promise<Migration> {
  return Migration.parse(`${name}.sql`, "SELECT 1;\n");
}

Deno.test("formatStatus() says of each migration how it stands", async () => {
  const [a, renamed, late, failed, fresh] = await Promise.all(
    ["002_b", "105_e", "006_f", "007_g", "008_h"].map(migration),
  );
  const { tokenChecksum } = renamed!;
  const applied = ["001_a", "002_b", "003_c", "004_d", "005_e"].map((name) => record(name, { tokenChecksum }));
  const failure = record("007_g", { error: "no such\ntable" });
  const status = new MigrationStatus({
    dbName: "main",
    applied,
    pending: [late!, failed!, fresh!],
    totalFiles: 7,
    changed: [{ record: applied[1]!, migration: a! }],
    reformatted: [{ record: applied[2]!, migration: a! }],
    missing: [applied[3]!],
    renamed: [{ record: applied[4]!, migration: renamed! }],
    failed: [failure],
    late: [late!],
  });
  assertEquals(formatStatus(status, plainStyle), [
    "main: 5 applied (1 changed, 1 reformatted, 1 renamed, 1 missing), 2 pending (1 late), 1 failed",
    "",
    "STATE        VERSION  NAME   APPLIED AT               TIME  NOTE",
    "applied          001  001_a  2026-01-02 03:04:05Z  12.0 ms",
    "changed          002  002_b  2026-01-02 03:04:05Z  12.0 ms  edited after it was applied",
    "reformatted      003  003_c  2026-01-02 03:04:05Z  12.0 ms  edited after it was applied, but not its statements",
    "missing          004  004_d  2026-01-02 03:04:05Z  12.0 ms  has no file",
    "renamed          005  005_e  2026-01-02 03:04:05Z  12.0 ms  the file is 105_e by now",
    "late             006  006_f                                 comes before an applied one",
    "failed           007  007_g                                 no such table",
    "pending          008  008_h",
  ]);
});

Deno.test("formatStatus() says how far a part-way migration got", async () => {
  const partial = record("001_a", { partial: "up", unitsDone: 1, error: "boom" });
  const status = new MigrationStatus({
    dbName: "main",
    applied: [],
    pending: [await migration("001_a")],
    totalFiles: 1,
    failed: [partial],
  });
  assertEquals(formatStatus(status, plainStyle).slice(2), [
    "STATE     VERSION  NAME   NOTE",
    "part-way      001  001_a  migration stopped after 1 unit: boom",
  ]);
  const begun = record("001_a", { partial: "up", unitsDone: 1, unitState: "started" });
  const open = new MigrationStatus({ ...status, failed: [begun] });
  assertEquals(
    formatStatus(open, plainStyle).at(-1),
    "part-way      001  001_a  migration has begun unit 2, and its end is not known",
  );
});

Deno.test("formatStatus() lists a part-way rollback whose file is gone", () => {
  const partial = record("001_a", { partial: "down", unitsDone: 2 });
  const status = new MigrationStatus({ dbName: "main", applied: [], pending: [], totalFiles: 0, missing: [partial] });
  assertEquals(
    formatStatus(status, plainStyle).at(-1),
    "part-way      001  001_a  rollback stopped after 2 units",
  );
  assertEquals(summarizeStatus(status), "0 applied, 0 pending, 1 part-way");
});

Deno.test("summarizeStatus() counts a renamed or part-way migration once", async () => {
  const [renamed, partial] = await Promise.all(["002_b", "003_c"].map(migration));
  const status = new MigrationStatus({
    dbName: "main",
    applied: [record("001_a")],
    pending: [renamed!, partial!],
    totalFiles: 2,
    renamed: [{ record: record("001_a", { tokenChecksum: renamed!.tokenChecksum }), migration: renamed! }],
    failed: [record("003_c", { partial: "up", unitsDone: 1 })],
  });
  assertEquals(summarizeStatus(status), "1 applied (1 renamed), 0 pending, 1 part-way");
});

Deno.test("formatStatus() tells another migration that took a version from a renamed one", async () => {
  const other = await migration("002_other");
  const status = new MigrationStatus({
    dbName: "main",
    applied: [record("002_b", { tokenChecksum: "1:b" })],
    pending: [other],
    totalFiles: 1,
    renamed: [{ record: record("002_b", { tokenChecksum: "1:b" }), migration: other }],
  });
  assertEquals(formatStatus(status, plainStyle), [
    "main: 1 applied (1 missing), 1 pending",
    "",
    "STATE    VERSION  NAME       APPLIED AT               TIME  NOTE",
    "missing      002  002_b      2026-01-02 03:04:05Z  12.0 ms  has no file; 002_other has its version, but other statements",
    "pending      002  002_other                                 has the version of 002_b, but other statements",
  ]);
});

Deno.test("summarizeStatus() says that there are no migrations", () => {
  const status = new MigrationStatus({ dbName: "main", applied: [], pending: [], totalFiles: 0 });
  assertEquals(summarizeStatus(status), "no migrations");
  assertEquals(formatStatus(status, plainStyle), ["main: no migrations"]);
});
