/**
 * The commands that programs start with, at every boot: all others are loaded for those who call them.
 *
 * @module
 */

import type { CommandDefinition } from "./command.ts";
import { status } from "./commands/status.ts";
import { up } from "./commands/up.ts";

/** They are loaded with the program. */
export const START_COMMANDS: readonly CommandDefinition[] = [up, status];
