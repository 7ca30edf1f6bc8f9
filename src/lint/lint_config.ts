/**
 * What a project says about rules.
 *
 * @module
 */

import { MigrationError } from "../core/error.ts";
import { nearestName } from "../core/nearest.ts";
import { type LintLevel, type LintSeverity, SEVERITIES } from "./rule.ts";
import { RULES } from "./rules.ts";
import { parseServerVersion, type ServerVersion } from "./server_version.ts";

/** What a project says about rules. */
export interface LintConfig {
  /** What becomes of rules, by name; others keep their own level. */
  readonly levels: ReadonlyMap<string, LintLevel>;
  /** The oldest server that migrations run on; `undefined` if nobody said. */
  readonly server: ServerVersion | undefined;
  /** The lightest finding with which the command fails. */
  readonly failOn: LintSeverity;
}

const LEVELS: readonly LintLevel[] = [...SEVERITIES, "off"];

/** What holds where a project says nothing. */
export const DEFAULT_CONFIG: LintConfig = { levels: new Map(), server: undefined, failOn: "error" };

/**
 * Reads the part of a configuration that is about rules.
 *
 * @param value `{ serverVersion, lint: { rules, failOn } }`, as JSON gives it.
 * @param source The file that it is from, for errors.
 * @returns The configuration.
 * @throws {MigrationError} With code `CONFIG` if it says anything else.
 */
export function readLintConfig(value: unknown, source: string): LintConfig {
  const { lint, serverVersion, ...others } = record(value, source, "metapg");
  refuseUnknown(Object.keys(others), ["lint", "serverVersion"], source);
  const { rules, failOn = DEFAULT_CONFIG.failOn, ...settings } = record(lint ?? {}, source, "lint");
  refuseUnknown(Object.keys(settings), ["rules", "failOn"], source);
  const levels = new Map<string, LintLevel>();
  for (const [rule, level] of Object.entries(record(rules ?? {}, source, "rules"))) {
    refuseUnknown([rule], RULES.map(({ id }) => id), source);
    levels.set(rule, choice(level, LEVELS, { source, name: rule }));
  }
  return {
    levels,
    server: serverVersion === undefined ? undefined : version(serverVersion, source),
    failOn: choice(failOn, SEVERITIES, { source, name: "failOn" }),
  };
}

function choice<T extends string>(
  value: unknown,
  choices: readonly T[],
  { source, name }: { readonly source: string; readonly name: string },
): T {
  const chosen = choices.find((one) => one === value);
  if (chosen !== undefined) return chosen;
  throw wrong(source, `"${name}" is ${JSON.stringify(value)}`, `Write one of: ${choices.join(", ")}`);
}

function record(value: unknown, source: string, name: string): Readonly<Record<string, unknown>> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  throw wrong(source, `"${name}" is no object`);
}

function version(value: unknown, source: string): ServerVersion {
  const read = parseServerVersion(String(value));
  if (read === undefined) {
    throw wrong(source, `"serverVersion" is ${JSON.stringify(value)}`, "Write the oldest server, as in 14 or 16.2");
  }
  return read;
}

function refuseUnknown(names: readonly string[], known: readonly string[], source: string): void {
  const name = names.find((one) => !known.includes(one));
  if (name === undefined) return;
  const nearest = nearestName(name, known);
  throw wrong(source, `unknown key "${name}"`, nearest === undefined ? undefined : `Did you mean "${nearest}"?`);
}

function wrong(source: string, what: string, hint?: string): MigrationError {
  return new MigrationError("CONFIG", `Cannot use the configuration in "${source}": ${what}`, { hint });
}
