/**
 * The psql that belongs to the server: the one on the path may be a script that looks for it, as Debian's is, and takes
 * three times as long to start.
 *
 * @module
 */

import { tryCapture } from "../scripts/capture.ts";
import { findBinaries } from "../tests/support/binaries.ts";

/** A psql. */
export interface Psql {
  /** Path or name of the program. */
  readonly program: string;
  /** Its version. */
  readonly version: string;
}

/**
 * Finds it.
 *
 * @returns The server's, else the one on the path.
 * @throws If there is none.
 */
export async function serverPsql(): Promise<Psql> {
  const { directory } = await findBinaries();
  for (const program of [`${directory}/psql`, "psql"]) {
    const { code, stdout } = await tryCapture(program, ["--version"]).catch(() => ({ code: 1, stdout: "" }));
    if (code === 0) return { program, version: /\d+(\.\d+)*/.exec(stdout)?.[0] ?? "" };
  }
  throw new Error("psql is not installed");
}
