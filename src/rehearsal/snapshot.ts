/**
 * The schema again and again, of one session.
 *
 * @module
 */

import type { Row } from "../core/database.ts";
import { DatabaseError } from "../core/database_error.ts";
import type { Session } from "../runner/session.ts";
import { catalogSql } from "../schema/catalog_sql.ts";
import { compareSchemas, type SchemaDifference } from "../schema/compare_schemas.ts";
import { type CatalogRow, makeSchema } from "../schema/make_schema.ts";
import { CATALOG_SETTINGS_SQL } from "../schema/read_schema.ts";
import type { Schema } from "../schema/schema.ts";

/** To plan the query takes as long as to run it on a small schema. */
const STATEMENT = "metapg_snapshot";

const NO_SUCH_STATEMENT = "26000";

/** A schema as it was at one moment. What was read is taken apart only as far as it must be. */
export class Snapshot {
  readonly #text: string;
  readonly #server: number;
  readonly #owner: string;
  #rows: ReadonlyMap<string, CatalogRow> | undefined;
  #schema: Schema | undefined;

  /**
   * @param text What the catalogs say: a JSON array of rows, in any order.
   * @param server The server's version.
   * @param owner The role that migrations run as.
   */
  constructor(text: string, server: number, owner: string) {
    this.#text = text;
    this.#server = server;
    this.#owner = owner;
  }

  /**
   * Finds what became of it.
   *
   * @param after What is.
   * @returns What differs; nothing if nothing does.
   */
  differences(after: Snapshot): readonly SchemaDifference[] {
    return this.#isSame(after) ? [] : compareSchemas(this.#read(), after.#read());
  }

  #isSame(other: Snapshot): boolean {
    if (this.#text === other.#text) return true;
    const [rows, others] = [this.#takeApart(), other.#takeApart()];
    return rows.size === others.size && [...rows.keys()].every((row) => others.has(row));
  }

  #takeApart(): ReadonlyMap<string, CatalogRow> {
    this.#rows ??= new Map((JSON.parse(this.#text) as readonly CatalogRow[]).map((row) => [JSON.stringify(row), row]));
    return this.#rows;
  }

  /** What depends on what makes no difference. */
  #read(): Schema {
    this.#schema ??= makeSchema({
      server: this.#server,
      owner: this.#owner,
      rows: [...this.#takeApart().values()],
      dependencies: [],
    });
    return this.#schema;
  }
}

/** Takes snapshots. */
export class Camera {
  readonly #session: Pick<Session, "query" | "rollback">;
  readonly #server: number;
  readonly #owner: string;

  /**
   * @param session The session.
   * @param server The server's version.
   * @param owner The role that migrations run as.
   */
  constructor(session: Pick<Session, "query" | "rollback">, server: number, owner: string) {
    this.#session = session;
    this.#server = server;
    this.#owner = owner;
  }

  /**
   * Reads the schema as it is.
   *
   * @returns The snapshot.
   */
  async take(): Promise<Snapshot> {
    const [row] = await this.#execute().catch(async (error: unknown) => {
      if (!(error instanceof DatabaseError) || error.fields.sqlstate !== NO_SUCH_STATEMENT) throw error;
      await this.#session.rollback();
      // It is the first time, or a migration dropped it.
      await this.#session.query(inCatalog(`PREPARE ${STATEMENT} AS ${snapshotSql(this.#server)}`));
      return await this.#execute();
    });
    // Two snapshots of nothing would be equal.
    if (row?.objects === undefined) throw new Error("The catalog did not answer");
    return new Snapshot(`[${row.objects ?? ""}]`, this.#server, this.#owner);
  }

  async #execute(): Promise<readonly Row[]> {
    return await this.#session.query(inCatalog(`EXECUTE ${STATEMENT}`));
  }
}

/** All objects as one text, for most snapshots are only asked whether they are the same. */
function snapshotSql(server: number): string {
  return `SELECT pg_catalog.string_agg(o.object, ',') AS objects FROM (${catalogSql(server)}) AS o`;
}

function inCatalog(statement: string): string {
  return `BEGIN;\n${CATALOG_SETTINGS_SQL}${statement};\nCOMMIT`;
}
