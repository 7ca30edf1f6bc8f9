/**
 * What the history says about one migration.
 *
 * @module
 */

/** Which section a `Transaction: none` migration is part-way through. */
export type PartialSection = "up" | "down";

/** How the next unit of a part-way migration stands: it began and its end is unknown, or it failed. */
export type UnitState = "started" | "failed";

/** The fields of a {@linkcode MigrationRecord}, as {@linkcode MigrationRecord.from} takes them. */
export interface MigrationRecordFields {
  /** Name of the migration: its file name without `.sql`. */
  readonly name: string;
  /** The number in front of the name. */
  readonly version: number;
  /** SHA-256 of the text as applied, lower-case hex. */
  readonly checksum: string;
  /** When it was applied; `null` while it is not fully applied. A string is read as ISO 8601. */
  readonly appliedAt: Date | string | null;
  /** How long it ran, in milliseconds. */
  readonly durationMs: number | null;
  /** The last failure of a migration that is not applied. */
  readonly error?: string | null;
  /** Order of application, from 1. */
  readonly seq?: number;
  /** What it does, in words. */
  readonly description?: string | null;
  /** Checksum of the up section's tokens. */
  readonly tokenChecksum?: string;
  /** Names it depends on. */
  readonly depends?: readonly string[];
  /** Database user that applied it. */
  readonly appliedBy?: string | null;
  /** Which section is part-way, if one is. */
  readonly partial?: PartialSection | null;
  /** Units finished of a part-way migration. */
  readonly unitsDone?: number | null;
  /** How its next unit stands. */
  readonly unitState?: UnitState | null;
}

/**
 * One row of the history.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { MigrationRecord } from "@metapg/migration";
 *
 * const record = MigrationRecord.from({
 *   name: "001_users",
 *   version: 1,
 *   checksum: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
 *   appliedAt: "2026-01-02T03:04:05.678Z",
 *   durationMs: 12.5,
 * });
 * assertEquals(record.isApplied, true);
 * ```
 */
export class MigrationRecord {
  /** Name of the migration: its file name without `.sql`. */
  readonly name: string;
  /** The number in front of the name. */
  readonly version: number;
  /** SHA-256 of the text as applied, lower-case hex. */
  readonly checksum: string;
  /** When it was applied; `null` while it is not fully applied. */
  readonly appliedAt: Date | null;
  /** How long it ran, in milliseconds; `null` if that is not known. */
  readonly durationMs: number | null;
  /** The last failure of a migration that is not applied. */
  readonly error: string | null;
  /** Order of application, from 1; 0 if it is not known. */
  readonly seq: number;
  /** What it does, in words. */
  readonly description: string | null;
  /** Checksum of the up section's tokens; empty if it is not known. */
  readonly tokenChecksum: string;
  /** Names it depends on. */
  readonly depends: readonly string[];
  /** Database user that applied it. */
  readonly appliedBy: string | null;
  /** Which section is part-way, if one is. */
  readonly partial: PartialSection | null;
  /** Units finished of a part-way migration. */
  readonly unitsDone: number | null;
  /** How its next unit stands. */
  readonly unitState: UnitState | null;

  private constructor(fields: MigrationRecordFields) {
    this.name = fields.name;
    this.version = fields.version;
    this.checksum = fields.checksum;
    this.appliedAt = typeof fields.appliedAt === "string" ? new Date(fields.appliedAt) : fields.appliedAt;
    this.durationMs = fields.durationMs;
    this.error = fields.error ?? null;
    this.seq = fields.seq ?? 0;
    this.description = fields.description ?? null;
    this.tokenChecksum = fields.tokenChecksum ?? "";
    this.depends = fields.depends ?? [];
    this.appliedBy = fields.appliedBy ?? null;
    this.partial = fields.partial ?? null;
    this.unitsDone = fields.unitsDone ?? null;
    this.unitState = fields.unitState ?? null;
  }

  /**
   * Makes a record from its fields.
   *
   * @param fields The fields; those left out are empty.
   * @returns The record.
   */
  static from(fields: MigrationRecordFields): MigrationRecord {
    return new MigrationRecord(fields);
  }

  /** Whether it is fully applied. */
  get isApplied(): boolean {
    return this.appliedAt !== null && this.partial === null;
  }
}

/**
 * Tells whether the database holds something of a migration.
 *
 * @param record Its row.
 * @returns Whether it is applied, or part-way.
 */
export function hasRun({ isApplied, partial }: Pick<MigrationRecord, "isApplied" | "partial">): boolean {
  return isApplied || partial !== null;
}

/** Says how far a part-way migration is, in a clause without its subject. */
export function describeUnits({ unitsDone, unitState }: MigrationRecord): string {
  const done = unitsDone ?? 0;
  return unitState === "started"
    ? `has begun unit ${done + 1}, and its end is not known`
    : `stopped after ${done} ${done === 1 ? "unit" : "units"}`;
}
