/**
 * A copy of a new database's folder, taken before the engine starts on it: one of a folder that is in use would have to be
 * recovered whenever it is opened.
 *
 * @module
 */

/** A file system of PGlite, as far as it is used. */
export interface FileSystemLike {
  /** Gets ready for an instance. */
  init(instance: InstanceLike, options: unknown): Promise<unknown>;
  /** Writes to what is beneath; called after a new folder was made, and after every message. */
  syncToFs(relaxed?: boolean): Promise<void>;
  /** Reads from what is beneath. */
  initialSyncFs(): Promise<void>;
  /** Packs the folder. */
  dumpTar(name: string, compression?: string): Promise<Blob>;
  /** Ends. */
  closeFs(): Promise<void>;
}

/** An instance, as far as a file system looks at it. */
export interface InstanceLike {
  /** Whether the engine has started. */
  readonly ready: boolean;
}

/** A file system that packs the folder once, when it is complete and nothing runs on it. */
export class FolderCopy implements FileSystemLike {
  readonly #beneath: FileSystemLike;
  #instance: InstanceLike | undefined;
  #archive: Blob | undefined;

  /** @param beneath What holds the files. */
  constructor(beneath: FileSystemLike) {
    this.#beneath = beneath;
  }

  /**
   * Gives the archive away.
   *
   * @returns It; `undefined` if this release of PGlite does not say when the folder is complete.
   */
  take(): Blob | undefined {
    const archive = this.#archive;
    this.#archive = undefined;
    return archive;
  }

  /** Gets ready for an instance. */
  async init(instance: InstanceLike, options: unknown): Promise<unknown> {
    this.#instance = instance;
    return await this.#beneath.init(instance, options);
  }

  /** Packs the folder, if the engine has not started yet. */
  async syncToFs(relaxed?: boolean): Promise<void> {
    if (this.#instance?.ready === false) this.#archive ??= await this.#beneath.dumpTar("pgdata", "none");
    await this.#beneath.syncToFs(relaxed);
  }

  /** Reads from what is beneath. */
  async initialSyncFs(): Promise<void> {
    await this.#beneath.initialSyncFs();
  }

  /** Packs the folder. */
  async dumpTar(name: string, compression?: string): Promise<Blob> {
    return await this.#beneath.dumpTar(name, compression);
  }

  /** Ends. */
  async closeFs(): Promise<void> {
    await this.#beneath.closeFs();
  }
}
