import { assertEquals } from "@std/assert";
import { plainStyle } from "../../src/report/style.ts";
import { formatTrace, traceFields } from "../../src/report/trace.ts";
import { withComments } from "../../src/report/trace_comments.ts";
import { describeBlocked, describeLength } from "../../src/report/trace_words.ts";
import { blockedBy, LOCK_MODES, type LockMode } from "../../src/trace/lock_mode.ts";
import type { MigrationTrace, StatementTrace, Trace, TracedLock, TracedWork } from "../../src/trace/trace.ts";

function lock(object: string, mode: LockMode, fields: Partial<TracedLock> = {}): TracedLock {
  return { object, kind: "table", table: null, mode, blocks: blockedBy([mode]), line: 1, ...fields };
}

function statement(fields: Partial<StatementTrace>): StatementTrace {
  return {
    line: 1,
    column: 1,
    sql: "SELECT 1",
    source: "observed",
    locks: [],
    held: [],
    rowLocks: [],
    exempt: [],
    work: [],
    duration: "instant",
    danger: "none",
    truncated: [],
    unchecked: [],
    note: null,
    ...fields,
  };
}

function migration(statements: readonly StatementTrace[], fields: Partial<MigrationTrace> = {}): MigrationTrace {
  return { name: "002_a", direction: "up", transaction: "single", path: "m/002_a.sql", statements, ...fields };
}

const USERS = lock("public.users", "ACCESS EXCLUSIVE");
const INDEX = lock("public.users_pkey", "ACCESS EXCLUSIVE", { kind: "index", table: "public.users" });

Deno.test("describeBlocked() says what hurts most of each mode", () => {
  assertEquals(LOCK_MODES.map((mode) => describeBlocked(blockedBy([mode]))), [
    "schema changes",
    "schema changes",
    "index builds and schema changes",
    "VACUUM and schema changes",
    "writes",
    "writes",
    "writes and FOR UPDATE",
    "reads and writes",
  ]);
});

Deno.test("describeLength() says what is done, and what that grows with", () => {
  const key: TracedWork = { type: "foreign-key", table: "public.posts", references: "public.users", constraint: "k" };
  const said = (...work: TracedWork[]) => describeLength(USERS, statement({ work, duration: "size" }));
  assertEquals(
    said({ type: "rewrite", table: "public.users", indexes: ["a", "b"] }),
    "while it is written anew with 2 indexes: grows with its size",
  );
  assertEquals(
    said({ type: "scan", table: "public.users", constraints: ["c"] }),
    "while every row is read for c: grows with its size",
  );
  assertEquals(said(key), "while every row of public.posts is looked up in it: grows with the size of public.posts");
  assertEquals(
    describeLength(lock("public.posts", "SHARE ROW EXCLUSIVE"), statement({ work: [key], duration: "size" })),
    "while every row is looked up in public.users: grows with its size",
  );
  assertEquals(
    said({ type: "index-build", table: "public.orders", index: "public.i" }),
    "while index public.i is built: grows with the size of public.orders",
  );
  assertEquals(
    said({ type: "index-rebuild", table: "public.users", index: "" }),
    "while its indexes are built anew: grows with its size",
  );
  assertEquals(
    said({ type: "refresh", table: "public.users", reads: ["public.a", "public.b"] }),
    "while it is filled: grows with what its query reads of public.a, public.b",
  );
  assertEquals(said({ type: "fill", reads: [] }), "while what it makes is filled: grows with what its query reads");
  assertEquals(
    said({ type: "sample", table: "public.users" }),
    "while some rows of it are read: as many as the statistics target asks for, whatever its size",
  );
  assertEquals(
    said(key, { type: "rewrite", table: "public.users", indexes: [] }),
    "while it is written anew and every row of public.posts is looked up in it: grows with the size of public.users, public.posts",
  );
  assertEquals(
    said({ type: "rows", tables: ["public.users"], reads: [] }),
    "while rows are read and changed: grows with how many",
  );
  assertEquals(
    said({ type: "rows", tables: ["public.users"], reads: ["public.a"] }),
    "while rows are read and changed: grows with how many, and with what is read of public.a",
  );
  assertEquals(describeLength(USERS, statement({})), "an instant, once it has the lock");
  assertEquals(describeLength(USERS, statement({ truncated: ["public.users"] })), "an instant: it is emptied");
  assertEquals(describeLength(USERS, statement({ source: "manual" })), "an instant, after a wait");
});

