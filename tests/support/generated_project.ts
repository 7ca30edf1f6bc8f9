/**
 * A project of many migrations, the same at every call: tables, columns with constraints, functions, triggers, views, enums
 * and indexes made CONCURRENTLY, each with a rollback and with declared dependencies.
 *
 * @module
 */

interface Draft {
  readonly up: string;
  readonly down: string;
  /** Groups of six share a table; what needs it names these, counted back from itself. */
  readonly needs: readonly number[];
  readonly transaction?: "none";
}

type Kind = (table: string) => Draft;

const KINDS: readonly Kind[] = [
  (table) => ({
    up:
      `CREATE TABLE ${table} (\n  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,\n  name text NOT NULL -- it's; a name\n);`,
    down: `DROP TABLE ${table};`,
    needs: [],
  }),
  (table) => ({
    up:
      `ALTER TABLE ${table} ADD COLUMN amount numeric(12, 2) DEFAULT 0 CHECK (amount >= 0), ADD COLUMN touched timestamptz;`,
    down: `ALTER TABLE ${table} DROP COLUMN amount, DROP COLUMN touched;`,
    needs: [1],
  }),
  (table) => ({
    up: `CREATE FUNCTION ${table}_touch() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  NEW.touched := now(); -- a ; in a comment
-- ROLLBACK
  RETURN NEW;
END
$body$;
COMMENT ON FUNCTION ${table}_touch() IS 'touches; it''s E\\n';`,
    down: `DROP FUNCTION ${table}_touch();`,
    needs: [1],
  }),
  (table) => ({
    up: `CREATE TRIGGER touch BEFORE UPDATE ON ${table} FOR EACH ROW EXECUTE FUNCTION ${table}_touch();
INSERT INTO ${table} (name) SELECT 'n' || i FROM generate_series(1, 5) AS i;
UPDATE ${table} SET amount = 1;`,
    down: `DROP TRIGGER touch ON ${table};`,
    needs: [1, 2],
  }),
  (table) => ({
    up: `CREATE TYPE ${table}_state AS ENUM ('new', 'done');
CREATE VIEW ${table}_view AS SELECT id, name, 'new'::${table}_state AS state FROM ${table};`,
    down: `DROP VIEW ${table}_view;\nDROP TYPE ${table}_state;`,
    needs: [4],
  }),
  (table) => ({
    up:
      `CREATE INDEX CONCURRENTLY ${table}_name ON ${table} (name);\nCREATE INDEX CONCURRENTLY ON ${table} (amount) WHERE amount > 0;`,
    down: `DROP INDEX CONCURRENTLY ${table}_amount_idx;\nDROP INDEX CONCURRENTLY ${table}_name;`,
    needs: [4],
    transaction: "none",
  }),
];

/** A migration file of the project. */
export interface GeneratedFile {
  /** Its name, with `.sql`. */
  readonly name: string;
  /** Its text. */
  readonly text: string;
  /** Its up section alone. */
  readonly up: string;
}

/**
 * Generates a project.
 *
 * @param count How many migrations.
 * @returns The files, in order.
 */
export function generateProject(count: number): GeneratedFile[] {
  const nameOf = (index: number) => `${String(index + 1).padStart(4, "0")}_step_${index % KINDS.length}`;
  return Array.from({ length: count }, (_, index) => {
    const table = `t${Math.floor(index / KINDS.length)}`;
    const { up, down, needs, transaction } = KINDS[index % KINDS.length]!(table);
    const depends = needs.map((back) => nameOf(index - back)).join(", ");
    const header = `-- Depends: ${depends}\n${transaction === undefined ? "" : `-- Transaction: ${transaction}\n`}`;
    return { name: `${nameOf(index)}.sql`, text: `${header}\n${up}\n\n-- ROLLBACK\n${down}\n`, up };
  });
}
