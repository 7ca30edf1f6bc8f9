/**
 * Takes snapshots of the schema, again and again in one session.
 *
 * @module
 */

import type { Row } from "../core/database.ts";
import { DatabaseError } from "../core/database_error.ts";
import type { Session } from "../runner/session.ts";
import { serverStateQueries } from "../schema/catalog/server_query.ts";
import { catalogSql } from "../schema/catalog_sql.ts";
import type { CatalogRow } from "../schema/make_schema.ts";
import { CATALOG_SETTINGS_SQL } from "../schema/read_schema.ts";
import { objectIdentity } from "../schema/schema.ts";
import { type Lens, Snapshot } from "./snapshot.ts";

/** To plan the query takes as long as to run it on a small schema. */
const STATEMENT = "metapg_snapshot";

const NO_SUCH_STATEMENT = "26000";

/** What a {@linkcode Camera} looks at. */
export interface Subject {
  /** The server's version. */
  readonly server: number;
  /** The role that migrations run as. */
  readonly owner: string;
  /** `all` if roles and settings of the server are the rehearsal's own, too; else the older roles that may be looked at. */
  readonly roles: "all" | readonly string[];
  /** Tells roles that count among those that others make. */
  readonly concerns: (role: string) => boolean;
}

/** Takes snapshots. */
export class Camera {
  readonly #session: Pick<Session, "query" | "rollback">;
  readonly #sql: string;
  readonly #made: CatalogRow[] = [];
  readonly #lens: Lens;

  /**
   * @param session The session.
   * @param subject What is looked at.
   */
  constructor(session: Pick<Session, "query" | "rollback">, { server, owner, roles, concerns }: Subject) {
    this.#session = session;
    this.#sql = snapshotSql(server, roles);
    this.#lens = { server, owner, made: this.#made, concerns: roles === "all" ? () => true : concerns };
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
      await this.#session.query(inCatalog(`PREPARE ${STATEMENT} AS ${this.#sql}`));
      return await this.#execute();
    });
    // Two snapshots of nothing would be equal.
    if (row?.objects === undefined) throw new Error("The catalog did not answer");
    return new Snapshot(`[${row.objects ?? ""}]`, this.#lens);
  }

  /**
   * Tells roles that were made because they were missing.
   *
   * @param identity Such a role, as people read it.
   */
  isUnknown(identity: string): boolean {
    return this.#made.some(([, , , , name]) => objectIdentity({ name }) === identity);
  }

  /** Notes that a role was made because it was missing: no migration did it. */
  async noteRole(name: string): Promise<void> {
    const role = (await this.take()).role(name);
    if (role !== undefined) this.#made.push(role);
  }

  async #execute(): Promise<readonly Row[]> {
    return await this.#session.query(inCatalog(`EXECUTE ${STATEMENT}`));
  }
}

/** All objects as one text, for most snapshots are only asked whether they are the same. */
function snapshotSql(server: number, roles: Subject["roles"]): string {
  const objects = catalogSql(server, serverStateQueries(roles));
  return `SELECT pg_catalog.string_agg(o.object, ',') AS objects FROM (${objects}) AS o`;
}

function inCatalog(statement: string): string {
  return `BEGIN;\n${CATALOG_SETTINGS_SQL}${statement};\nCOMMIT`;
}