Deno.test("formatTrace() prints each statement with its place, its locks and the worst of them", () => {
  const rewrite = statement({
    line: 3,
    sql: "ALTER TABLE users\n  ALTER id TYPE bigint",
    locks: [
      { ...USERS, line: 3 },
      { ...INDEX, line: 3 },
      lock("public.seen", "ACCESS SHARE", { kind: "view", line: 3 }),
    ],
    held: [lock("public.posts", "SHARE")],
    work: [{ type: "rewrite", table: "public.users", indexes: ["public.users_pkey"] }],
    duration: "size",
    danger: "high",
  });
  const trace: Trace = {
    migrations: [
      migration([
        statement({ exempt: ["public.posts"] }),
        rewrite,
        statement({ line: 5, held: [USERS], unchecked: ["c"] }),
      ]),
      migration(
        [statement({ line: 2, sql: "CALL p()", source: "unknown", duration: "unknown", note: "Nobody knows" })],
        {
          name: "003_b",
          path: "m/003_b.sql",
          direction: "down",
          transaction: "none",
        },
      ),
    ],
    worst: { name: "002_a", path: "m/002_a.sql", line: 3, danger: "high", lock: USERS, statement: rewrite },
    objects: [{
      object: "public.users",
      bytes: 12 * 1024 ** 3,
      rows: 31_000_000,
      holders: [{
        pid: 7,
        user: "bob",
        application: null,
        host: null,
        since: null,
        query: "SELECT 1",
        modes: ["ACCESS SHARE"],
        keepsWaiting: ["ACCESS EXCLUSIVE"],
        transactionSince: null,
        transactionMs: 185_000,
      }],
    }],
  };
  assertEquals(
    formatTrace("shop", trace, plainStyle).join("\n"),
    `shop: 2 migrations traced

002_a (one transaction)

  m/002_a.sql:1  SELECT 1
    locks nothing that was there before: the migration made public.posts

  m/002_a.sql:3  ALTER TABLE users ALTER id TYPE bigint
    OBJECT        LOCK                BLOCKS            SIZE                     FOR HOW LONG
    public.users  ACCESS EXCLUSIVE    reads and writes  12 GB, ~31,000,000 rows  while it is written anew with 1 index: grows with its size
    public.posts  SHARE since line 1  writes            not there yet            while public.users is written anew with 1 index: grows with the size of public.users
    only schema changes wait for public.seen (view)
    now held public.users: pid 7 (user bob, query SELECT 1) has ACCESS SHARE, its transaction is open for 3 m 5 s

  m/002_a.sql:5  SELECT 1
    no further lock; those from before stay
    c: rows that are there are not checked (NOT VALID)

rollback of 003_b (outside a transaction)

  m/003_b.sql:2  CALL p()
    its locks are not known
    Nobody knows

Most dangerous: m/002_a.sql:3 blocks reads and writes of public.users while it is written anew with 1 index: grows with its size
Not known: m/003_b.sql:2`,
  );
  assertEquals(traceFields(trace).worst, {
    name: "002_a",
    path: "m/002_a.sql",
    line: 3,
    danger: "high",
    object: "public.users",
    mode: "ACCESS EXCLUSIVE",
  });
});

Deno.test("formatTrace() says that there is nothing to trace, and where there is no danger", () => {
  const last = (trace: Trace) => formatTrace("shop", trace, plainStyle).at(-1);
  assertEquals(last({ migrations: [], worst: undefined }), "shop: nothing to trace");
  const quiet = migration([statement({ note: null })]);
  assertEquals(
    last({ migrations: [quiet], worst: undefined }),
    "No danger seen: nothing is locked that was there before",
  );
  const worst = { name: "a", path: "a.sql", line: 1, danger: "low", lock: USERS, statement: statement({}) } as const;
  assertEquals(last({ migrations: [quiet], worst }), "No danger seen: neither reads nor writes have to wait");
});

Deno.test("formatTrace() prints many statements that do the same as one", () => {
  const insert = (line: number) => statement({ line, sql: `INSERT INTO t VALUES (${line})` });
  const print = (count: number) => {
    const inserts = Array.from({ length: count }, (_, index) => insert(index + 2));
    const statements = [statement({ exempt: ["t"] }), ...inserts, statement({ line: 99, unchecked: ["c"] })];
    return formatTrace("shop", { migrations: [migration(statements)], worst: undefined }, plainStyle);
  };
  assertEquals(print(3).filter((line) => line.includes("INSERT")).length, 3);
  assertEquals(print(40).slice(6, 11), [
    "",
    "  m/002_a.sql:2  INSERT INTO t VALUES (2)",
    "    locks nothing that was there before",
    "  … and the same of 39 more, to line 41",
    "",
  ]);
});

Deno.test("withComments() lets no name end its comment", () => {
  const name = 'public."a\nDROP TABLE users; --"';
  const table = statement({
    sql: "SELECT 1",
    locks: [lock(name, "ACCESS EXCLUSIVE"), lock("public.t", "SHARE")],
    held: [lock(`${name}.b`, "SHARE")],
    work: [{ type: "scan", table: name, constraints: ["c\n1"] }],
    duration: "size",
  });
  const lines = withComments(
    ["SELECT 1"],
    { trace: migration([table, statement({ exempt: [name] })]), live: undefined, firstLine: 1 },
    (text) => text,
  );
  assertEquals(lines.length, 5);
  assertEquals(lines.filter((line) => !line.startsWith("-- trace") || line.includes("\n")), ["SELECT 1"]);
});

Deno.test("withComments() goes in front of statements, and never inside of one", () => {
  const sql = ["-- a", "SELECT '", "'; ALTER TABLE users", "  ADD x int; SELECT 3;", "SELECT 4;"];
  const trace = migration([
    statement({ line: 11, sql: "SELECT '\n'", exempt: ["t"] }),
    statement({ line: 12, sql: "ALTER TABLE users\n  ADD x int", locks: [USERS] }),
    statement({ line: 13, sql: "SELECT 3", source: "unknown", duration: "unknown" }),
    statement({ line: 14, sql: "SELECT 4", locks: [lock("public.t", "ACCESS SHARE")] }),
  ]);
  const live = new Map([["public.users", { object: "public.users", bytes: 8192, rows: null, holders: [] }]]);
  assertEquals(withComments(sql, { trace, live, firstLine: 10 }, (text) => text), [
    "-- a",
    "-- trace: locks nothing that was there before: the migration made t",
    "-- trace of line 12: public.users (8.0 kB): ACCESS EXCLUSIVE, blocks reads and writes, an instant, once it has the lock",
    "-- trace of line 13: its locks are not known",
    "SELECT '",
    "'; ALTER TABLE users",
    "  ADD x int; SELECT 3;",
    "-- trace: only schema changes have to wait",
    "SELECT 4;",
  ]);
});
