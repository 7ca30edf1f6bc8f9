/**
 * Rewrites a file so that it does the same without the hazard.
 *
 * @module
 */

import { parseFile } from "../core/parse.ts";
import type { Migration } from "../core/migration.ts";
import type { FollowUpStep, LintEdit, LintFix } from "./rule.ts";

/** A file that was rewritten. */
export interface FixedFile {
  /** Its new text, with LF line ends. */
  readonly text: string;
  /** What a new file has to do, which depends on this one; `undefined` if there is none. */
  readonly followUp: { readonly slug: string; readonly text: string } | undefined;
}

const KEY_LINE = /^--[ \t]*(?:description|depends|lock-timeout|statement-timeout):.*\n/gim;

/**
 * Rewrites a file.
 *
 * @param migration The file.
 * @param fixes What to do, as findings bring it; the same may come with several.
 * @returns The file, and what another one has to do; `undefined` if nothing would come of it that could be used.
 */
export async function applyFixes(migration: Migration, fixes: readonly LintFix[]): Promise<FixedFile | undefined> {
  const edits = new Map<string, LintEdit>();
  for (const edit of fixes.flatMap((fix) => fix.edits)) edits.set(`${edit.start}:${edit.end}:${edit.text}`, edit);
  let text = migration.text;
  for (const { start, end, text: replacement } of [...edits.values()].toSorted((a, b) => b.start - a.start)) {
    text = text.slice(0, start) + replacement + text.slice(end);
  }
  const isAlone = fixes.some(({ transaction }) => transaction === "none");
  if (isAlone && migration.transaction !== "none") text = withoutTransaction(text, migration.up.sql);
  const { migration: parsed } = await parseFile(migration.path, text);
  if (parsed === undefined || text === migration.text) return undefined;
  const steps = new Map(fixes.flatMap(({ followUp }) => followUp === undefined ? [] : [[followUp.sql, followUp]]));
  const [first] = steps.values();
  if (first === undefined) return { text, followUp: undefined };
  return { text, followUp: { slug: first.slug, text: draftFollowUp(migration, [...steps.values()]) } };
}

/** Puts the key below the others of the header, or at the top of a file that has none. */
function withoutTransaction(text: string, up: string): string {
  const header = /^(?:[ \t]*(?:--.*)?\n)*/.exec(up)?.[0] ?? "";
  const last = [...header.matchAll(KEY_LINE)].at(-1);
  if (last !== undefined) {
    const at = last.index + last[0].length;
    return `${text.slice(0, at)}-- Transaction: none\n${text.slice(at)}`;
  }
  return `-- Transaction: none\n${header.startsWith("--") ? "" : "\n"}${text.replace(/^\n+/, "")}`;
}

function draftFollowUp({ name }: Migration, steps: readonly FollowUpStep[]): string {
  return `-- The rows that were there before are read beside those who write, in a transaction of its own.
--
-- Depends: ${name}

${steps.map(({ sql }) => sql).join("\n")}

-- ROLLBACK
${steps.map(({ undo }) => undo).toReversed().join("\n")}
`;
}
