/**
 * A database whose every session is looked at before it is used.
 *
 * @module
 */

import type { Connection, ConnectOptions, Database } from "../core/database.ts";
import { MigrationError } from "../core/error.ts";

/**
 * Refuses sessions of another database: what stands between may lead to one, as a pooler does that is told to.
 *
 * @param database The database.
 * @param name Its name, which no other has.
 * @returns The database, of which a session is one of that name.
 */
export function onlyNamed(database: Database, name: string): Database {
  return {
    ...database,
    async connect(options?: ConnectOptions): Promise<Connection> {
      // The first question is ours to ask.
      const { question: _, ...others } = options ?? {};
      const connection = await database.connect(others);
      try {
        await refuseOther(connection, name);
        return connection;
      } catch (error) {
        await connection.close();
        throw error;
      }
    },
  };
}

async function refuseOther(connection: Connection, name: string): Promise<void> {
  const [row] = await connection.query("SELECT pg_catalog.current_database() AS name");
  if (row?.name === name) return;
  throw new MigrationError("CONFIG", `Cannot rehearse: the connection leads to "${row?.name}", which is not ours`, {
    hint: "Name the server itself with --shadow-url, not a pooler (library: shadowUrl)",
  });
}
