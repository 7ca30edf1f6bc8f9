/**
 * Lock files: one process has a folder for itself.
 *
 * @module
 */

import { open, readdir, readFile, rm, stat } from "node:fs/promises";
import { rmSync } from "node:fs";
import { hostname } from "node:os";
import { dirname, join, resolve } from "node:path";
import process from "node:process";
import { MigrationError } from "../core/error.ts";
import type { DatabaseFolders, FolderLock } from "../core/platform.ts";
import { makeFolders } from "./make_folders.ts";

/** What a lock file says of its holder. */
interface Holder {
  /** Process. */
  readonly pid: number;
  /** Its machine: another one's processes cannot be seen. */
  readonly host: string;
  /** When and in which boot the process started, where the system tells: a pid comes again. */
  readonly start: string | null;
  /** When it was locked, for people. */
  readonly since: string;
  /** Distinguishes locks. */
  readonly token: string;
}

/** How long its maker may take to fill a lock file. */
const FILL_MS = 5_000;

/** Lock files that this process holds, each with its token. */
const held = new Map<string, string>();

/** Tokens of this process that may stand in a lock file; with its pid but another token, a file is from before it. */
const tokens = new Set<string>();

/**
 * Folders of the file system.
 *
 * @returns Them.
 */
export function diskFolders(): DatabaseFolders {
  return {
    exists: (path) => stat(path).then(() => true, () => false),
    isEmpty: (path) => readdir(path).then((names) => names.length === 0, ({ code }) => code === "ENOENT"),
    clear: async (path) => {
      for (const name of await readdir(path)) await rm(join(path, name), { recursive: true });
    },
    lock: (folder, waitMs) => lockFolder(folder, waitMs),
  };
}

/**
 * Has a folder for this process, by a lock file beside it.
 *
 * @param folder The folder; it need not exist.
 * @param waitMs How long to wait while another process has it.
 * @returns The lock.
 * @throws {MigrationError} With code `LOCK_TIMEOUT` that names who has it, or `CONFIG` if the file cannot be written.
 */
export async function lockFolder(folder: string, waitMs: number): Promise<FolderLock> {
  const path = `${resolve(folder)}.lock`;
  const mine = await describeMyself();
  tokens.add(mine.token);
  try {
    await makeFolder(dirname(path));
    await createOrWait(path, mine, waitMs);
    return hold(path, mine.token);
  } catch (cause) {
    tokens.delete(mine.token);
    if (cause instanceof MigrationError) throw cause;
    throw new MigrationError("CONFIG", `Cannot lock "${folder}": ${(cause as Error).message}`, { cause });
  }
}

/** A folder that is there is left alone, for it may be none that this process may write to. */
async function makeFolder(path: string): Promise<void> {
  const absent = await stat(path).then(() => false, ({ code }) => code === "ENOENT");
  if (absent) await makeFolders(path);
}

async function createOrWait(path: string, mine: Holder, waitMs: number): Promise<void> {
  const deadline = performance.now() + waitMs;
  while (!await createFile(path, mine)) {
    if (await removeStale(path)) continue;
    if (performance.now() >= deadline) throw await timeout(path);
    await new Promise((resolve) => setTimeout(resolve, Math.min(waitMs, 50 + Math.random() * 150)));
  }
}

async function describeMyself(): Promise<Holder> {
  const { pid } = process;
  const token = crypto.randomUUID();
  return { pid, host: machine(), start: await startOf(pid), since: new Date().toISOString(), token };
}

/** The name of this machine; empty where Deno may not tell it. */
function machine(): string {
  try {
    return hostname();
  } catch {
    return "";
  }
}

async function createFile(path: string, holder: Holder): Promise<boolean> {
  try {
    const file = await open(path, "wx");
    try {
      await file.writeFile(`${JSON.stringify(holder)}\n`);
    } finally {
      await file.close();
    }
    return true;
  } catch (error) {
    if ((error as { readonly code?: string }).code === "EEXIST") return false;
    throw error;
  }
}

function hold(path: string, token: string): FolderLock {
  if (held.size === 0) process.once("exit", releaseAll);
  held.set(path, token);
  return {
    async release() {
      if (held.get(path) !== token) return;
      held.delete(path);
      if (held.size === 0) process.removeListener("exit", releaseAll);
      await rm(path, { force: true }).catch(() => {});
      tokens.delete(token);
    },
  };
}

function releaseAll(): void {
  for (const path of held.keys()) rmSync(path, { force: true });
}

/**
 * Of several that find a stale file one removes it: a second one could otherwise remove the file that the first made after
 * that. The one is whoever creates a second file; one left behind by a crash in these few lines is removed when it is old.
 */
async function removeStale(path: string): Promise<boolean> {
  if (!await isStale(path)) return false;
  const guard = `${path}.stale`;
  if (!await createFile(guard, await describeMyself())) {
    if (await ageOf(guard) > FILL_MS) await rm(guard, { force: true });
    return false;
  }
  try {
    const stale = await isStale(path);
    if (stale) await rm(path, { force: true });
    return stale;
  } finally {
    await rm(guard, { force: true });
  }
}

async function isStale(path: string): Promise<boolean> {
  const holder = await readHolder(path);
  if (holder === undefined) return await ageOf(path) > FILL_MS;
  if (holder.host === "" || holder.host !== machine()) return false;
  if (holder.pid !== process.pid && !isRunning(holder.pid)) return true;
  const start = await startOf(holder.pid);
  if (start !== null && holder.start !== null) return start !== holder.start;
  return holder.pid === process.pid && !tokens.has(holder.token);
}

async function readHolder(path: string): Promise<Holder | undefined> {
  try {
    const holder = JSON.parse(await readFile(path, "utf8"));
    return typeof holder?.pid === "number" ? holder : undefined;
  } catch {
    return undefined;
  }
}

/** An absent file has no age. */
async function ageOf(path: string): Promise<number> {
  return await stat(path).then(({ mtimeMs }) => Date.now() - mtimeMs, () => 0);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { readonly code?: string }).code !== "ESRCH";
  }
}

/** Linux tells the start of a process as ticks since boot, in the 20th field after the name in parentheses. */
async function startOf(pid: number): Promise<string | null> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8");
    const boot = await readFile("/proc/sys/kernel/random/boot_id", "utf8");
    return `${boot.trim()}:${stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19]}`;
  } catch {
    return null;
  }
}

async function timeout(path: string): Promise<MigrationError> {
  const holder = await readHolder(path);
  const place = holder?.host ? ` on ${holder.host}` : "";
  const who = holder === undefined
    ? "another process has it"
    : `process ${holder.pid}${place} has it since ${holder.since}`;
  return new MigrationError("LOCK_TIMEOUT", `Cannot open "${path.slice(0, -".lock".length)}": ${who}`, {
    hint: `If that process is gone, remove "${path}"`,
  });
}
