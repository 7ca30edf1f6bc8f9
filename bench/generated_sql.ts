/**
 * The migrations that every contender applies, each in its own layout: one table and one index, and what undoes them.
 *
 * @module
 */

/** One migration, in no tool's words. */
export interface GeneratedMigration {
  /** From 1. */
  readonly number: number;
  /** The number with leading zeros, so that names sort as numbers do: `00001`. */
  readonly version: string;
  /** What a file is called beside its version: `create_item_00001`. */
  readonly description: string;
  /** The statements, each without a semicolon. */
  readonly up: readonly string[];
  /** What undoes them, likewise. */
  readonly down: readonly string[];
}

/** How the names of all tables begin, so that they can be counted. */
export const TABLE_PREFIX = "item_";

/**
 * Generates migrations.
 *
 * @param count How many.
 * @returns Them, in order.
 */
export function generateMigrations(count: number): readonly GeneratedMigration[] {
  return Array.from({ length: count }, (_, index) => {
    const version = String(index + 1).padStart(5, "0");
    const table = `${TABLE_PREFIX}${version}`;
    return {
      number: index + 1,
      version,
      description: `create_${table}`,
      up: [
        `CREATE TABLE ${table} (id bigint PRIMARY KEY, name text NOT NULL, created_at timestamptz NOT NULL DEFAULT now())`,
        `CREATE INDEX ${table}_name ON ${table} (name)`,
      ],
      down: [`DROP TABLE ${table}`],
    };
  });
}

/** Statements as a file has them: each on a line of its own, with a semicolon. */
export function asScript(statements: readonly string[]): string {
  return statements.map((statement) => `${statement};\n`).join("");
}
