// A program in TypeScript that uses every entry point of the installed package with real clients. It is compiled, not run.

import { PGlite } from "@electric-sql/pglite";
import {
  DatabaseError,
  type FileReader,
  formatProblem,
  memoryReader,
  Migration,
  MigrationError,
  type MigrationEvent,
  MigrationRecord,
  MigrationRunner,
  MigrationStatus,
  type Plan,
  type RunnerOptions,
  type RunResult,
  SqlError,
} from "@metapg/migration";
import { runCli } from "@metapg/migration/cli";
import {
  checksum,
  type Migration as CoreMigration,
  orderMigrations,
  parseFile,
  splitStatements,
  splitUnits,
} from "@metapg/migration/core";
import { pgDatabase } from "@metapg/migration/pg";
import { pgliteDatabase } from "@metapg/migration/pglite";
import { postgresDatabase } from "@metapg/migration/postgres";
import pg from "pg";
import postgres from "postgres";

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends (<T>() => T extends B ? 1 : 2) ? true : false;

/** Compiles only if both types are one. */
export function same<A, B>(..._: Same<A, B> extends true ? [] : ["the types differ"]): void {}

export const reader: FileReader = memoryReader({ "migrations/main/001_users.sql": "CREATE TABLE users (id int);" });
export const databases = [
  pgDatabase(new pg.Pool({ connectionString: "postgres://localhost/app" })),
  postgresDatabase(postgres("postgres://localhost/app", { onnotice: () => {} })),
  pgliteDatabase(await PGlite.create()),
];

/** Every member of the union is told apart by its type. */
export function describe(event: MigrationEvent): string {
  switch (event.type) {
    case "run:start":
      return event.steps.map(({ name, direction }) => `${direction} ${name}`).join();
    case "lock:wait":
      return `${event.holder?.user ?? "somebody"} ${event.waitedMs}`;
    case "lock:got":
      return event.waitedMs.toFixed();
    case "migration:start":
      return `${event.name} ${event.index}/${event.total}`;
    case "migration:retry":
      return `${event.attempt} ${event.sqlstate} ${event.blockers.length}`;
    case "migration:done":
      same<typeof event.direction, "up" | "down">();
      return event.durationMs.toFixed();
    case "migration:failed":
      return event.code === "SQL_FAILED" ? event.message : event.code;
    case "migration:rehearsed":
      return `${event.verdict} ${event.durations.upMs?.toFixed()}`;
    case "unit:done":
      return `${event.unit}/${event.units}`;
    case "notice":
      return event.name ?? event.severity;
    case "warning":
      return formatProblem(event.problem);
    case "run:done":
      return event.done.map(({ name }) => name).join();
    default:
      return event satisfies never;
  }
}

const options: RunnerOptions = {
  dbName: "main",
  migrationsDir: "migrations/main",
  database: databases[0] ?? "pglite:",
  reader,
  table: "ops.history",
  session: ["SET search_path = app"],
  lockWaitMs: 0,
  signal: AbortSignal.timeout(1_000),
  onEvent: (event) => void describe(event),
};

/** A run with everything that can be asked of it. */
export async function migrate(): Promise<readonly string[]> {
  await using runner = new MigrationRunner(options);
  try {
    const status = await runner.getStatus();
    same<typeof status, MigrationStatus>();
    same<typeof status.isUpToDate, boolean>();
    const records = await runner.getAppliedMigrations({ signal: new AbortController().signal });
    same<typeof records, MigrationRecord[]>();
    same<(typeof records)[number]["appliedAt"], Date | null>();
    const plan: Plan = await runner.plan({ type: "up" });
    const result: RunResult = await runner.run({ type: "up" });
    const migration = await Migration.fromFile("migrations/main/001_users.sql", { reader });
    same<typeof migration, Migration>();
    const core: CoreMigration = migration;
    await runner.applyMigration(core);
    const rolledBack: string[] = await runner.rollbackMigration("001_users", { cascade: true });
    return [...await runner.applyPending({ target: "001_users" }), ...rolledBack, `${plan.steps.length} ${result}`];
  } catch (error) {
    if (error instanceof SqlError) return [`${error.place} ${error.sqlstate} ${error.line ?? "at commit"}`];
    if (error instanceof MigrationError && error.code === "LOCK_TIMEOUT") return [error.hint ?? "", ...error.applied];
    if (error instanceof DatabaseError) return [error.kind];
    throw error;
  }
}

/** The pure part. */
export async function look(): Promise<readonly string[]> {
  const { migration } = await parseFile("001_users.sql", "CREATE TABLE users (id int);");
  const order = orderMigrations(migration === undefined ? [] : [migration]);
  const section = { sql: "SELECT 1;", start: 0 };
  const statements = splitStatements(section);
  return [
    await checksum("text"),
    ...order.order.map(({ name }) => name),
    ...statements.map(({ sql }) => sql),
    ...splitUnits(section).map(({ mode }) => mode),
  ];
}

export const record = MigrationRecord.from({
  name: "001_users",
  version: 1,
  checksum: "",
  appliedAt: new Date(),
  durationMs: 1,
});
export const status = new MigrationStatus({ dbName: "main", applied: [record], pending: [], totalFiles: 1 });
export const program: () => Promise<void> = runCli;
