import { assertEquals, assertRejects } from "@std/assert";
import { MigrationError } from "../../src/core/error.ts";
import { parseHistoryTable } from "../../src/runner/history_table.ts";
import { readServerState, warnOfServer } from "../../src/runner/server.ts";
import type { Session } from "../../src/runner/session.ts";

/** What a server of this kind would answer; none of these can be had here. */
function answering(version: string, versionNumber: number): Pick<Session, "query"> {
  const probe = {
    pid: 1,
    version,
    versionNumber,
    database: "app",
    user: "me",
    readOnly: false,
    schema: true,
    relation: null,
    log: null,
    comment: null,
  };
  return { query: () => Promise.resolve([{ value: JSON.stringify(probe) }]) };
}

const table = parseHistoryTable();

const OTHERS: readonly (readonly [string, string])[] = [
  ["CockroachDB CCL v24.1.0 (x86_64-pc-linux-gnu)", "CockroachDB"],
  ["PostgreSQL 15.2-YB-2.25.0.0-b0 on x86_64-pc-linux-gnu", "YugabyteDB"],
  ["PostgreSQL 8.0.2 on i686-pc-linux-gnu, Redshift 1.0.1", "Amazon Redshift"],
  ["PostgreSQL 9.5.0 on x86_64-unknown-linux-gnu (Materialize 0.1)", "Materialize"],
  ["PostgreSQL 13.14.0-RisingWave-2.0.0", "RisingWave"],
  ["PostgreSQL 12.12 (Greenplum Database 7.0.0) on x86_64", "Greenplum"],
];

for (const [version, engine] of OTHERS) {
  Deno.test(`readServerState() refuses ${engine}`, async () => {
    const error = await assertRejects(() => readServerState(answering(version, 150_000), table), MigrationError);
    assertEquals([error.code, error.message], ["CONFIG", `Cannot migrate ${engine}: only PostgreSQL is supported`]);
  });
}

Deno.test("readServerState() refuses what does not call itself PostgreSQL, and what is too old", async () => {
  const odd = await assertRejects(() => readServerState(answering("OddDB 1", 150_000), table), MigrationError);
  assertEquals(odd.message, 'Cannot migrate "OddDB 1": only PostgreSQL is supported');
  const old = await assertRejects(() => readServerState(answering("PostgreSQL 13.9", 130_009), table), MigrationError);
  assertEquals(old.message, "Cannot migrate PostgreSQL 13: version 14 or newer is needed");
});

Deno.test("warnOfServer() warns of a version that is newer than those tested", async () => {
  const newer = await readServerState(answering("PostgreSQL 19.0", 190_000), table);
  assertEquals(warnOfServer(newer).map((problem) => problem.message), [
    "PostgreSQL 19 is newer than version 18, the newest one tested",
  ]);
  assertEquals(warnOfServer(await readServerState(answering("PostgreSQL 18.4", 180_004), table)), []);
});
