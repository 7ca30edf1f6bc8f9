/**
 * The commands and flags of a program, as values.
 *
 * @module
 */

/** What the value of a flag or an argument may be. */
export type ValueKind = "none" | "text" | "file" | "directory" | "choice";

/** A flag. */
export interface FlagSpec {
  /** As in `--json`. */
  readonly long: string;
  /** As in `-q`, where there is one. */
  readonly short?: string | undefined;
  /** What it does. */
  readonly description: string;
  /** What follows it. */
  readonly value: ValueKind;
  /** The values, if they are few. */
  readonly choices?: readonly string[] | undefined;
}

/** A command. */
export interface CommandSpec {
  /** Its name. */
  readonly name: string;
  /** What it does. */
  readonly description: string;
  /** Its own flags. */
  readonly flags: readonly FlagSpec[];
  /** The values of its first argument, if they are few. */
  readonly choices: readonly string[];
}

/** The whole program. */
export interface ProgramSpec {
  /** Its name, as it is typed. */
  readonly name: string;
  /** Flags of every command. */
  readonly flags: readonly FlagSpec[];
  /** The commands. */
  readonly commands: readonly CommandSpec[];
}

/**
 * Lists how flags can be written.
 *
 * @param flags The flags.
 * @returns `-q`, `--quiet` and so on.
 */
export function spellings(flags: readonly FlagSpec[]): string[] {
  return flags.flatMap((flag) => flag.short === undefined ? [flag.long] : [flag.short, flag.long]);
}

/**
 * Makes the name of a shell function for a program.
 *
 * @param program The program.
 * @returns `_metapg_migration` and the like.
 */
export function functionName(program: ProgramSpec): string {
  return `_${program.name.replace(/[^A-Za-z0-9]/g, "_")}`;
}
