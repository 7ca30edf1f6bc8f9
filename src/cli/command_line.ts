/**
 * Commands as they are typed.
 *
 * @module
 */

import type { CommandLine } from "../report/advice.ts";
import { shellWord } from "../report/shell.ts";
import type { Flags } from "./flags.ts";
import { PROGRAM } from "./product.ts";

/** The flags that say where a command works and as whom, beside the database; a URL may hold a password. */
export type PlaceFlags = Partial<Pick<Flags, "root" | "dir" | "table" | "envFile" | "role" | "lock">>;

/**
 * Writes commands for a database as they are typed.
 *
 * @param db The database; none for what is not about a single one.
 * @param flags The flags of the command that they come after.
 * @returns A function from `up` to `metapg-migration up --db shop`.
 */
export function commandLineFor(db?: string, flags: PlaceFlags = {}): CommandLine {
  const { root, dir, table, envFile, role, lock } = flags;
  const given: Readonly<Record<string, string | undefined>> = {
    "--root": root === "migrations" || dir !== undefined ? undefined : root,
    "--dir": dir,
    "--table": table,
    "--env-file": envFile,
    "--role": role,
    "--lock": lock,
    "--db": db === "default" ? undefined : db,
  };
  const suffix = Object.entries(given).map(([flag, value]) =>
    value === undefined ? "" : ` ${flag} ${shellWord(value)}`
  );
  return (words) => `${PROGRAM} ${words}${suffix.join("")}`;
}
