/**
 * What stands in the way of a run, found before anything runs.
 *
 * @module
 */

import type { ComparedFile, Comparison } from "./compare.ts";
import { type ErrorCode, MigrationError } from "./error.ts";
import type { Migration } from "./migration.ts";
import type { Strictness } from "./plan.ts";
import type { Problem } from "./problem.ts";
import { type Difference, isSameMigration } from "./status.ts";

/** What to do about files that cannot be used. */
export const MEND_FILES = "Mend the files, then run the same command again; nothing was run";

const STRICT_MISSING = "Restore the file, or run without strict";
const STRICT_LATE = "Give it a newer version, or run without strict";

/**
 * The error for files whose dependencies cannot be met.
 *
 * @param problems What is wrong.
 * @returns The error.
 */
export function orderError(problems: readonly Problem[]): MigrationError {
  return new MigrationError("FILES_INVALID", "Cannot order the migrations", { problems, hint: MEND_FILES });
}

/** Every finding of a comparison, in groups: those that stop an `up`, and those that are only warned of. */
export interface Refusals {
  /** What stops it; empty if nothing does. */
  readonly errors: readonly Refusal[];
  /** What is only said. */
  readonly warnings: readonly Problem[];
}

/** One kind of finding. */
export interface Refusal {
  /** Code of the error that it makes. */
  readonly code: ErrorCode;
  /** Message of that error, for all of its problems. */
  readonly message: string;
  /** What to do. */
  readonly hint: string;
  /** Each single one. */
  readonly problems: readonly Problem[];
}

/**
 * Finds what stands in the way of applying.
 *
 * @param comparison Files and history.
 * @param strictness Whether missing and late migrations stop a run.
 * @param exempt Names that are to be applied anew, so that edits of them are no finding.
 * @returns The findings.
 */
export function findRefusals(
  comparison: Comparison<ComparedFile>,
  strictness: Strictness,
  exempt: ReadonlySet<string> = new Set(),
): Refusals {
  const { status } = comparison;
  const partial = describePartial(comparison);
  const groups: Refusal[] = [
    {
      code: "FILES_INVALID",
      message: "Cannot order the migrations",
      hint: MEND_FILES,
      problems: comparison.problems,
    },
    {
      code: "CHANGED",
      message: "Cannot continue: applied migrations were edited",
      hint: "Restore the file and put the change into a new migration, or accept the file as it is with repair",
      problems: status.changed.filter(({ record }) => !exempt.has(record.name)).map(describeChanged),
    },
    {
      code: "RENAMED",
      message: "Cannot continue: applied migrations have another file name",
      hint: status.renamed.every(isSameMigration)
        ? "Restore the name, or record the new one with repair"
        : "See for each what it is: a file that was renamed, or another migration that needs a version of its own",
      problems: status.renamed.map(describeRenamed),
    },
    {
      code: "PARTIAL",
      message: "Cannot continue: a migration is part-way",
      hint: partial[0]?.hint ?? "",
      problems: partial,
    },
    {
      code: "MISSING",
      message: "Cannot continue: files of applied migrations are missing",
      hint: STRICT_MISSING,
      problems: describeMissing(comparison, strictness),
    },
    {
      code: "LATE",
      message: "Cannot continue: pending migrations come before applied ones",
      hint: STRICT_LATE,
      problems: status.late.map((migration) => describeLate(migration, strictness)),
    },
  ];
  const found = groups.filter((group) => group.problems.length > 0);
  return {
    errors: found.filter((group) => group.problems.some((problem) => problem.severity === "error")),
    warnings: [
      ...found.flatMap((group) => group.problems).filter((problem) => problem.severity === "warning"),
      ...status.reformatted.filter(({ record }) => !exempt.has(record.name)).map(describeReformatted),
    ],
  };
}

/**
 * Throws if something stands in the way. All problems of all kinds are in the error; its code is that of the first kind.
 *
 * @param findings The findings.
 * @throws A {@linkcode MigrationError} with the code of the first finding.
 */
export function throwRefusals(findings: Refusals): void {
  const first = findings.errors[0];
  if (first === undefined) return;
  throw new MigrationError(first.code, first.message, {
    hint: first.hint,
    problems: findings.errors.flatMap((finding) => finding.problems),
  });
}

function describeChanged({ record, migration }: Difference): Problem {
  return {
    code: "changed",
    severity: "error",
    message: `Migration "${record.name}" was edited after it was applied: checksum ${short(record.checksum)} became ${
      short(migration.checksum)
    }`,
    path: migration.path,
    name: record.name,
    hint: `show ${record.name} prints it as applied`,
  };
}

function describeReformatted({ record, migration }: Difference): Problem {
  return {
    code: "reformatted",
    severity: "warning",
    message: `Migration "${record.name}" was edited after it was applied, but not the statements that it applies`,
    path: migration.path,
    name: record.name,
    hint: "repair records the file as it is",
  };
}

/**
 * Puts a renamed file into words.
 *
 * @param difference The applied migration and the file that has its version or its text.
 * @returns The finding.
 */
export function describeRenamed(difference: Difference): Problem {
  const { record, migration } = difference;
  const finding = { code: "renamed", severity: "error", path: migration.path, name: record.name } as const;
  if (isSameMigration(difference)) {
    return {
      ...finding,
      message: `Applied migration "${record.name}" seems to be renamed to "${migration.name}"`,
      hint: "Restore the name, or record the new one with repair",
    };
  }
  return {
    ...finding,
    message:
      `"${migration.name}" has the version of the applied migration "${record.name}", whose file is gone, but other statements`,
    hint: "If it is another migration, give it a new version; see also that this is the right database",
  };
}

function describeMissing(comparison: Comparison<ComparedFile>, strictness: Strictness): Problem[] {
  return comparison.status.missing.filter((record) => record.isApplied).map((record) => ({
    code: "missing",
    severity: strictness === "strict" ? "error" : "warning",
    message: `Applied migration "${record.name}" has no file`,
    name: record.name,
    hint: strictness === "strict" ? STRICT_MISSING : "Restore the file; rolling back works without it",
  }));
}

function describeLate(migration: Migration, strictness: Strictness): Problem {
  return {
    code: "late",
    severity: strictness === "strict" ? "error" : "warning",
    message: `Pending migration "${migration.name}" comes before an applied one`,
    path: migration.path,
    name: migration.name,
    hint: strictness === "strict" ? STRICT_LATE : "Give it a newer version if the order matters",
  };
}

/** What is part-way and cannot be finished by applying. */
function describePartial(comparison: Comparison<ComparedFile>): Problem[] {
  const gone = new Set(comparison.status.missing);
  return comparison.records.filter((record) => record.partial === "down" || gone.has(record) && !record.isApplied).map(
    (record) => ({
      code: "partial",
      severity: "error",
      message: record.partial === "down"
        ? `The rollback of "${record.name}" is part-way${record.error === null ? "" : `: ${record.error}`}`
        : `Migration "${record.name}" is part-way, and its file is gone`,
      name: record.name,
      hint: record.partial === "down"
        ? `Finish it with down ${record.name}`
        : `Restore its file; show prints it as it ran; if it is gone for good, give it up with repair --forget ${record.name}`,
    }),
  );
}

function short(checksum: string): string {
  return checksum.slice(0, 12);
}
