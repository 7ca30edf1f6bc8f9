import { assertEquals } from "@std/assert";
import type { Database } from "../../src/core/database.ts";
import { Migration } from "../../src/core/migration.ts";
import type { StatementTrace, TracedWork } from "../../src/trace/trace.ts";
import { traceMigrations, type TraceStep } from "../../src/trace/trace_migrations.ts";
import { onEveryEngine, type Project } from "../runner/project.ts";
import { ALTER_TABLE, type ManualCase, NO_TABLES, OTHER_STATEMENTS, TABLES } from "./manual_modes.ts";

/** Traces each case on tables of its own. */
async function traceCases(database: Database, cases: readonly ManualCase[]): Promise<StatementTrace[]> {
  const step = async (sql: string, purpose: TraceStep["purpose"]): Promise<TraceStep> => ({
    migration: await Migration.parse("001_case.sql", sql),
    direction: "up",
    purpose,
  });
  const tables = await step(`${NO_TABLES}${TABLES}`, "prepare");
  const steps = await Promise.all(cases.map(async ({ sql }) => [tables, await step(sql, "trace")]));
  const traces = await traceMigrations({ database, roleSql: () => "" }, steps.flat());
  return traces.map(({ statements }) => statements[0]!);
}

/** The tables that are locked, without those for which only schema changes wait. */
function modesOf({ locks }: StatementTrace, known: ManualCase): Record<string, string> {
  const told = locks.filter(({ object, kind, blocks }) =>
    kind !== "index" && (blocks.length > 1 || object in known.manual)
  );
  return Object.fromEntries(told.map(({ object, mode }) => [object, mode]));
}

function spell(work: TracedWork): string {
  const short = (name: string) => name.replace("public.", "");
  switch (work.type) {
    case "index-build":
    case "index-rebuild":
      return `${work.type === "index-build" ? "build" : "rebuild"} ${short(work.index)}`;
    case "foreign-key":
      return `key ${short(work.table)} ${short(work.references)}`;
    case "rows":
      return `rows ${work.tables.map(short)}`;
    case "fill":
      return `fill ${work.reads.map(short)}`;
    case "refresh":
      return `refresh ${short(work.table)} of ${work.reads.map(short)}`;
    default:
      return `${work.type} ${short(work.table)}`;
  }
}

/** Fails unless modes and work are those of the cases. */
async function compareWithManual({ database, query }: Project, all: readonly ManualCase[]): Promise<void> {
  const [row] = await query("SELECT current_setting('server_version_num')::int / 10000 AS major");
  const cases = all.filter(({ since = 14 }) => since <= Number(row!.major));
  const traces = await traceCases(database, cases);
  const seen = traces.map((trace, index) => ({
    sql: cases[index]!.sql,
    modes: modesOf(trace, cases[index]!),
    work: trace.work.map(spell).toSorted(),
  }));
  const told = cases.map(({ sql, manual, beside, work = [] }) => ({ sql, modes: { ...manual, ...beside }, work }));
  assertEquals(seen, told);
}

onEveryEngine(
  "traceMigrations() finds the manual's lock modes and the work of every kind of ALTER TABLE",
  (project) => {
    assertEquals(ALTER_TABLE.length >= 60, true);
    return compareWithManual(project, ALTER_TABLE);
  },
);

onEveryEngine(
  "traceMigrations() finds the manual's lock modes of other statements",
  (project) => compareWithManual(project, OTHER_STATEMENTS),
);
