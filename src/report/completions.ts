/**
 * Completion scripts for shells, from the tree of commands. The scripts stand alone: they do not call the program.
 *
 * @module
 */

import { formatBash } from "./bash_completions.ts";
import { formatFish } from "./fish_completions.ts";
import type { ProgramSpec } from "./program_spec.ts";
import { formatZsh } from "./zsh_completions.ts";

/** A shell. */
export type Shell = "bash" | "zsh" | "fish";

/**
 * Writes a completion script.
 *
 * @param program The tree of commands.
 * @param shell For which shell.
 * @returns The script.
 */
export function formatCompletions(program: ProgramSpec, shell: Shell): string {
  switch (shell) {
    case "bash":
      return formatBash(program);
    case "zsh":
      return formatZsh(program);
    case "fish":
      return formatFish(program);
  }
}
