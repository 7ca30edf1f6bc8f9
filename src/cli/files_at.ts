/**
 * Which files there were at another commit.
 *
 * @module
 */

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
