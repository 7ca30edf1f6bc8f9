/**
 * Reads a folder of migration files.
 *
 * @module
 */

import { describeFaults } from "../core/fault.ts";
import { MigrationError } from "../core/error.ts";
import { inFolder } from "../core/folder_path.ts";
import { orderMigrations } from "../core/graph.ts";
import type { Migration } from "../core/migration.ts";
import type { FileOutline } from "../core/migration_fields.ts";
import { type FileName, fileNameHint, parseFileName } from "../core/name.ts";
import { type ParsedFile, parseFile } from "../core/parse.ts";
import { type Problem, sortProblems } from "../core/problem.ts";
import type { FileReader } from "../core/reader.ts";
import { MEND_FILES } from "../core/refusal.ts";
import type { Folder } from "./context.ts";

/** How many files are read at once. */
const READERS = 64;

/** A folder of migrations. */
export interface LoadedFiles {
  /** The sound ones, by version. */
  readonly migrations: readonly Migration[];
  /** What can be said of all, also of those that cannot be used. */
  readonly outlines: readonly FileOutline[];
  /** Names of those that are not: a dependency on one is known, though the file cannot be used. */
  readonly broken: readonly string[];
  /** All problems of all files, by file and line. */
  readonly problems: readonly Problem[];
}

/** A file whose name is that of a migration. */
interface ListedFile extends FileName {
  /** Its path in the folder. */
  readonly path: string;
}

/**
 * Reads and parses all migration files of a folder.
 *
 * @param folder The folder.
 * @returns Migrations and problems.
 * @throws A {@linkcode MigrationError} with code `CONFIG` if there is no such folder.
 */
export async function loadFiles({ directory, reader }: Folder): Promise<LoadedFiles> {
  const listed = (await reader.list(directory)).filter(isCandidate).toSorted();
  const files = listed.flatMap((path) => {
    const file = parseFileName(path);
    return file === undefined ? [] : [{ path, ...file }];
  });
  const parsed = await mapLimited(files, ({ path }) => loadFile(reader, inFolder(directory, path)));
  const migrations = parsed.flatMap(({ migration }) => migration === undefined ? [] : [migration]);
  const problems = [
    ...listed.filter((path) => parseFileName(path) === undefined).map((path) => misnamed(directory, path)),
    ...parsed.flatMap((file) => file.problems),
    ...findDuplicates(directory, files),
  ];
  return {
    migrations: migrations.toSorted((a, b) => a.version - b.version),
    outlines: parsed.flatMap(({ outline }) => outline === undefined ? [] : [outline]),
    broken: files.filter((_, index) => parsed[index]!.migration === undefined).map(({ name }) => name),
    problems: sortProblems(problems),
  };
}

/**
 * Reads a folder that must be sound.
 *
 * @param folder The folder.
 * @returns The migrations, by version, and warnings.
 * @throws A {@linkcode MigrationError} with code `CONFIG`, or `FILES_INVALID` with all problems of all files.
 */
export async function loadMigrations(folder: Folder): Promise<LoadedFiles> {
  const files = await loadFiles(folder);
  if (files.problems.every((problem) => problem.severity === "warning")) return files;
  // What is unknown only the history can tell, which is not asked any more.
  const { faults } = orderMigrations(files.outlines, () => true);
  const problems = sortProblems([...files.problems, ...describeFaults(faults, { names: [] })]);
  const errors = problems.filter((problem) => problem.severity === "error");
  throw new MigrationError(
    "FILES_INVALID",
    `Cannot read the migrations of "${folder.directory}": ${errors.length} ${
      errors.length === 1 ? "problem" : "problems"
    }`,
    { problems, hint: MEND_FILES },
  );
}

/** Whether a listed path is meant to be a migration: an `.sql` file of any case that does not begin with `.` or `_`. */
function isCandidate(path: string): boolean {
  return /\.sql$/i.test(path) && !/^[._]/.test(path.slice(path.lastIndexOf("/") + 1));
}

async function loadFile(reader: FileReader, path: string): Promise<ParsedFile> {
  let content: Uint8Array | string;
  try {
    content = await reader.read(path);
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    const message = `Cannot read the file: ${withoutPrefix(said, `Cannot read "${path}": `)}`;
    return {
      migration: undefined,
      outline: undefined,
      problems: [{ code: "file-unreadable", severity: "error", message, path }],
    };
  }
  return await parseFile(path, content, reader.sha256);
}

/** A finding names its file already. */
function withoutPrefix(text: string, prefix: string): string {
  return text.startsWith(prefix) ? text.slice(prefix.length) : text;
}

function misnamed(directory: string, path: string): Problem {
  const nested = path.includes("/");
  return {
    code: "file-name",
    severity: "error",
    message: nested ? `Migration file "${path}" is in a sub-folder` : `"${path}" is not the name of a migration file`,
    path: inFolder(directory, path),
    hint: nested ? `Move it into "${directory}", or begin the file's name with _` : fileNameHint(path),
  };
}

function findDuplicates(directory: string, files: readonly ListedFile[]): Problem[] {
  const byVersion = new Map<number, string>();
  return files.flatMap(({ path, version }): Problem[] => {
    const first = byVersion.get(version);
    if (first === undefined) byVersion.set(version, path);
    if (first === undefined) return [];
    return [{
      code: "duplicate-version",
      severity: "error",
      message: `Version ${version} is also that of "${first}"`,
      path: inFolder(directory, path),
      hint: "Give one of them another version",
    }];
  });
}

async function mapLimited<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const index = next++;
      results[index] = await work(items[index]!);
    }
  };
  await Promise.all(Array.from({ length: Math.min(READERS, items.length) }, worker));
  return results;
}
