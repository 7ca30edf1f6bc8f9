// A program that uses the installed package where no driver is, and no types but those of the language and of a browser
// or of Node.js.

import { MigrationError, type MigrationEvent, MigrationRunner } from "@metapg/migration";
import { runCli } from "@metapg/migration/cli";
import { Migration } from "@metapg/migration/core";
import { pgDatabase, type PgPoolLike } from "@metapg/migration/pg";
import { pgliteDatabase, type PgliteLike } from "@metapg/migration/pglite";
import { type PostgresClientLike, postgresDatabase } from "@metapg/migration/postgres";

/** Clients are taken by what they do, so that nobody needs the types of a driver. */
export function runners(pool: PgPoolLike, client: PostgresClientLike, pglite: PgliteLike): readonly MigrationRunner[] {
  return [pgDatabase(pool), postgresDatabase(client), pgliteDatabase(pglite)].map((database) =>
    new MigrationRunner({ database, onEvent: (event: MigrationEvent) => void event.at, signal: AbortSignal.abort() })
  );
}

/** What a core without drivers can do. */
export async function version(): Promise<number> {
  const migration = await Migration.parse("002_x.sql", "SELECT 1;");
  if (migration.dependencies.length > 0) throw new MigrationError("USAGE", "Cannot have dependencies");
  return migration.version;
}

export const program: () => Promise<void> = runCli;
