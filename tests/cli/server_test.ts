import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import postgres from "postgres";
import { lockKey, parseHistoryTable } from "../../src/runner/history_table.ts";
import { query, withDatabase } from "../support/databases.ts";
import type { MemoryHost } from "../support/memory_host.ts";
import { isRunning, until } from "../support/until.ts";
import { type Call, type Project, project, steady } from "./project.ts";

const SLOW = { "migrations/default/001_slow.sql": "CREATE TABLE slow (id int);\nSELECT pg_sleep(60);\n" };

/** A project on a server. */
async function onServer(
  files: Readonly<Record<string, string>>,
  body: (made: Project, url: string, run: (...args: string[]) => Promise<Call>) => Promise<void>,
): Promise<void> {
  await withDatabase(async (url) => {
    const made = await project(files, []);
    await body(made, url, (...args) => made.runWith({ env: { DATABASE_URL: url } }, ...args));
  });
}

/** Holds the lock of migrations on a session of its own. */
async function whileLocked(url: string, body: () => Promise<void>): Promise<void> {
  const holder = postgres(url, { max: 1, onnotice: () => {}, connection: { application_name: "the holder" } });
  try {
    await holder.unsafe(`SELECT pg_advisory_lock(${await lockKey(parseHistoryTable())})`);
    await body();
  } finally {
    await holder.end({ timeout: 1 });
  }
}

for (const [signal, expected] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
  Deno.test(`main() cancels the statement, rolls back and exits with ${expected} on ${signal}`, async () => {
    await onServer(SLOW, async ({ runWith }, url) => {
      let host: MemoryHost | undefined;
      const call = runWith({ env: { DATABASE_URL: url }, onHost: (made) => host = made }, "up");
      await until(url, isRunning("pg_sleep(60)"));
      assertEquals(host!.signal(signal), true);
      host!.signal("SIGINT");
      const { code, err } = await call;
      assertEquals(code, expected);
      assertStringIncludes(
        err,
        `Cancelling (${signal})\nStill cleaning up: the running statement is being cancelled\n`,
      );
      assertMatch(err, /^Not applied: 001_slow \(nothing of it was kept\)$/m);
      assertEquals(host!.signal(signal), false);
      await until(url, "to_regclass('slow') IS NULL");
      assertEquals(
        await query(
          url,
          "SELECT count(*)::int AS n FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
        ),
        [{ n: 0 }],
      );
    });
  });
}

Deno.test("main() exits with 6 and names the holder if the lock cannot be had", async () => {
  await onServer({ "migrations/default/001_a.sql": "SELECT 1;\n" }, async (_, url, run) => {
    await whileLocked(url, async () => {
      const { code, err } = await run("up", "--lock-wait", "0");
      assertEquals(code, 6);
      assertMatch(err, /^Error: Cannot get the lock.*pid \d+.*the holder/);
      const status = await run("lock", "status");
      assertMatch(status.out, /^The lock is held by pid \d+ \(user \w+, application the holder/);
    });
    assertEquals((await run("up", "--lock-wait", "0")).code, 0);
  });
});

Deno.test("main() runs under a lease with --lock lease, and under the lock of its session without", async () => {
  await onServer({ "migrations/default/001_a.sql": "SELECT 1;\n" }, async (made, url, run) => {
    const lease = () => query(url, "SELECT to_regclass('metapg_migrations_lease') IS NOT NULL AS there");
    assertEquals((await run("up")).code, 0);
    assertEquals(await lease(), [{ there: false }]);
    made.files["migrations/default/002_b.sql"] = "SELECT 2;\n";
    assertEquals((await run("up", "--lock", "lease")).code, 0);
    assertEquals(await lease(), [{ there: true }]);
  });
});

Deno.test("main() up says who is in the way: with each try, and when the tries are spent", async () => {
  const alter = "-- Lock-Timeout: 1s\nALTER TABLE busy ADD COLUMN name text;\n";
  const index = "-- Transaction: none\n-- Lock-Timeout: 1s\nCREATE INDEX CONCURRENTLY i ON busy (id);\n";
  for (
    const [text, expected, remains] of [[alter, 4, "nothing of it was kept"], [
      index,
      5,
      "what ran of it stays",
    ]] as const
  ) {
    await onServer({ "migrations/default/001_busy.sql": text }, async (_, url, run) => {
      await query(url, "CREATE TABLE busy (id int)");
      const report = postgres(url, { max: 1, onnotice: () => {}, connection: { application_name: "a report" } });
      try {
        await report.unsafe("BEGIN; INSERT INTO busy VALUES (1)").simple();
        const { code, err } = await run("up", "--lock-retries", "1");
        assertEquals(code, expected);
        const who = String.raw`pid \d+ \(user \w+, application a report`;
        assertMatch(
          err,
          new RegExp(
            `^… 001_busy: .*lock timeout, blocked by ${who}\\): BEGIN; INSERT INTO busy .*; trying again in .* \\(try 2\\)$`,
            "m",
          ),
        );
        assertMatch(
          err,
          new RegExp(
            `^Next: Blocked by ${who}.*: run it again when that is done, or give it more time \\(Lock-Timeout in its header, else --lock-timeout\\)$`,
            "m",
          ),
        );
        assertStringIncludes(err, `Not applied: 001_busy (${remains})\n`);
        await report.unsafe("COMMIT");
        assertEquals((await run("up")).code, 0);
      } finally {
        await report.end({ timeout: 1 });
      }
    });
  }
});

Deno.test("main() lock release ends the session that holds the lock, after asking", async () => {
  await onServer({}, async ({ runWith }, url, run) => {
    await whileLocked(url, async () => {
      assertEquals((await run("lock", "release")).code, 2);
      const env = { DATABASE_URL: url, TERM: "dumb" };
      const { code, out, err } = await runWith({ env, terminal: true, answers: ["yes"] }, "lock", "release");
      assertEquals(code, 0);
      assertMatch(err, /^This would:\n {2}default: end the session pid \d+/);
      assertMatch(out, /^Ended the session pid \d+\n$/);
      assertEquals((await run("lock", "status")).out, "The lock is free\n");
    });
  });
});

Deno.test("main() up, status and down work on a server by URL", async () => {
  const files = {
    "migrations/default/001_a.sql": "CREATE TABLE a (id int);\n-- ROLLBACK\nDROP TABLE a;\n",
    "migrations/default/002_index.sql":
      "-- Transaction: none\nCREATE INDEX CONCURRENTLY a_id ON a (id);\n-- ROLLBACK\nDROP INDEX CONCURRENTLY a_id;\n",
  };
  await onServer(files, async (_, url, run) => {
    const up = await run("up", "-u", url);
    assertEquals([up.code, steady(up.out)], [0, "Applied 2 migrations in  T ms\n"]);
    assertMatch((await run("status")).out, /^default: 2 applied, 0 pending\n/);
    assertEquals((await run("down", "2", "-y")).code, 0);
    assertEquals((await run("wait")).code, 0);
    assertEquals(await query(url, "SELECT count(*)::int AS n FROM metapg_migrations"), [{ n: 0 }]);
  });
});

Deno.test("main() exits with 3 for a database that is not there, and names it", async () => {
  await onServer({ "migrations/default/001_a.sql": "SELECT 1;\n" }, async (_, url, run) => {
    const other = new URL(url);
    other.pathname = "/nowhere";
    const { code, err } = await run("up", "-u", other.href);
    assertEquals(code, 3);
    assertMatch(err, /^Error: .*nowhere.*\n$/);
    assertEquals(err.includes(decodeURIComponent(other.password)), false);
  });
});
