/**
 * The servers that contenders work on: the same PostgreSQL with the same settings, once with its data on disk and once in
 * memory.
 *
 * @module
 */

import { tryCapture } from "../scripts/capture.ts";
import { query } from "../tests/support/databases.ts";
import { freeBytes, startServer, type TestServer } from "../tests/support/server.ts";
import type { Major } from "../tests/support/binaries.ts";
import { TABLE_PREFIX } from "./generated_sql.ts";
import type { CommitMode, Storage } from "./results.ts";

/** The account that contenders work as: no superuser, and a name and a password that every tool can write in its own way. */
const ACCOUNT = "bench";

/** Folders for a server's data. `/tmp` is memory on some systems. */
const PARENTS: Readonly<Record<Storage, string>> = { memory: "/dev/shm", disk: "/var/tmp" };

/** What the largest workload and its log need; a container may have given less to `/dev/shm`. */
const NEEDED_BYTES = 3e9;

/** A database that a contender works on. */
export interface BenchDatabase {
  readonly name: string;
  /** Its URL for a contender. */
  readonly url: string;
}

/** A running server. */
export interface BenchServer {
  readonly storage: Storage;
  /** Its version. */
  readonly version: string;
  /** The file system of its data. */
  readonly fileSystem: string;
  /** Its port on 127.0.0.1. */
  readonly port: number;
  /** Makes a database; `from` is one whose copy it is. The log is written out, so that no run pays for the one before it. */
  create(name: string, commit: CommitMode, from?: BenchDatabase): Promise<BenchDatabase>;
  /** Drops a database, whoever is in it. */
  drop(database: BenchDatabase): Promise<void>;
  /** How many tables of the generated migrations are there. */
  countTables(database: BenchDatabase): Promise<number>;
  /** How many transactions were ever committed in it. */
  countCommits(database: BenchDatabase): Promise<number>;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

/**
 * Starts a server.
 *
 * @param storage Where its data is.
 * @param major Major version; without it, the newest that is installed.
 * @returns It.
 * @throws An error that says why there can be none.
 */
export async function startBenchServer(storage: Storage, major?: Major): Promise<BenchServer> {
  const parent = PARENTS[storage];
  if (storage === "memory" && await freeBytes(parent) < NEEDED_BYTES) {
    throw new Error(`${parent} has not ${NEEDED_BYTES / 1e9} GB to spare, or is not there`);
  }
  const server = await startServer({
    ...(major === undefined ? {} : { major }),
    share: "own",
    parent,
    // The rest is as PostgreSQL comes, but for what the tests' servers need, which costs nothing here.
    settings: { fsync: "on", track_activity_query_size: "1kB" },
  });
  try {
    await query(server.url, `CREATE ROLE ${ACCOUNT} LOGIN PASSWORD '${ACCOUNT}'`);
    const [row] = await query(server.url, "SHOW server_version");
    return describe(server, {
      storage,
      fileSystem: `${parent}, ${await fileSystemOf(parent)}`,
      version: String(row?.server_version),
    });
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** What `df` of Linux says of a folder. */
async function fileSystemOf(folder: string): Promise<string> {
  const { stdout } = await tryCapture("df", ["-PT", folder]);
  const [, kind = "unknown"] = stdout.trim().split("\n").at(-1)!.split(/\s+/);
  return kind;
}

function describe(
  server: TestServer,
  facts: { readonly storage: Storage; readonly fileSystem: string; readonly version: string },
): BenchServer {
  const inside = (name: string) => {
    const url = new URL(server.url);
    url.pathname = `/${name}`;
    return url.href;
  };
  const number = async (url: string, sql: string) => Number((await query(url, sql))[0]?.n);
  return {
    ...facts,
    port: server.port,
    async create(name, commit, from) {
      await query(server.url, `CREATE DATABASE ${name} OWNER ${ACCOUNT} TEMPLATE ${from?.name ?? "template0"}`);
      // Not every tool reads PGOPTIONS; this reaches all of them.
      if (commit === "async") await query(server.url, `ALTER DATABASE ${name} SET synchronous_commit = off`);
      await query(server.url, "CHECKPOINT");
      return { name, url: `postgres://${ACCOUNT}:${ACCOUNT}@127.0.0.1:${server.port}/${name}?sslmode=disable` };
    },
    async drop(database) {
      await query(server.url, `DROP DATABASE IF EXISTS ${database.name} WITH (FORCE)`);
    },
    countTables: (database) =>
      number(
        inside(database.name),
        `SELECT count(*) AS n FROM pg_catalog.pg_class WHERE relkind = 'r' AND relname LIKE '${TABLE_PREFIX}_____'`,
      ),
    countCommits: (database) =>
      number(server.url, `SELECT xact_commit AS n FROM pg_catalog.pg_stat_database WHERE datname = '${database.name}'`),
    stop: () => server.stop(),
  };
}
