/**
 * Rules about how migrations stand to each other.
 *
 * @module
 */

import type { CreatedObject } from "../created_objects.ts";
import type { LintFile } from "../lint_file.ts";
import { dependenciesOf } from "../project.ts";
import type { Rule } from "../rule.ts";
import { usedObjects } from "../used_objects.ts";
import { wordsOf } from "../words.ts";

const lateFile: Rule = {
  id: "late-file",
  level: "warning",
  summary: "a new migration that comes before one which is in use",
  *file({ migration, project: { newestInUse } }) {
    if (newestInUse === undefined || migration.version > newestInUse.version) return;
    yield {
      message: `Databases in use have "${newestInUse.name}" already: there this comes after it, elsewhere before it`,
      hint: "Give it a version above that one",
      offset: 0,
    };
  },
};

const undeclared: Rule = {
  id: "undeclared-dependency",
  level: "warning",
  summary: "a migration that uses what another one makes and does not depend on it",
  *file(file) {
    // Where nobody declares anything the order of versions is all there is, and enough.
    if (!file.project.declares) return;
    const { name } = file.migration;
    const declared = dependenciesOf(file.project, name);
    const told = new Set<string>();
    for (const { node, sql, start } of file.up) {
      const used = usedObjects(node, file.catalog.schema);
      const columns = usedColumns(used, sql, file);
      for (const key of [...used, ...columns]) {
        const maker = makerBefore(key, file);
        if (maker === undefined || declared.has(maker) || told.has(maker)) continue;
        told.add(maker);
        yield {
          message: `This uses "${shownKey(key)}", which "${maker}" makes, and does not depend on it`,
          hint: `Add ${maker} to Depends: without it a rollback may take it away under this migration`,
          offset: start,
        };
      }
    }
  },
};

/** Columns that other files add to tables which a statement names, if their names are in its text. */
function usedColumns(used: ReadonlySet<string>, sql: string, file: LintFile): readonly string[] {
  const tables = [...used].filter((key) => key.startsWith("relation:")).map((key) => key.slice("relation:".length));
  const added = tables.flatMap((table) => file.project.addedColumns.get(table) ?? []);
  if (added.length === 0) return [];
  const words = wordsOf(sql);
  return added.filter(({ name }) => words.has(name)).map(({ key }) => key);
}

/** The last migration before this one that makes an object, unless this one makes it itself. */
function makerBefore(key: string, { migration, project }: LintFile): string | undefined {
  const makers = project.makers.get(key) ?? [];
  if (makers.includes(migration.name)) return undefined;
  const place = project.places.get(migration.name) ?? 0;
  const maker = makers.findLast((one) => (project.places.get(one) ?? 0) < place);
  return maker === undefined || project.pending?.has(maker) === false ? undefined : maker;
}

function shownKey(key: string): string {
  return key.replace(/^\w+:(?:public\.)?/, "");
}

const unused: Rule = {
  id: "unused-dependency",
  level: "note",
  summary: "a dependency of which the migration uses nothing",
  *file({ migration, project }) {
    const words = wordsOf(migration.text);
    for (const name of migration.dependencies) {
      const made = project.created.get(name) ?? [];
      if (made.length === 0 || project.opaque.has(name) || made.some((object) => isNamed(object, words))) continue;
      yield {
        message: `Nothing that "${name}" makes is named here`,
        hint: "Take it out of Depends, unless the order matters for another reason",
        offset: Math.max(0, migration.text.search(/^--\s*depends:/im)),
      };
    }
  },
};

function isNamed({ name, parent }: CreatedObject, words: ReadonlySet<string>): boolean {
  const table = parent?.split(".").at(-1);
  return (name !== "" && words.has(name)) || (table !== undefined && words.has(table));
}

/** Rules about how migrations stand to each other. */
export const DEPENDENCY_RULES: readonly Rule[] = [lateFile, undeclared, unused];
