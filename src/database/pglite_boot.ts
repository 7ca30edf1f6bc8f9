/**
 * Starts PGlite: a new database from a template, where there is one.
 *
 * @module
 */

import type { DatabasePlatform } from "../core/platform.ts";
import type { PgliteLike } from "./pglite.ts";
import type { EngineExtension } from "./pglite_extensions.ts";
import { type FileSystemLike, FolderCopy } from "./pglite_folder_copy.ts";
import { engineOf, readTemplate, type Template, templateName, writeTemplate } from "./pglite_template.ts";

/** An instance that is ours to close. */
export interface Engine extends PgliteLike {
  /** Ends it. */
  close(): Promise<void>;
}

/** How an instance is made. */
export interface EngineOptions {
  /** Where the database is; in memory without it. */
  readonly dataDir?: string;
  /** A folder to begin with. */
  readonly loadDataDir?: Blob;
  /** The file system that holds the database. */
  readonly fs?: FileSystemLike;
  /** Extensions, by name. */
  readonly extensions?: EngineExtension;
}

/** The module of PGlite, as far as it is used. */
export interface EngineModule {
  /** The engine. */
  readonly PGlite: { create(options: EngineOptions): Promise<Engine> };
  /** A file system in memory; other releases may not have it. */
  readonly MemoryFS?: new () => FileSystemLike;
}

/** A started instance. */
export interface Booted {
  /** The instance. */
  readonly instance: Engine;
  /** What goes on in the background, and is to be waited for before the process ends. It never rejects. */
  readonly keeping: Promise<void>;
}

const NOTHING = Promise.resolve();

/**
 * Starts an instance. A new one in memory is kept as a template, if there is none yet.
 *
 * @param module The module of PGlite.
 * @param platform Where templates are kept, and what is in a folder.
 * @param place The folder of the database, in memory without it; and extensions, which are no part of a template.
 * @returns The instance.
 */
export async function bootPglite(
  module: EngineModule,
  { cache, folders }: Pick<DatabasePlatform, "cache" | "folders">,
  { folder, extensions }: { readonly folder?: string; readonly extensions?: EngineExtension } = {},
): Promise<Booted> {
  const place: EngineOptions = {
    ...(folder === undefined ? {} : { dataDir: `file://${folder}` }),
    ...(extensions === undefined ? {} : { extensions }),
  };
  const isNew = folder === undefined || await folders.isEmpty(folder);
  if (cache === undefined || !isNew) return { instance: await module.PGlite.create(place), keeping: NOTHING };
  const name = await templateName(module.PGlite);
  const template = await readTemplate(cache, name);
  if (template !== undefined) {
    const instance = await bootTemplate(module, template, place);
    if (instance !== undefined) return { instance, keeping: NOTHING };
    await cache.remove(name);
    // All that is in the folder comes from the template: there was nothing before, and nobody else has it.
    if (folder !== undefined && !await folders.isEmpty(folder)) await folders.clear(folder);
  }
  if (folder !== undefined || module.MemoryFS === undefined || !cache.mayWrite(name)) {
    return { instance: await module.PGlite.create(place), keeping: NOTHING };
  }
  const { instance, template: made } = await bootCopied(module.PGlite, new module.MemoryFS(), place);
  return { instance, keeping: made === undefined ? NOTHING : writeTemplate(cache, name, made).catch(() => {}) };
}

/** Nothing comes of a template that another release made. */
async function bootTemplate(
  { PGlite }: EngineModule,
  { engine, archive }: Template,
  place: EngineOptions,
): Promise<Engine | undefined> {
  const instance = await PGlite.create({ ...place, loadDataDir: archive }).catch(() => undefined);
  const release = instance === undefined ? undefined : await engineOf(instance).catch(() => undefined);
  if (release === engine) return instance;
  await instance?.close().catch(() => {});
  return undefined;
}

async function bootCopied(
  PGlite: EngineModule["PGlite"],
  memory: FileSystemLike,
  place: EngineOptions,
): Promise<{ readonly instance: Engine; readonly template: Template | undefined }> {
  const fs = new FolderCopy(memory);
  const instance = await PGlite.create({ ...place, fs });
  const archive = fs.take();
  const engine = archive === undefined ? undefined : await engineOf(instance).catch(() => undefined);
  const template = archive === undefined || engine === undefined ? undefined : { engine, archive };
  return { instance, template };
}
