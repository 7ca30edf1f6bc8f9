/**
 * What a rehearsal came to, in words.
 *
 * @module
 */

import { formatDuration } from "../core/duration.ts";
import { SqlError } from "../core/sql_error.ts";
import { isSound, type Verdict } from "../core/verdict.ts";
import type { DataLoss } from "../rehearsal/data_loss.ts";
import type { Rehearsal, Rehearsed } from "../rehearsal/rehearsal.ts";
import type { CommandLine } from "./advice.ts";
import { spellCommands } from "./advice.ts";
import { formatCodeFrame } from "./code_frame.ts";
import { errorFields, type Fields } from "./json.ts";
import { oneLine, printable } from "./printable.ts";
import { differenceFields, formatDifferences } from "./schema_differences.ts";
import type { Style } from "./style.ts";
import { pad } from "./width.ts";
import { countOf, listNames } from "./wording.ts";

/** How verdicts are told. */
const WORDS: Readonly<Record<Verdict, string>> = {
  reversible: "reversible",
  irreversible: "irreversible",
  "rollback-differs": "rollback differs",
  "rollback-fails": "rollback fails",
  "again-differs": "applied again, it differs",
  "again-fails": "applied again, it fails",
  "up-fails": "fails",
  "not-run": "not run",
};

/** What a diff below a verdict is about. */
const DIFFS: Partial<Readonly<Record<Verdict, string>>> = {
  "rollback-differs": "After the rollback the schema differs from the one before:",
  "again-differs": "Applied again, it makes another schema than the first time:",
};

const LOSSES: Readonly<Record<DataLoss["action"], string>> = {
  "drop-table": "drops table",
  "drop-column": "drops column",
  "drop-schema": "drops schema",
  delete: "deletes from",
  truncate: "empties",
  overwrite: "overwrites",
  convert: "may lose values of",
  "run-code": "may change rows through",
  "leave-rows": "leaves rows in",
};

/** Longest name that others are padded to. */
const MAX_NAME_WIDTH = 48;

/** How {@linkcode formatRehearsal} prints. */
export interface RehearsalStyle {
  /** Emphasis. */
  readonly style: Style;
  /** Writes a command as it is typed. */
  readonly commandLine: CommandLine;
}

/**
 * Prints a rehearsal: a line for each migration, what is wrong below it, and a summary.
 *
 * @param rehearsal The rehearsal.
 * @param options How.
 * @returns Lines.
 */
export function formatRehearsal(rehearsal: Rehearsal, options: RehearsalStyle): string[] {
  const { migrations } = rehearsal;
  const width = Math.min(MAX_NAME_WIDTH, Math.max(0, ...migrations.map(({ name }) => name.length)));
  const lines = migrations.flatMap((one) => [formatLine(one, width, options.style), ...formatDetails(one, options)]);
  return [...lines, ...(lines.length === 0 ? [] : [""]), summarize(rehearsal)];
}

function formatLine({ name, verdict, durations, losses }: Rehearsed, width: number, style: Style): string {
  const mark = verdict === "irreversible"
    ? style.yellow("-")
    : isSound(verdict)
    ? style.green("✓")
    : verdict === "not-run"
    ? style.yellow("?")
    : style.red("✗");
  const word = isSound(verdict) ? WORDS[verdict] : style.red(WORDS[verdict]);
  const time = pad(durations.upMs === null ? "" : formatDuration(durations.upMs), 8, "right");
  return `${mark} ${pad(name, width)}  ${style.dim(time)}  ${word}${style.dim(formatLosses(losses))}`;
}

function formatLosses(losses: readonly DataLoss[]): string {
  const told = (section: DataLoss["section"]): string => {
    const parts = losses.filter((loss) => loss.section === section)
      .map(({ action, object }) => `${LOSSES[action]} ${printable(object)}`);
    return parts.length === 0 ? "" : `; ${section === "up" ? "applying" : "rolling back"} ${listNames(parts, 4)}`;
  };
  return `${told("up")}${told("rollback")}`;
}

function formatDetails(
  { verdict, differences, error, obstacle }: Rehearsed,
  { style, commandLine }: RehearsalStyle,
): string[] {
  const title = DIFFS[verdict];
  const lines = differences.length === 0 || title === undefined
    ? []
    : [title, ...formatDifferences(differences, style)];
  if (error !== null) lines.push(...formatError(error, style));
  if (obstacle !== null) {
    lines.push(oneLine(obstacle.message));
    if (obstacle.hint !== undefined) lines.push(style.dim(`  ${oneLine(spellCommands(obstacle.hint, commandLine))}`));
  }
  return lines.map((line) => `    ${line}`.trimEnd());
}

function formatError(error: NonNullable<Rehearsed["error"]>, style: Style): string[] {
  if (!(error instanceof SqlError)) return [style.red(oneLine(error.message))];
  const state = error.sqlstate === undefined ? "" : ` (${error.sqlstate})`;
  const extra = [["Detail", error.detail], ["Hint", error.serverHint], ["Inside", error.internalQuery]] as const;
  return [
    `${style.red(printable(error.serverMessage))}${state}`,
    style.cyan(error.place),
    ...formatCodeFrame(error, style),
    ...extra.flatMap(([label, text]) => text === undefined || text === "" ? [] : [`${label}: ${oneLine(text)}`]),
  ];
}

function summarize({ migrations, rebuilt, engine, version, durationMs }: Rehearsal): string {
  if (migrations.length === 0) {
    return rebuilt.length === 0 ? "Nothing to rehearse" : "Nothing to rehearse: no migration is pending";
  }
  const counts = (Object.keys(WORDS) as Verdict[]).flatMap((verdict) => {
    const count = migrations.filter((one) => one.verdict === verdict).length;
    return count === 0 ? [] : [`${count} ${countedAs(verdict)}`];
  });
  const release = /^PostgreSQL [\w.]+/.exec(version ?? "")?.[0];
  const place = engine === "pglite" ? `PGlite${release === undefined ? "" : ` (${release})`}` : release ?? "the server";
  const behind = rebuilt.length === 0 ? "" : ` after ${countOf(rebuilt.length, "applied one")}`;
  return `Rehearsed ${countOf(migrations.length, "migration")}${behind} on ${place} in ${formatDuration(durationMs)}: ${
    counts.join(", ")
  }`;
}

function countedAs(verdict: Verdict): string {
  switch (verdict) {
    case "rollback-differs":
      return "with a rollback that differs";
    case "rollback-fails":
      return "with a rollback that fails";
    case "again-differs":
      return "that differ when applied again";
    case "again-fails":
      return "that fail when applied again";
    case "up-fails":
      return "failed";
    default:
      return WORDS[verdict];
  }
}

/**
 * Makes the keys that `rehearse` adds.
 *
 * @param rehearsal The rehearsal.
 * @returns engine, version, rebuilt, migrations, durationMs.
 */
export function rehearsalFields({ engine, version, rebuilt, migrations, durationMs }: Rehearsal): Fields {
  return {
    engine,
    version,
    rebuilt,
    migrations: migrations.map(({ name, path, verdict, durations, differences, error, obstacle, losses }) => ({
      name,
      path,
      verdict,
      durations,
      differences: differences.map(differenceFields),
      obstacle: obstacle === null ? null : { message: obstacle.message, hint: obstacle.hint ?? null },
      losses,
      error: error === null ? null : errorFields(error),
    })),
    durationMs,
  };
}
