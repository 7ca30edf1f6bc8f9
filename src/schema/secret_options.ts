/**
 * Options of foreign servers, which may be secrets.
 *
 * @module
 */

import type { SchemaKind } from "./schema.ts";

/** What is shown of a secret. */
export const HIDDEN = "***";

/** Options whose value may be known, of user mappings. */
const PUBLIC_OPTIONS: ReadonlySet<string> = new Set(["user", "username", "user_name", "password_required"]);

const SOUNDS_SECRET = /pass|secret|token|key|credential/i;

/**
 * Hides values: of a user mapping all but the user's name, of anything else those whose name says that they are secret.
 *
 * @param kind What has the options.
 * @param lines `name=value`, a line each.
 * @returns The lines, with `***` for values.
 */
export function hideSecrets(kind: SchemaKind, lines: string): string {
  return lines.split("\n").map((line) => {
    const name = line.slice(0, line.indexOf("="));
    const isSecret = kind === "user mapping" ? !PUBLIC_OPTIONS.has(name) : SOUNDS_SECRET.test(name);
    return isSecret ? `${name}=${HIDDEN}` : line;
  }).join("\n");
}
