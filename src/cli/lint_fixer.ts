/**
 * Rewrites files that a lint found fault with.
 *
 * @module
 */

import { inFolder } from "../core/folder_path.ts";
import type { Migration } from "../core/migration.ts";
import { applyFixes } from "../lint/apply_fixes.ts";
import type { LintFinding } from "../lint/finding.ts";
import type { Host } from "../runtime/host.ts";
import { slugify } from "./migration_draft.ts";
import { listMigrations, nextVersion } from "./next_version.ts";

/** A file that was written. */
export interface WrittenFile {
  /** Its path. */
  readonly path: string;
  /** Whether it was there before. */
  readonly action: "rewritten" | "created";
  /** The rules that it was written for. */
  readonly rules: readonly string[];
}

/**
 * Rewrites files, and creates those that have to follow.
 *
 * @param host Reads and writes files.
 * @param dir The folder.
 * @param migrations All migrations of the folder.
 * @param findings What was found.
 * @returns What was written, in order.
 */
export async function fixFiles(
  host: Pick<Host, "files" | "readTextFile" | "writeFile" | "replaceFile">,
  dir: string,
  migrations: readonly Migration[],
  findings: readonly LintFinding[],
): Promise<readonly WrittenFile[]> {
  const written: WrittenFile[] = [];
  for (const migration of migrations) {
    const mendable = findings.filter(({ name, fix }) => name === migration.name && fix !== undefined);
    const fixed = mendable.length === 0 ? undefined : await applyFixes(migration, mendable.map(({ fix }) => fix!));
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
  return written;
}

/** A byte order mark and line ends are left as they were. */
function likeBefore(before: string, text: string): string {
  const mark = before.startsWith("\ufeff") ? "\ufeff" : "";
  return mark + (before.includes("\r\n") ? text.replaceAll("\n", "\r\n") : text);
}
