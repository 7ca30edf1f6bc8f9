/**
 * Reads a folder of migration files.
 *
 * @module
 */

import { checksum, plainChecksum } from "../core/checksum.ts";
import type { ComparedFile } from "../core/compare.ts";
import { describeFaults } from "../core/fault.ts";
import { MigrationError } from "../core/error.ts";
import { type Eventually, eventually, isPromise } from "../core/eventually.ts";
import { inFolder } from "../core/folder_path.ts";
import { orderMigrations } from "../core/graph.ts";
import type { Migration } from "../core/migration.ts";
import { type FileOutline, readText } from "../core/migration_fields.ts";
import { type FileName, fileNameHint, parseFileName } from "../core/name.ts";
import { parseContent, type ParsedFile } from "../core/parse.ts";
import { type Problem, sortProblems } from "../core/problem.ts";
import type { FileReader } from "../core/reader.ts";
import { MEND_FILES } from "../core/refusal.ts";
import type { Folder } from "./context.ts";

/** How many files are read at once. */
const READERS = 64;

/** A folder of migrations. */
export interface LoadedFiles<F extends ComparedFile = Migration> {
  /** The sound ones, by version. */
  readonly migrations: readonly F[];
  /** What can be said of all, also of those that cannot be used. */
  readonly outlines: readonly FileOutline[];
  /** Names of those that are not: a dependency on one is known, though the file cannot be used. */
  readonly broken: readonly string[];
  /** All problems of all files, by file and line. */
  readonly problems: readonly Problem[];
}

/** A file whose name is that of a migration. */
export interface ListedFile extends FileName {
  /** Its path. */
  readonly path: string;
}

/** The files of a folder. */
export interface FolderList {
  /** Those that are named as migrations are. */
  readonly files: readonly ListedFile[];
  /** What is wrong with the names of the others, and with their versions. */
  readonly problems: readonly Problem[];
}

/** What was read of a file and the checksum of its text, or why it cannot be read. */
export type FileContent =
  | { readonly content: Uint8Array | string; readonly checksum: string }
  | { readonly problem: Problem };

/** What became of a file. */
export type LoadedFile<F extends ComparedFile = Migration> = Omit<ParsedFile, "migration"> & {
  readonly migration: F | undefined;
};

/**
 * Reads and parses all migration files of a folder.
 *
 * @param folder The folder.
 * @returns Migrations and problems.
 * @throws A {@linkcode MigrationError} with code `CONFIG` if there is no such folder.
 */
export async function loadFiles(folder: Folder): Promise<LoadedFiles> {
  const list = await listFiles(folder);
  const { reader } = folder;
  return gatherFiles(list, await mapFiles(list, (file) => loadFile(file, reader)));
}

/**
 * Reads a folder that must be sound.
 *
 * @param folder The folder.
 * @returns The migrations, by version, and warnings.
 * @throws A {@linkcode MigrationError} with code `CONFIG`, or `FILES_INVALID` with all problems of all files.
 */
export async function loadMigrations(folder: Folder): Promise<LoadedFiles> {
  return refuseUnsound(folder, await loadFiles(folder));
}

/**
 * Lists a folder.
 *
 * @param folder The folder.
 * @returns Its migration files, by path.
 * @throws A {@linkcode MigrationError} with code `CONFIG` if there is no such folder.
 */
export async function listFiles({ directory, reader }: Folder): Promise<FolderList> {
  const files: ListedFile[] = [];
  const problems: Problem[] = [];
  for (const path of (await reader.list(directory)).filter(isCandidate).toSorted()) {
    const file = parseFileName(path);
    if (file === undefined) problems.push(misnamed(directory, path));
    else files.push({ ...file, path: inFolder(directory, path) });
  }
  return { files, problems: [...problems, ...findDuplicates(files)] };
}

async function loadFile(file: ListedFile, reader: FileReader): Promise<ParsedFile> {
  return await parseListed(file, await loadContent(file, reader), reader);
}

/**
 * Reads a file.
 *
 * @param file The file.
 * @param reader Where from.
 * @returns What was read, hashed; what keeps it from being read is a problem.
 */
export function loadContent(file: ListedFile, reader: FileReader): Eventually<FileContent> {
  const onError = (error: unknown): FileContent => ({ problem: unreadable(file.path, error) });
  try {
    return eventually(reader.read(file.path), (content) => hashContent(file, content, reader), onError);
  } catch (error) {
    return onError(error);
  }
}

