/**
 * Which files there were at another commit, and what was in those that were edited since.
 *
 * @module
 */

import { parseFileName } from "../core/name.ts";
import type { Host } from "../runtime/host.ts";
import { wrongUsage } from "./usage_error.ts";

/**
 * Asks git which files a folder held at a commit.
 *
 * @param host Runs git.
 * @param ref The commit, as git understands it.
 * @param dir The folder.
 * @returns Names of files; none if the folder was not there.
 * @throws {MigrationError} With code `USAGE` if git does not know the commit, `CONFIG` if it cannot be run.
 */
export async function filesAt(
  host: Pick<Host, "runProgram">,
  ref: string,
  dir: string,
): Promise<ReadonlySet<string>> {
  if (ref === "" || ref.startsWith("-")) throw wrongUsage(`"${ref}" names no commit`);
  const { code, stdout, stderr } = await host.runProgram("git", ["-C", dir, "ls-tree", "-z", "--name-only", ref]);
  if (code === 0) return new Set(stdout.split("\0").filter((name) => name !== ""));
  const said = stderr.trim().replace(/^fatal: /, "").split("\n")[0] ?? "";
  if (/not a git repository/i.test(said)) {
    throw wrongUsage(`Cannot compare with "${ref}": "${dir}" is in no git repository`);
  }
  throw wrongUsage(`Cannot compare with "${ref}": ${said}`, `Fetch it first; a shallow clone has only its own commit`);
}

/**
 * Asks git for the texts of files that were edited since a commit.
 *
 * @param host Runs git.
 * @param ref The commit, which git knows.
 * @param dir The folder.
 * @returns Names of files with what was in them; what git does not tell is left out.
 */
export async function textsBefore(
  host: Pick<Host, "runProgram">,
  ref: string,
  dir: string,
): Promise<ReadonlyMap<string, string>> {
  const git = async (...args: readonly string[]): Promise<string | undefined> => {
    const { code, stdout } = await host.runProgram("git", ["-C", dir, ...args]);
    return code === 0 ? stdout : undefined;
  };
  // What others edited there meanwhile is no edit here; a shallow clone may not know where the ways parted.
  const from = (await git("merge-base", ref, "HEAD"))?.trim() || ref;
  const edited = await git(
    "diff",
    "--name-only",
    "-z",
    "--no-renames",
    "--diff-filter=M",
    "--relative",
    from,
    "--",
    ".",
  );
  const texts = new Map<string, string>();
  for (const name of edited?.split("\0") ?? []) {
    if (parseFileName(name) === undefined) continue;
    const text = await git("show", `${from}:./${name}`);
    if (text !== undefined) texts.set(name, text);
  }
  return texts;
}
