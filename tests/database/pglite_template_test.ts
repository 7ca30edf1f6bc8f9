import { assert, assertEquals } from "@std/assert";
import { mkdir, readdir, stat, writeFile } from "node:fs/promises";
import type { Connection, Row } from "../../src/core/database.ts";
import type { DatabaseCache } from "../../src/core/platform.ts";
import { openDatabase } from "../../src/database/open.ts";
import { readTemplate } from "../../src/database/pglite_template.ts";
import { databasePlatform } from "../../src/runtime/platform.ts";
import { withFolder } from "../support/folder.ts";

/** A cache in memory that tells what was done with it. */
class MemoryCache implements DatabaseCache {
  readonly files = new Map<string, Uint8Array>();
  readonly calls: string[] = [];

  read(name: string): Promise<Uint8Array | undefined> {
    const content = this.files.get(name);
    this.calls.push(content === undefined ? "none" : "read");
    return Promise.resolve(content);
  }

  mayWrite(): boolean {
    return true;
  }

  write(name: string, content: Uint8Array): Promise<void> {
    this.calls.push("write");
    this.files.set(name, content);
    return Promise.resolve();
  }

  remove(name: string): Promise<void> {
    this.calls.push("remove");
    this.files.delete(name);
    return Promise.resolve();
  }

  /** The one file that there is. */
  get content(): Uint8Array {
    assertEquals(this.files.size, 1);
    return [...this.files.values()][0]!;
  }

  set content(content: Uint8Array) {
    for (const name of this.files.keys()) this.files.set(name, content);
  }
}

const platform = databasePlatform(() => undefined);

/** Opens and closes a database over a cache. */
async function within<T>(cache: DatabaseCache, url: string, body: (connection: Connection) => Promise<T>): Promise<T> {
  const database = openDatabase(url, { platform: { ...platform, cache } });
  const connection = await database.connect();
  try {
    return await body(connection);
  } finally {
    await connection.close();
    await database.close();
  }
}

/** Everything that the catalogs and the settings say. */
async function contents(connection: Connection): Promise<Record<string, Row | undefined>> {
  const all: Record<string, Row | undefined> = {};
  const tables = await connection.query(
    "SELECT relname AS name FROM pg_class WHERE relnamespace = 'pg_catalog'::regnamespace AND relkind = 'r' ORDER BY 1",
  );
  const sources = [
    ...tables.map(({ name }) => `pg_catalog.${name}`),
    "(SELECT name, setting, unit, source, boot_val, reset_val FROM pg_settings)",
    "(SELECT catalog_version_no, pg_control_version FROM pg_control_system())",
    "(SELECT * FROM pg_control_init())",
    "(SELECT name, setting FROM pg_config())",
    "(SELECT pg_current_xact_id_if_assigned() AS xid, current_database(), current_user, session_user)",
  ];
  for (const source of sources) {
    const [row] = await connection.query(
      `SELECT count(*)::text AS count, md5(coalesce(string_agg(t::text, E'\\n' ORDER BY t::text), '')) AS rows FROM ${source} t`,
    );
    all[source] = row;
  }
  return all;
}

/** A cache with the template of a database that was made for it; what that database holds. */
async function prepared(url = "pglite:"): Promise<{ readonly cache: MemoryCache; readonly fresh: unknown }> {
  const cache = new MemoryCache();
  const fresh = await within(cache, url, async (connection) => {
    const all = await contents(connection);
    await connection.query("CREATE TABLE left_behind (a int)");
    return all;
  });
  assertEquals(cache.calls, ["none", "write"]);
  return { cache, fresh };
}

const shared = prepared();

function copy(cache: MemoryCache): MemoryCache {
  const other = new MemoryCache();
  for (const [name, content] of cache.files) other.files.set(name, content);
  return other;
}

Deno.test("openDatabase() makes a PGlite database from a template that is equal to a new one", async () => {
  const { cache: first, fresh } = await shared;
  const cache = copy(first);
  const again = await within(cache, "pglite:", contents);
  assertEquals(cache.calls, ["read"]);
  assert(Object.keys(again).length > 60);
  assertEquals(again, fresh);
});

Deno.test("openDatabase() makes a PGlite folder from a template, and opens one that is there without it", () =>
  withFolder(async (above) => {
    const { cache: first, fresh } = await shared;
    const cache = copy(first);
    const url = `pglite:${above}/data`;
    await mkdir(`${above}/data`);
    const made = await within(cache, url, async (connection) => {
      const all = await contents(connection);
      await connection.query("CREATE TABLE kept (a int)");
      return all;
    });
    assertEquals([made, cache.calls], [fresh, ["read"]]);
    const rows = await within(cache, url, (connection) => connection.query("SELECT to_regclass('kept')::text AS kept"));
    assertEquals([rows, cache.calls], [[{ kept: "kept" }], ["read"]]);
  }));

Deno.test("openDatabase() uses no template in a folder that holds something", () =>
  withFolder(async (above) => {
    const cache = copy((await shared).cache);
    await mkdir(`${above}/data`);
    await writeFile(`${above}/data/mine`, "mine");
    await within(cache, `pglite:${above}/data`, () => Promise.resolve()).catch(() => {});
    assertEquals([cache.calls, (await stat(`${above}/data/mine`)).size], [[], 4]);
  }));

Deno.test("readTemplate() drops what is damaged", async () => {
  const { cache: first } = await shared;
  const flipped = new Uint8Array(first.content);
  flipped[flipped.length - 1_000]! ^= 1;
  for (const content of [flipped, first.content.slice(0, -1), first.content.slice(200), new Uint8Array()]) {
    const cache = copy(first);
    cache.content = content;
    assertEquals(await readTemplate(cache, [...cache.files.keys()][0]!), undefined);
    assertEquals([cache.calls, cache.files.size], [["read", "remove"], 0]);
  }
});

Deno.test("openDatabase() leaves nothing of a PGlite template that another release made", () =>
  withFolder(async (above) => {
    const { cache: first, fresh } = await shared;
    const cache = copy(first);
    // The head is a line of text before the archive: its length need not stay.
    const end = cache.content.indexOf(10);
    const head = new TextDecoder().decode(cache.content.subarray(0, end)).replace(/PGlite [\d.]+/, "PGlite 0.0.1");
    cache.content = new Uint8Array([...new TextEncoder().encode(head), ...cache.content.subarray(end)]);
    assertEquals(await within(cache, `pglite:${above}/data`, contents), fresh);
    assertEquals(cache.calls, ["read", "remove"]);
    assertEquals((await readdir(above)).toSorted(), ["data"]);
  }));