function hashContent(
  { path }: ListedFile,
  content: Uint8Array | string,
  { sha256 }: FileReader,
): Eventually<FileContent> {
  const plain = typeof content === "string" ? undefined : plainChecksum(content, sha256);
  if (plain !== undefined) return eventually(plain, (checksum) => ({ content, checksum }));
  const text = readText(path, content);
  if (typeof text !== "string") return { problem: text };
  return checksum(text, sha256).then((checksum) => ({ content, checksum }));
}

function unreadable(path: string, error: unknown): Problem {
  const said = error instanceof Error ? error.message : String(error);
  const message = `Cannot read the file: ${withoutPrefix(said, `Cannot read "${path}": `)}`;
  return { code: "file-unreadable", severity: "error", message, path };
}

/**
 * Parses a file.
 *
 * @param file The file.
 * @param found What was read of it.
 * @param reader What hashes.
 * @returns The migration, and all problems of the file.
 */
export async function parseListed(
  { path }: ListedFile,
  found: FileContent,
  { sha256 }: FileReader,
): Promise<ParsedFile> {
  if ("problem" in found) return { migration: undefined, outline: undefined, problems: [found.problem] };
  return await parseContent(path, found.content, { sha256, checksum: found.checksum });
}

/**
 * Puts together what became of the files of a folder.
 *
 * @param list The files.
 * @param loaded What became of each.
 * @returns Files and problems.
 */
export function gatherFiles<F extends ComparedFile>(
  { files, problems }: FolderList,
  loaded: readonly LoadedFile<F>[],
): LoadedFiles<F> {
  const migrations = loaded.flatMap(({ migration }) => migration === undefined ? [] : [migration]);
  return {
    migrations: migrations.toSorted((a, b) => a.version - b.version),
    outlines: loaded.flatMap(({ outline }) => outline === undefined ? [] : [outline]),
    broken: files.filter((_, index) => loaded[index]!.migration === undefined).map(({ name }) => name),
    problems: sortProblems([...problems, ...loaded.flatMap((file) => file.problems)]),
  };
}

/**
 * Refuses a folder that is not sound.
 *
 * @param folder The folder.
 * @param files What is in it.
 * @returns The same files.
 * @throws A {@linkcode MigrationError} with code `FILES_INVALID` with all problems of all files.
 */
export function refuseUnsound<F extends ComparedFile>(
  { directory }: Folder,
  files: LoadedFiles<F>,
): LoadedFiles<F> {
  if (files.problems.every((problem) => problem.severity === "warning")) return files;
  // What is unknown only the history can tell, which is not asked any more.
  const { faults } = orderMigrations(files.outlines, () => true);
  const problems = sortProblems([...files.problems, ...describeFaults(faults, { names: [] })]);
  const errors = problems.filter((problem) => problem.severity === "error");
  throw new MigrationError(
    "FILES_INVALID",
    `Cannot read the migrations of "${directory}": ${errors.length} ${errors.length === 1 ? "problem" : "problems"}`,
    { problems, hint: MEND_FILES },
  );
}

function fileNameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** Whether a listed path is meant to be a migration: an `.sql` file of any case that does not begin with `.` or `_`. */
function isCandidate(path: string): boolean {
  return /\.sql$/i.test(path) && !/^[._]/.test(fileNameOf(path));
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

function findDuplicates(files: readonly ListedFile[]): Problem[] {
  const byVersion = new Map<number, string>();
  return files.flatMap(({ path, version }): Problem[] => {
    const first = byVersion.get(version);
    if (first === undefined) byVersion.set(version, fileNameOf(path));
    if (first === undefined) return [];
    return [{
      code: "duplicate-version",
      severity: "error",
      message: `Version ${version} is also that of "${first}"`,
      path,
      hint: "Give one of them another version",
    }];
  });
}

/**
 * Does something with the files of a folder, with several at the same time.
 *
 * @param list The files.
 * @param work What to do with one.
 * @returns What it returned for each.
 */
export async function mapFiles<R>({ files }: FolderList, work: (file: ListedFile) => Eventually<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async () => {
    while (next < files.length) {
      const index = next++;
      const result = work(files[index]!);
      results[index] = isPromise(result) ? await result : result;
    }
  };
  await Promise.all(Array.from({ length: Math.min(READERS, files.length) }, worker));
  return results;
}
