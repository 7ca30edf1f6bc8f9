/**
 * Reads a folder of migration files without parsing what is applied as it is.
 *
 * @module
 */

import { type ComparedFile, isParsed } from "../core/compare.ts";
import { Migration } from "../core/migration.ts";
import type { MigrationRecord } from "../core/record.ts";
import { readHeader } from "../core/sections.ts";
import type { Folder } from "./context.ts";
import {
  type FileText,
  gatherFiles,
  type ListedFile,
  listFiles,
  type LoadedFile,
  type LoadedFiles,
  loadText,
  mapFiles,
  parseText,
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
  const asked = history.then((records) => found.records = appliedRecords(records));
  const list = await listFiles(folder);
  const texts = await mapFiles(list, (file) => loadText(file, reader));
  await within(HEAD_START_MS, asked);
  const turns = new Turns();
  const loaded: LoadedFile<ComparedFile>[] = [];
  for (const [index, file] of list.files.entries()) {
    await turns.next();
    const text = texts[index]!;
    loaded.push(knownFile(file, text, found.records) ?? await parseText(file, text, reader));
  }
  const isBroken = ({ migration }: LoadedFile<ComparedFile>) => migration === undefined;
  if (found.records === undefined && loaded.some(isBroken)) await within(HISTORY_WAIT_MS, asked);
  const settled = loaded.map((file, index) =>
    isBroken(file) ? knownFile(list.files[index]!, texts[index]!, found.records) ?? file : file
  );
  return refuseUnsound(folder, gatherFiles(list, settled));
}

async function within(ms: number, asked: Promise<unknown>): Promise<void> {
  const end = new AbortController();
  await Promise.race([asked, pause(ms, end.signal)]).finally(() => end.abort());
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
  return await Promise.all(files.map((file) => isAppliedAs(file, applied) ? file : parseKnown(file)));
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

function isAppliedAs({ name, checksum }: Pick<ComparedFile, "name" | "checksum">, applied: AppliedRecords): boolean {
  return applied.get(name)?.checksum === checksum;
}

function knownFile(
  { name, version, path }: ListedFile,
  found: FileText,
  applied: AppliedRecords = new Map(),
): LoadedFile<ComparedFile> | undefined {
  if ("problem" in found || !isAppliedAs({ name, checksum: found.checksum }, applied)) return undefined;
  const { text, checksum } = found;
  const { dependencies } = readHeader(text);
  const { tokenChecksum } = applied.get(name)!;
  const migration = { name, version, path, text, dependencies, checksum, tokenChecksum };
  return { migration, outline: migration, problems: [] };
}
