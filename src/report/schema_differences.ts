/**
 * What differs between two schemas, in words.
 *
 * @module
 */

import { maskSecrets } from "../core/mask.ts";
import type { AttributeDifference, SchemaDifference } from "../schema/compare_schemas.ts";
import type { Fields } from "./json.ts";
import { compareLines } from "./line_difference.ts";
import { printable } from "./printable.ts";
import type { Style } from "./style.ts";

/** Values that fit on one line with their old one are told there. */
const SHORT = 60;

/**
 * Prints differences as a diff: `+` for what came, `-` for what went, `~` for what changed, with what changed below it.
 *
 * @param differences The differences.
 * @param style Emphasis.
 * @returns Lines; none without differences.
 *
 * @example
 * ```text
 * + index app.users_name_idx
 * ~ column app.users.email
 *     type: text → integer
 * ```
 */
export function formatDifferences(differences: readonly SchemaDifference[], style: Style): string[] {
  return differences.flatMap(({ change, kind, identity, attributes }) => {
    // The database itself has no name in its schema.
    const title = identity === "" ? kind : `${kind} ${printable(identity)}`;
    if (change === "added") return [style.green(`+ ${title}`)];
    if (change === "removed") return [style.red(`- ${title}`)];
    return [style.yellow(`~ ${title}`), ...attributes.flatMap((attribute) => formatAttribute(attribute, style))];
  });
}

function formatAttribute({ name, before, after }: AttributeDifference, style: Style): string[] {
  const [old, young] = [shown(before), shown(after)];
  const isShort = [old, young].every((text) => text === undefined || text.length <= SHORT && !text.includes("\n"));
  if (isShort) return [`    ${name}: ${old ?? style.dim("(none)")} → ${young ?? style.dim("(none)")}`];
  const lines = old === undefined
    ? young!.split("\n").map((text) => ({ mark: "+" as const, text }))
    : young === undefined
    ? old.split("\n").map((text) => ({ mark: "-" as const, text }))
    : compareLines(old, young);
  const paint = { "-": style.red, "+": style.green, " ": style.dim };
  return [`    ${name}:`, ...lines.map(({ mark, text }) => paint[mark](`      ${mark} ${text}`.trimEnd()))];
}

function shown(value: string | null): string | undefined {
  return value === null ? undefined : printable(maskSecrets(value));
}

/**
 * Makes the keys of a difference.
 *
 * @param difference The difference.
 * @returns `change`, `kind`, `identity` and `attributes`, with secrets masked.
 */
export function differenceFields({ change, kind, identity, attributes }: SchemaDifference): Fields {
  const masked = (value: string | null) => value === null ? null : maskSecrets(value);
  return {
    change,
    kind,
    identity,
    attributes: attributes.map(({ name, before, after }) => ({ name, before: masked(before), after: masked(after) })),
  };
}
