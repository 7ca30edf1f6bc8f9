/**
 * Libraries for Node that apply migrations: where they find their files.
 *
 * @module
 */

import type { Contender } from "../contender.ts";
import { asScript, type GeneratedMigration } from "../generated_sql.ts";
import { nodeScript } from "./node_script.ts";

const DRIVER = "pg@8.23.1";

/** Them. */
export const libraries: readonly Contender[] = [
  nodeScript({
    name: "postgrator",
    version: "8.0.0",
    packages: [DRIVER],
    how: "a script after its README, on node-postgres",
    actions: ["rollback"],
    files: (migrations) =>
      migrations.flatMap(({ version, description, up, down }) => [
        [`migrations/${version}.do.${description}.sql`, asScript(up)],
        [`migrations/${version}.undo.${description}.sql`, asScript(down)],
      ]),
  }),
  nodeScript({
    name: "umzug",
    version: "3.8.3",
    packages: [DRIVER],
    how: "a script after its README: SQL files, and a storage of its own on node-postgres",
    actions: ["status", "rollback"],
    files: (migrations) =>
      migrations.flatMap(({ version, description, up, down }) => [
        [`migrations/${version}_${description}.up.sql`, asScript(up)],
        [`migrations/${version}_${description}.down.sql`, asScript(down)],
      ]),
  }),
  nodeScript({
    name: "kysely",
    version: "0.28.18",
    packages: [DRIVER],
    how: "a script after its documentation: `Migrator`, `FileMigrationProvider`; all in one transaction",
    actions: ["status", "rollback"],
    files: (migrations) =>
      migrations.map((one) => [`migrations/${one.version}_${one.description}.js`, kyselyModule(one)]),
  }),
  nodeScript({
    name: "drizzle-orm",
    version: "0.45.4",
    packages: [DRIVER],
    how: "a script after its documentation: `migrate()` on node-postgres; all in one transaction, no rollback",
    actions: [],
    files: drizzleFiles,
  }),
  nodeScript({
    name: "postgres-migrations",
    version: "5.3.0",
    packages: [DRIVER],
    how: "a script after its README: `migrate()` on a client; it has no rollback",
    actions: [],
    files: (migrations) =>
      migrations.map(({ version, description, up }) => [`migrations/${version}_${description}.sql`, asScript(up)]),
  }),
];

/** Kysely sends a statement at a time. */
function kyselyModule({ up, down }: GeneratedMigration): string {
  const body = (statements: readonly string[]) =>
    statements.map((statement) => `  await sql\`${statement}\`.execute(db);\n`).join("");
  return `import { sql } from "kysely";

export async function up(db) {
${body(up)}}

export async function down(db) {
${body(down)}}
`;
}

/** The files and the journal as `drizzle-kit generate` leaves them. */
function drizzleFiles(migrations: readonly GeneratedMigration[]): readonly (readonly [string, string])[] {
  const tags = migrations.map(({ version, description }) => `${version}_${description}`);
  const entries = tags.map((tag, idx) => ({
    idx,
    version: "7",
    when: 1_700_000_000_000 + idx,
    tag,
    breakpoints: true,
  }));
  return [
    ["migrations/meta/_journal.json", JSON.stringify({ version: "7", dialect: "postgresql", entries })],
    ...migrations.map(({ up }, index) =>
      [`migrations/${tags[index]}.sql`, up.map((sql) => `${sql};`).join("--> statement-breakpoint\n")] as const
    ),
  ];
}
