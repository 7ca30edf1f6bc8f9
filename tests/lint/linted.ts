/**
 * Lints SQL as it stands in pages and tests.
 *
 * @module
 */

import { parseFile } from "../../src/core/parse.ts";
import { orderMigrations } from "../../src/core/graph.ts";
import type { Migration } from "../../src/core/migration.ts";
import type { LintReport } from "../../src/lint/finding.ts";
import { type Grammar, loadGrammar } from "../../src/lint/grammar.ts";
import { lint } from "../../src/lint/lint.ts";
import type { LintLevel } from "../../src/lint/rule.ts";
import { RULES } from "../../src/lint/rules.ts";
import { parseServerVersion } from "../../src/lint/server_version.ts";

/** The grammar, as Node and Deno have it in a checkout. */
export const grammar: Grammar = await loadGrammar({ packages: "node", importModule: () => import("libpg-query") });

/** Every rule as an error, those included that are off by default. */
export const ALL_RULES: ReadonlyMap<string, LintLevel> = new Map(RULES.map(({ id }) => [id, "error"]));

/**
 * Reads the files of a block: `-- 001_name.sql` begins one, without it there is only one.
 *
 * @param sql The block.
 * @returns Migrations in the order of application, and what the file format has against them.
 */
export async function readBlock(sql: string): Promise<{
  readonly migrations: readonly Migration[];
  readonly problems: readonly string[];
}> {
  const parts = sql.split(/^-- (\d{3}_\w+\.sql)\n/m);
  const files = parts.length === 1 ? [["001_example.sql", sql]] : chunk(parts.slice(1));
  const read = await Promise.all(files.map(([name = "", text = ""]) => parseFile(name, text)));
  const migrations = read.flatMap(({ migration }) => migration ?? []);
  return {
    migrations: orderMigrations(migrations).order,
    problems: read.flatMap(({ problems }) => problems.filter(({ severity }) => severity === "error"))
      .map(({ code }) => code),
  };
}

function chunk(parts: readonly string[]): string[][] {
  return Array.from({ length: parts.length / 2 }, (_, index) => parts.slice(2 * index, 2 * index + 2));
}

/**
 * Lints a block with all rules. `-- oldest server: 14` says the server; `-- in use: 001_a` which files are, `none` that
 * all of them are pending.
 *
 * @param sql The block.
 * @param levels What becomes of rules.
 * @returns What was found.
 */
export async function lintBlock(sql: string, levels: ReadonlyMap<string, LintLevel> = ALL_RULES): Promise<LintReport> {
  const { migrations, problems } = await readBlock(sql);
  if (problems.length > 0) throw new Error(`The block is refused: ${problems.join(", ")}`);
  const server = /^-- oldest server: (\S+)$/m.exec(sql)?.[1];
  const inUse = /^-- in use: (.+)$/m.exec(sql)?.[1]?.split(", ");
  const pending = inUse === undefined
    ? undefined
    : new Set(migrations.map(({ name }) => name).filter((name) => !inUse.includes(name)));
  return lint({
    migrations,
    pending,
    config: { levels, server: server === undefined ? undefined : parseServerVersion(server) },
    grammar,
  });
}
