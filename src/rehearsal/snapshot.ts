/**
 * The schema again and again, of one session.
 *
 * @module
 */

import type { Row } from "../core/database.ts";
import { DatabaseError } from "../core/database_error.ts";
import type { Session } from "../runner/session.ts";
import { catalogSql } from "../schema/catalog_sql.ts";
import { serverStateQueries } from "../schema/catalog/server_query.ts";
import { compareSchemas, type SchemaDifference } from "../schema/compare_schemas.ts";
import { type CatalogRow, makeSchema } from "../schema/make_schema.ts";
import { CATALOG_SETTINGS_SQL } from "../schema/read_schema.ts";
import { objectIdentity, type Schema } from "../schema/schema.ts";

/** To plan the query takes as long as to run it on a small schema. */
const STATEMENT = "metapg_snapshot";

const NO_SUCH_STATEMENT = "26000";

/** What snapshots of one session are seen with. */
interface Lens {
  /** The server's version. */
  readonly server: number;
  /** The role that migrations run as. */
  readonly owner: string;
  /** Tells roles that count. */
  readonly concerns: (role: string) => boolean;
  /** Roles that a rehearsal made because they were missing, as they were then. */
  readonly made: readonly CatalogRow[];
}

/** A schema as it was at one moment. What was read is taken apart only as far as it must be. */
export class Snapshot {
  readonly #text: string;
  readonly #lens: Lens;
  /** How many roles were made before it. Those that were made later are taken to have been there. */
  readonly #made: number;
  #rows: ReadonlyMap<string, CatalogRow> | undefined;
  #schema: Schema | undefined;

  /**
   * @param text What the catalogs say: a JSON array of rows, in any order.
   * @param lens What it is seen with.
   */
  constructor(text: string, lens: Lens) {
    this.#text = text;
    this.#lens = lens;
    this.#made = lens.made.length;
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

  /**
   * Finds a role.
   *
   * @param name Its name.
   * @returns What the catalog says of it; `undefined` if it is not there.
   */
  role(name: string): CatalogRow | undefined {
    return [...this.#takeApart().values()].find((row) => isRole(row) && row[4][0] === name);
  }

  #isSame(other: Snapshot): boolean {
    if (this.#text === other.#text && this.#made === other.#made) return true;
    const [rows, others] = [this.#all(), other.#all()];
    return rows.size === others.size && [...rows.keys()].every((row) => others.has(row));
  }

  #takeApart(): ReadonlyMap<string, CatalogRow> {
    this.#rows ??= byText(
      (JSON.parse(this.#text) as readonly CatalogRow[]).filter((row) =>
        !isRole(row) || this.#lens.concerns(row[4][0] ?? "")
      ),
    );
    return this.#rows;
  }

  #all(): ReadonlyMap<string, CatalogRow> {
    const later = this.#lens.made.slice(this.#made);
    return later.length === 0 ? this.#takeApart() : new Map([...this.#takeApart(), ...byText(later)]);
  }

  /** What depends on what makes no difference. */
  #read(): Schema {
    const isWhole = this.#made === this.#lens.made.length;
    const schema = isWhole ? this.#schema : undefined;
    const read = schema ?? makeSchema({ ...this.#lens, rows: [...this.#all().values()], dependencies: [] });
    if (isWhole) this.#schema = read;
    return read;
  }
}

function isRole([kind]: CatalogRow): boolean {
  return kind === "role";
}

function byText(rows: readonly CatalogRow[]): ReadonlyMap<string, CatalogRow> {
  return new Map(rows.map((row) => [JSON.stringify(row), row]));
}

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

  /**
   * Notes that a role was made because it was missing: no migration did it.
   *
   * @param name Its name.
   */
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
