/**
 * Reads a folder of migration files without parsing what is applied as it is.
 *
 * @module
 */

import { type ComparedFile, isParsed } from "../core/compare.ts";
import { Migration } from "../core/migration.ts";
import { readText } from "../core/migration_fields.ts";
import type { MigrationRecord } from "../core/record.ts";
import type { Folder } from "./context.ts";
import {
  type FileContent,
  gatherFiles,
  type ListedFile,
  listFiles,
  loadContent,
  type LoadedFile,
  type LoadedFiles,
  mapFiles,
  parseListed,
  refuseUnsound,
} from "./load.ts";
import { pause } from "./pause.ts";
import { Turns } from "./turns.ts";

/** How long parsing waits for the history, which may make it needless: a server that is near has answered by then. */
const HEAD_START_MS = 100;

/** How long a problem waits for the history, which may say that the file is applied as it is. */
const HISTORY_WAIT_MS = 1_000;

/**
 * Reads a folder, and parses what the history does not hold. What it holds was sound when it was applied, and nothing of
 * it is going to run.
 *
 * @param folder The folder.
 * @param history The rows of the history as soon as they are known. If that takes long every file is parsed meanwhile.
 * @returns The files, by version, and warnings.
 * @throws A {@linkcode MigrationError} with code `CONFIG`, or `FILES_INVALID` with all problems of all parsed files.
 */
export async function loadUnapplied(
  folder: Folder,
  history: Promise<readonly MigrationRecord[]>,
): Promise<LoadedFiles<ComparedFile>> {
  const { reader } = folder;
  const found: { records?: AppliedRecords } = {};
  const answered = history.then((records) => found.records = appliedRecords(records));
  const list = await listFiles(folder);
  const contents = await mapFiles(list, (file) => loadContent(file, reader));
  await within(HEAD_START_MS, answered);
  const turns = new Turns();
  const loaded: LoadedFile<ComparedFile>[] = [];
  for (const [index, file] of list.files.entries()) {
    if (turns.isOver) await turns.next();
    const content = contents[index]!;
    loaded.push(knownFile(file, content, found.records) ?? await parseListed(file, content, reader));
  }
  const isBroken = ({ migration }: LoadedFile<ComparedFile>) => migration === undefined;
  if (found.records === undefined && loaded.some(isBroken)) await within(HISTORY_WAIT_MS, answered);
  const settled = loaded.map((file, index) =>
    isBroken(file) ? knownFile(list.files[index]!, contents[index]!, found.records) ?? file : file
  );
  return refuseUnsound(folder, gatherFiles(list, settled));
}

async function within(ms: number, awaited: Promise<unknown>): Promise<void> {
  const end = new AbortController();
  await Promise.race([awaited, pause(ms, end.signal)]).finally(() => end.abort());
}

/**
 * Parses those that the history does not hold as they are, or not any more.
 *
 * @param files The files.
 * @param records The rows of the history.
 * @returns The files, those that may have to run parsed.
 * @throws A {@linkcode MigrationError} with code `FILES_INVALID`.
 */
export async function parseUnapplied(
  files: readonly ComparedFile[],
  records: readonly MigrationRecord[],
): Promise<readonly ComparedFile[]> {
  const applied = appliedRecords(records);
  const isReady = (file: ComparedFile) => isParsed(file) || appliedAs(file, applied) !== undefined;
  if (files.every(isReady)) return files;
  return await Promise.all(files.map((file) => isReady(file) ? file : parseKnown(file)));
}

/**
 * Parses a file that was only known.
 *
 * @param file The file.
 * @returns The migration.
 * @throws A {@linkcode MigrationError} with code `FILES_INVALID`.
 */
export async function parseKnown(file: ComparedFile): Promise<Migration> {
  return isParsed(file) ? file : await Migration.parse(file.path, file.text);
}

type AppliedRecords = ReadonlyMap<string, MigrationRecord>;

function appliedRecords(records: readonly MigrationRecord[]): AppliedRecords {
  return new Map(records.filter((record) => record.isApplied).map((record) => [record.name, record]));
}

function appliedAs(
  { name, checksum }: Pick<ComparedFile, "name" | "checksum">,
  applied: AppliedRecords,
): MigrationRecord | undefined {
  const record = applied.get(name);
  return record?.checksum === checksum ? record : undefined;
}

function knownFile(
  file: ListedFile,
  found: FileContent,
  applied: AppliedRecords = new Map(),
): LoadedFile<ComparedFile> | undefined {
  if ("problem" in found) return undefined;
  const record = appliedAs({ name: file.name, checksum: found.checksum }, applied);
  if (record === undefined) return undefined;
  const migration = new AppliedFile(file, record, found.content);
  return { migration, outline: migration, problems: [] };
}

/** A file that is applied as it is: all that is known of it is in the history, and its text is decoded if somebody asks for it. */
class AppliedFile implements ComparedFile {
  readonly name: string;
  readonly version: number;
  readonly path: string;
  readonly dependencies: readonly string[];
  readonly checksum: string;
  readonly tokenChecksum: string;
  readonly #content: Uint8Array | string;

  constructor({ name, version, path }: ListedFile, record: MigrationRecord, content: Uint8Array | string) {
    this.name = name;
    this.version = version;
    this.path = path;
    this.dependencies = record.depends;
    this.checksum = record.checksum;
    this.tokenChecksum = record.tokenChecksum;
    this.#content = content;
  }

  /** What has the checksum of a text is one. */
  get text(): string {
    return readText(this.path, this.#content) as string;
  }
}
