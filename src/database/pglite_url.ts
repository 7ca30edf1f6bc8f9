/**
 * PGlite named by a URL: the engine is loaded when it is first needed, and one process has a folder at a time.
 *
 * @module
 */

import type { Database } from "../core/database.ts";
import { MigrationError } from "../core/error.ts";
import type { DatabasePlatform, FolderLock } from "../core/platform.ts";
import { toDatabaseError } from "./driver_error.ts";
import type { PgliteLike } from "./pglite.ts";
import { connectPglite, SingleUse } from "./pglite_session.ts";
import { describeTarget, type PgliteTarget } from "./target.ts";

const PACKAGE = "@electric-sql/pglite";

/** Only what `deno.json` of a program names is known to Deno by its bare name. */
const SPECIFIERS = { deno: `npm:${PACKAGE}@^0.5.16`, node: PACKAGE } as const;

/** A session ends as on a server: with nothing left of it for the next. */
const AT_END = ["ROLLBACK", "DISCARD ALL"];

/** How a URL is opened. */
export interface PgliteUrlOptions {
  /** What the runtime gives. */
  readonly platform: DatabasePlatform;
  /** How long to wait while another process has the folder. */
  readonly lockWaitMs: number;
  /** Whether nothing will be written: an absent folder is then an empty database, and is not created. */
  readonly readOnly: boolean;
}

interface Engine extends PgliteLike {
  close(): Promise<void>;
}

interface Opened {
  readonly instance: Engine;
  readonly lock: FolderLock | undefined;
}

/**
 * A PGlite database behind a URL. It stays open until it is closed, for one in memory is gone with that.
 *
 * @param target What the URL names.
 * @param options How it is opened.
 * @returns The database.
 */
export function pgliteUrlDatabase(target: PgliteTarget, options: PgliteUrlOptions): Database {
  const use = new SingleUse();
  let opened: Promise<Opened> | undefined;
  return {
    engine: "pglite",
    capabilities: { cancel: false, concurrent: false, sessions: "owned" },
    async connect(connectOptions) {
      opened ??= open(target, options);
      try {
        const { instance } = await opened;
        return await connectPglite(instance, use, connectOptions, AT_END);
      } catch (error) {
        const instance = await opened.catch(() => undefined);
        if (instance === undefined) opened = undefined;
        throw error instanceof MigrationError ? error : toDatabaseError(error, "connect", describeTarget(target));
      }
    },
    async close() {
      const closing = await opened?.catch(() => undefined);
      opened = undefined;
      await closing?.instance.close().catch(() => {});
      await closing?.lock?.release();
    },
  };
}

async function open(target: PgliteTarget, { platform, lockWaitMs, readOnly }: PgliteUrlOptions): Promise<Opened> {
  const create = await loadEngine(platform);
  const { folder } = target;
  if (folder === undefined || (readOnly && !await platform.folders.exists(`${folder}/PG_VERSION`))) {
    return { instance: await create(), lock: undefined };
  }
  const lock = await platform.folders.lock(folder, lockWaitMs);
  try {
    return { instance: await create(`file://${folder}`), lock };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function loadEngine(platform: DatabasePlatform): Promise<(dataDir?: string) => Promise<Engine>> {
  let loaded: { readonly PGlite: { create(dataDir?: string): Promise<Engine> } };
  try {
    loaded = await platform.importModule(SPECIFIERS[platform.packages]) as typeof loaded;
  } catch (cause) {
    throw new MigrationError("CONFIG", `Cannot open a PGlite database: the package "${PACKAGE}" cannot be loaded`, {
      hint: platform.packages === "node"
        ? `Install it: npm install ${PACKAGE}`
        : "It is loaded from npm: check the network",
      cause,
    });
  }
  return (dataDir) => loaded.PGlite.create(dataDir);
}
