/**
 * Rewrites files that a lint found fault with.
 *
 * @module
 */

import { inFolder } from "../core/folder_path.ts";
import type { Migration } from "../core/migration.ts";
import { applyFixes } from "../lint/apply_fixes.ts";
import type { LintFinding, LintReport } from "../lint/finding.ts";
import type { Host } from "../runtime/host.ts";
import { slugify } from "./migration_draft.ts";
import { listMigrations, nextVersion } from "./next_version.ts";

/** What was found in a folder. */
export interface Linted {
  /** The findings. */
  readonly report: LintReport;
  /** Its migrations, in the order of application. */
  readonly order: readonly Migration[];
  /** Which of them no database in use has; `undefined` if nobody said how to find out. */
  readonly pending: ReadonlySet<string> | undefined;
}

/** A file that was written. */
export interface WrittenFile {
  /** Its path. */
  readonly path: string;
  /** Whether it was there before. */
  readonly action: "rewritten" | "created";
  /** The rules that it was written for. */
  readonly rules: readonly string[];
}

/** What others like it are mended by was not done for these. */
export interface LeftFindings {
  /** The file. */
  readonly path: string;
  /** The line of the first. */
  readonly line: number;
  /** The rules that found them. */
  readonly rules: readonly string[];
  /** Why they are left. */
  readonly reason: string;
}

/** What became of findings. */
export interface Fixed {
  /** What was written, in order. */
  readonly written: readonly WrittenFile[];
  /** What was not, file by file. */
  readonly left: readonly LeftFindings[];
}

/**
 * Rewrites files, and creates those that have to follow.
 *
 * @param host Reads and writes files.
 * @param dir The folder.
 * @param linted What was found in it.
 * @returns What was written, and what was left.
 */
export async function fixFiles(
  host: Pick<Host, "files" | "readTextFile" | "writeFile" | "replaceFile">,
  dir: string,
  { report, order, pending }: Linted,
): Promise<Fixed> {
  const written: WrittenFile[] = [];
  const left: LeftFindings[] = [];
  for (const migration of order) {
    const found = report.findings.filter(({ name }) => name === migration.name);
    if (pending?.has(migration.name) === false) {
      left.push(...leave(found, () => "what is in use already must not be edited"));
      continue;
    }
    const mendable = found.filter(({ fix }) => fix !== undefined);
    const fixed = mendable.length === 0 ? undefined : await applyFixes(migration, mendable.map(({ fix }) => fix!));
    left.push(...leave(found, ({ fix, unfixed }) => {
      if (fix === undefined) return unfixed;
      return fixed === undefined ? "the file has to be mended first, as it is refused" : undefined;
    }));
    if (fixed === undefined) continue;
    const rules = [...new Set(mendable.map(({ rule }) => rule))];
    await host.replaceFile(migration.path, likeBefore(await host.readTextFile(migration.path), fixed.text));
    written.push({ path: migration.path, action: "rewritten", rules });
    if (fixed.followUp === undefined) continue;
    const version = nextVersion(await listMigrations(host.files, dir));
    const path = inFolder(dir, `${version}_${slugify(fixed.followUp.slug)}.sql`);
    await host.writeFile(path, fixed.followUp.text);
    written.push({ path, action: "created", rules });
  }
  return { written, left };
}

/** One line for each reason is enough. */
function leave(
  findings: readonly LintFinding[],
  reasonOf: (finding: LintFinding) => string | undefined,
): readonly LeftFindings[] {
  const left = new Map<string, LeftFindings>();
  for (const finding of findings.filter(({ fix, unfixed }) => fix !== undefined || unfixed !== undefined)) {
    const reason = reasonOf(finding);
    if (reason === undefined) continue;
    const { path, line, rules } = left.get(reason) ?? { ...finding, rules: [] };
    left.set(reason, { path, line, rules: [...new Set([...rules, finding.rule])], reason });
  }
  return [...left.values()];
}

/** A byte order mark and line ends are left as they were. */
function likeBefore(before: string, text: string): string {
  const mark = before.startsWith("\ufeff") ? "\ufeff" : "";
  return mark + (before.includes("\r\n") ? text.replaceAll("\n", "\r\n") : text);
}
