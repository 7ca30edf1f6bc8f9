/**
 * Looks at migrations with every rule.
 *
 * @module
 */

import type { Migration } from "../core/migration.ts";
import { Catalog } from "./catalog.ts";
import { type CreatedObject, createdObjects, objectKey } from "./created_objects.ts";
import { FindingCollector } from "./finding_collector.ts";
import type { LintReport } from "./finding.ts";
import type { Grammar } from "./grammar.ts";
import type { LintConfig } from "./lint_config.ts";
import type { LintFile } from "./lint_file.ts";
import { type LintStatement, readStatements } from "./lint_statement.ts";
import type { Project } from "./project.ts";
import { rollbackFile } from "./rollback_file.ts";
import type { Rule } from "./rule.ts";
import { RULES } from "./rules.ts";
import { runsCode } from "./runs_code.ts";

/** What is looked at. */
export interface LintInput {
  /** All migrations of a folder, in the order in which they are applied. */
  readonly migrations: readonly Migration[];
  /**
   * Those that no database in use has yet, by name. Only these are looked at, and what they make is not in use.
   *
   * @default {"not known: all are looked at, and only what a file makes itself is not in use"}
   */
  readonly pending?: ReadonlySet<string> | undefined;
  /**
   * Those to look at, by name.
   *
   * @default {"those that are pending"}
   */
  readonly only?: ReadonlySet<string> | undefined;
  /** What the project says about rules. */
  readonly config: Pick<LintConfig, "levels" | "server">;
  /** PostgreSQL's grammar. */
  readonly grammar: Grammar;
}

/**
 * Looks at migrations with every rule.
 *
 * @param input What is looked at.
 * @returns What was found.
 */
export function lint(input: LintInput): LintReport {
  const { migrations, pending, only = pending, config } = input;
  const up = new Map(migrations.map((one) => [one.name, readStatements(one.up, "up", input.grammar)]));
  const project = describeProject(migrations, up, pending);
  const catalog = new Catalog();
  const targets = new Set(migrations.map(({ name }) => name).filter((name) => only?.has(name) ?? true));
  const findings = migrations.flatMap((migration) => {
    catalog.begin(migration.name);
    const isNew = (by: string | undefined) => by === migration.name || (by !== undefined && pending?.has(by) === true);
    const file: LintFile = {
      migration,
      up: up.get(migration.name) ?? [],
      rollback: targets.has(migration.name) ? readStatements(migration.rollback, "rollback", input.grammar) : [],
      catalog,
      server: config.server,
      project,
      isNew,
      isInUse: (relation) => relation?.relpersistence !== "t" && !isNew(catalog.creatorOf(relation)),
      isMadeHere: (kind, parts) => (project.makers.get(objectKey(kind, parts, catalog.schema)) ?? []).some(isNew),
    };
    if (targets.has(migration.name)) return [lintFile(file, config)];
    for (const { node } of file.up) catalog.apply(node);
    return [];
  });
  return {
    findings: findings.flatMap((one) => one.findings),
    files: targets.size,
    ignored: findings.reduce((sum, { ignored }) => sum + ignored, 0),
  };
}

function lintFile(file: LintFile, { levels }: LintInput["config"]) {
  const collector = new FindingCollector(file, levels);
  const levelOf = (rule: Rule) => levels.get(rule.id) ?? rule.level;
  const rules = RULES.filter((rule) => levelOf(rule) !== "off");
  lintSection(file.up, file, rules, collector);
  if (file.rollback.length > 0) {
    lintSection(file.rollback, rollbackFile(file), rules.filter(({ sections }) => sections === "both"), collector);
  }
  for (const rule of rules) for (const violation of rule.file?.(file) ?? []) collector.add(rule, violation);
  return collector.finish();
}

/** The catalog of the file takes in what each statement does, after it was looked at. */
function lintSection(
  statements: readonly LintStatement[],
  file: LintFile,
  rules: readonly Rule[],
  collector: FindingCollector,
): void {
  const followers = rules.flatMap((rule) => rule.follow === undefined ? [] : [{ rule, visit: rule.follow(file) }]);
  for (const statement of statements) {
    for (const rule of rules) {
      for (const violation of rule.statement?.(statement, file) ?? []) collector.add(rule, violation, statement);
    }
    for (const { rule, visit } of followers) {
      for (const violation of visit(statement)) collector.add(rule, violation, statement);
    }
    file.catalog.apply(statement.node);
  }
}

function describeProject(
  migrations: readonly Migration[],
  up: ReadonlyMap<string, readonly LintStatement[]>,
  pending: ReadonlySet<string> | undefined,
): Project {
  const final = new Catalog();
  const opaque = new Set<string>();
  const created = new Map<string, readonly CreatedObject[]>();
  const makers = new Map<string, string[]>();
  const addedColumns = new Map<string, CreatedObject[]>();
  for (const { name } of migrations) {
    final.begin(name);
    const objects = (up.get(name) ?? []).flatMap(({ node }) => {
      const made = createdObjects(node, final.schema);
      final.apply(node);
      if (runsCode(node)) opaque.add(name);
      return made;
    });
    created.set(name, objects);
    for (const key of new Set(objects.map((object) => object.key))) makers.set(key, [...makers.get(key) ?? [], name]);
    for (const column of objects.filter(({ kind }) => kind === "column")) {
      const table = column.parent ?? "";
      addedColumns.set(table, [...addedColumns.get(table) ?? [], column]);
    }
  }
  const inUse = pending === undefined ? [] : migrations.filter(({ name }) => !pending.has(name));
  return {
    pending,
    final,
    created,
    opaque,
    makers,
    addedColumns,
    places: new Map(migrations.map(({ name }, place) => [name, place])),
    migrations: new Map(migrations.map((one) => [one.name, one])),
    declares: migrations.some(({ dependencies }) => dependencies.length > 0),
    newestInUse: inUse.toSorted((a, b) => a.version - b.version).at(-1),
  };
}
