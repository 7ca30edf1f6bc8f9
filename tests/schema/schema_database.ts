/**
 * Databases to read schemas from, on every engine.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import type { PGlite } from "@electric-sql/pglite";
import postgres from "postgres";
import { pgliteDatabase } from "../../src/database/pglite.ts";
import { postgresDatabase } from "../../src/database/postgres.ts";
import { formatDifferences } from "../../src/report/schema_differences.ts";
import { plainStyle } from "../../src/report/style.ts";
import { compareSchemas } from "../../src/schema/compare_schemas.ts";
import { readSchema, type ReadSchemaOptions } from "../../src/schema/read_schema.ts";
import type { Schema } from "../../src/schema/schema.ts";
import { schemaSql } from "../../src/schema/schema_sql.ts";
import type { Major } from "../support/binaries.ts";
import { withDatabase } from "../support/databases.ts";
import { startPglite } from "../support/pglite.ts";

/** A new, empty database. */
export interface SchemaDatabase {
  /** Where it is; empty for PGlite. */
  readonly url: string;
  /** Sends one message. */
  send(sql: string): Promise<void>;
  /** Reads its schema. */
  read(options?: ReadSchemaOptions): Promise<Schema>;
}

/** Runs a test with a database of a server. */
export function onServer<T>(major: Major, body: (database: SchemaDatabase) => Promise<T>): Promise<T> {
  return withDatabase(async (url) => {
    const client = postgres(url, { max: 2, onnotice: () => {} });
    try {
      const database = postgresDatabase(client);
      return await body({
        url,
        send: async (sql) => void await client.unsafe(sql).simple(),
        read: async (options) => {
          const connection = await database.connect();
          try {
            return await readSchema(connection, options);
          } finally {
            await connection.close();
          }
        },
      });
    } finally {
      await client.end({ timeout: 1 });
    }
  }, { major });
}

/** Makes a database in memory. */
export async function embeddedDatabase(): Promise<SchemaDatabase & { readonly instance: PGlite }> {
  const instance = await startPglite();
  const database = pgliteDatabase(instance);
  return {
    url: "",
    instance,
    send: async (sql) => void await instance.exec(sql),
    read: async (options) => {
      const connection = await database.connect();
      try {
        return await readSchema(connection, options);
      } finally {
        await connection.close();
      }
    },
  };
}

/** Where two schemas differ, as a person would read it; empty if nowhere. */
export function differences(before: Schema, after: Schema): string {
  return formatDifferences(compareSchemas(before, after), plainStyle).join("\n");
}

/** Makes the schema of one database in another, where it must come out equal; returns its SQL. */
export async function rebuild(first: SchemaDatabase, second: SchemaDatabase): Promise<string> {
  const schema = await first.read();
  const sql = schemaSql(schema);
  await second.send(sql);
  const again = await second.read();
  assertEquals(differences(schema, again), "");
  assertEquals(schemaSql(again), sql);
  return sql;
}
