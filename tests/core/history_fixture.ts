import type { CompareInput } from "../../src/core/compare.ts";
import { Migration } from "../../src/core/migration.ts";
import { MigrationRecord, type MigrationRecordFields } from "../../src/core/record.ts";

/** A migration file of one statement, with the header lines given. */
export async function file(name: string, sql = `CREATE TABLE t_${name} ();`, header = ""): Promise<Migration> {
  const head = header === "" ? "" : `${header}\n`;
  return await Migration.parse(`migrations/main/${name}.sql`, `${head}${sql}\n-- ROLLBACK\nSELECT 1;\n`);
}

/** The row of a migration as it was applied. */
export function row(migration: Migration, seq: number, fields: Partial<MigrationRecordFields> = {}): MigrationRecord {
  return MigrationRecord.from({
    name: migration.name,
    version: migration.version,
    checksum: migration.checksum,
    tokenChecksum: migration.tokenChecksum,
    depends: migration.dependencies,
    appliedAt: "2026-01-01T00:00:00Z",
    durationMs: 1,
    seq,
    ...fields,
  });
}

/** Input of `compare()`. */
export function input(migrations: readonly Migration[], records: readonly MigrationRecord[]): CompareInput {
  return { dbName: "main", migrations, records };
}
