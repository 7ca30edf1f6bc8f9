/**
 * The schema again and again, of one session.
 *
 * @module
 */

import type { Row } from "../core/database.ts";
import { DatabaseError } from "../core/database_error.ts";
import { quoteLiteral } from "../core/quote.ts";
import type { Session } from "../runner/session.ts";
import { catalogSql } from "../schema/catalog_sql.ts";
import { compareSchemas, type SchemaDifference } from "../schema/compare_schemas.ts";
import { type CatalogRow, makeSchema } from "../schema/make_schema.ts";
import { SETTINGS } from "../schema/read_schema.ts";
import type { Schema } from "../schema/schema.ts";

/** To plan the query takes as long as to run it on a small schema. */
const STATEMENT = "metapg_snapshot";

const NO_SUCH_STATEMENT = "26000";

/** A schema as it was at one moment. What was read is looked at only where it must be. */
export class Snapshot {
  readonly #rows: ReadonlySet<string>;
  readonly #server: number;
  readonly #owner: string;
  #schema: Schema | undefined;

  /**
   * @param rows What the catalogs say, a JSON text for each object.
   * @param server The server's version.
   * @param owner The role that migrations run as.
   */
  constructor(rows: readonly string[], server: number, owner: string) {
    this.#rows = new Set(rows);
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
    return this.#rows.size === other.#rows.size && [...this.#rows].every((row) => other.#rows.has(row));
  }

  /** What depends on what makes no difference. */
  #read(): Schema {
    this.#schema ??= makeSchema({
      server: this.#server,
      owner: this.#owner,
      rows: [...this.#rows].map((row) => JSON.parse(row) as CatalogRow),
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
    const rows = await this.#execute().catch(async (error: unknown) => {
      if (!(error instanceof DatabaseError) || error.fields.sqlstate !== NO_SUCH_STATEMENT) throw error;
      await this.#session.rollback();
      // It is the first time, or a migration dropped it.
      await this.#session.query(inCatalog(`PREPARE ${STATEMENT} AS ${catalogSql(this.#server)}`));
      return await this.#execute();
    });
    return new Snapshot(rows.map(({ object }) => String(object)), this.#server, this.#owner);
  }

  async #execute(): Promise<readonly Row[]> {
    return await this.#session.query(inCatalog(`EXECUTE ${STATEMENT}`));
  }
}

function inCatalog(statement: string): string {
  const settings = Object.entries(SETTINGS).map(([name, value]) =>
    `SET LOCAL ${name} TO ${name === "search_path" ? value : quoteLiteral(value)};`
  );
  return `BEGIN;\n${settings.join("\n")}\n${statement};\nCOMMIT`;
}
