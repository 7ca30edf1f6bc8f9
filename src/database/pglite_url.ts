/**
 * PGlite named by a URL: the engine is loaded when it is first needed, and one process has a folder at a time.
 *
 * @module
 */

import type { Access, Database } from "../core/database.ts";
import { MigrationError } from "../core/error.ts";
import type { DatabasePlatform, FolderLock } from "../core/platform.ts";
import { type Booted, bootPglite, type Engine, type EngineModule } from "./pglite_boot.ts";
import { loadExtensions } from "./pglite_extensions.ts";
import { connectPglite, SingleUse } from "./pglite_session.ts";
import { describeTarget, type PgliteTarget } from "./target.ts";

const PACKAGE = "@electric-sql/pglite";

/** Only what `deno.json` of a program names is known to Deno by its bare name. */
const SPECIFIERS = { deno: `npm:${PACKAGE}@^0.5.16`, node: PACKAGE, "built-in": PACKAGE } as const;

/** A session ends as on a server: with nothing left of it for the next. */
const AT_END = ["ROLLBACK", "DISCARD ALL"];

/** How a URL is opened. */
export interface PgliteUrlOptions {
  /** What the runtime gives. */
  readonly platform: DatabasePlatform;
  /** How long to wait while another process has the folder. */
  readonly lockWaitMs: number;
  /** Names of extensions that are to be there; what cannot be had is left out. */
  readonly extensions?: readonly string[];
}

interface Opened extends Booted {
  /** `stand-in`: an empty database in memory, for a folder that is not there. */
  readonly is: "database" | "stand-in";
  readonly lock?: FolderLock;
}

/**
 * A PGlite database behind a URL. It stays open until it is closed, for one in memory is gone with that.
 *
 * @param target What the URL names.
 * @param options How it is opened.
 * @returns The database.
 */
export function pgliteUrlDatabase(target: PgliteTarget, options: PgliteUrlOptions): Database {
  const engine = new PgliteEngine(target, options);
  const use = new SingleUse();
  const place = describeTarget(target);
  return {
    engine: "pglite",
    capabilities: { cancel: false, concurrent: false, sessions: "owned" },
    connect: (connectOptions) => {
      const instance = () => engine.open(connectOptions?.access ?? "write");
      return connectPglite({ instance, use, place, atEnd: AT_END }, connectOptions);
    },
    close: () => engine.close(),
  };
}

/** The instance behind a URL. It is asked for by one session at a time. */
class PgliteEngine {
  readonly #target: PgliteTarget;
  readonly #options: PgliteUrlOptions;
  #opened: Promise<Opened> | undefined;

  constructor(target: PgliteTarget, options: PgliteUrlOptions) {
    this.#target = target;
    this.#options = options;
  }

  async open(access: Access): Promise<Engine> {
    const current = await this.#opened;
    if (current?.is === "stand-in" && (access === "write" || await this.#isThere())) await this.close();
    this.#opened ??= this.#create(access);
    try {
      return (await this.#opened).instance;
    } catch (error) {
      this.#opened = undefined;
      throw error;
    }
  }

  async close(): Promise<void> {
    const closing = await this.#opened?.catch(() => undefined);
    this.#opened = undefined;
    await closing?.instance.close().catch(() => {});
    await closing?.keeping;
    await closing?.lock?.release();
  }

  async #create(access: Access): Promise<Opened> {
    const { platform, lockWaitMs, extensions: names = [] } = this.#options;
    const engine = await loadEngine(platform);
    const extensions = names.length === 0 ? {} : { extensions: await loadExtensions(names, platform) };
    const { folder } = this.#target;
    if (folder === undefined) return { ...await bootPglite(engine, platform, extensions), is: "database" };
    if (access === "read" && !await this.#isThere()) return { ...await bootPglite(engine, platform), is: "stand-in" };
    const lock = await platform.folders.lock(folder, lockWaitMs);
    try {
      return { ...await bootPglite(engine, platform, { folder, ...extensions }), is: "database", lock };
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  /** A folder without this file is none of PostgreSQL's. */
  #isThere(): Promise<boolean> {
    return this.#options.platform.folders.exists(`${this.#target.folder}/PG_VERSION`);
  }
}

async function loadEngine(platform: DatabasePlatform): Promise<EngineModule> {
  try {
    return await platform.importModule(SPECIFIERS[platform.packages]) as EngineModule;
  } catch (cause) {
    throw new MigrationError("CONFIG", `Cannot open a PGlite database: the package "${PACKAGE}" cannot be loaded`, {
      hint: platform.packages === "node"
        ? `Install it: npm install ${PACKAGE}`
        : "It is loaded from npm: check the network",
      cause,
    });
  }
}
