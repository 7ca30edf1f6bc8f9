import { assertEquals } from "@std/assert";
import { main } from "../../src/cli/main.ts";
import type { ConnectOptions, Database } from "../../src/core/database.ts";
import { DatabaseError } from "../../src/core/database_error.ts";
import { memoryHost } from "../support/memory_host.ts";

type Purpose = Pick<ConnectOptions, "access" | "question">;

/** What a command opens early, and what it then opens. */
async function opened(...args: readonly string[]) {
  const early: Purpose[] = [];
  const late: Purpose[] = [];
  let closed = 0;
  const database: Database = {
    engine: "postgres",
    capabilities: { cancel: true, concurrent: true, sessions: "owned" },
    preconnect: ({ access, question }) => Promise.resolve(void early.push({ access, question } as Purpose)),
    connect({ access, question } = {}) {
      late.push({ access, question } as Purpose);
      return Promise.reject(new DatabaseError("connect", "refused"));
    },
    close: () => Promise.resolve(void closed++),
  };
  const files = { "migrations/default/001_a.sql": "SELECT 1;", "migrations/other/001_b.sql": "SELECT 2;" };
  const env = { DATABASE_URL: "postgres://h/d", DATABASE_URL_OTHER: "postgres://h/e" };
  const code = await main(memoryHost({ args, files, env }), {
    openDatabase: () => database,
    openShadows: () => Promise.reject(new Error("not needed")),
  });
  return { early, late, code, isClosed: closed > 0 };
}

for (const args of [["up"], ["up", "1"], ["status"], ["up", "--table", "ops.steps"]]) {
  Deno.test(`${args.join(" ")} opens early what it is going to open`, async () => {
    const { early, late, isClosed } = await opened(...args);
    assertEquals(early.length, 1);
    assertEquals(early, late);
    assertEquals(isClosed, true);
  });
}

Deno.test("up opens nothing early for several databases, and nothing if it is called wrongly", async () => {
  assertEquals((await opened("up", "--all-dbs")).early, []);
  assertEquals(await opened("up", "--table", "a.b.c"), { early: [], late: [], code: 2, isClosed: false });
  assertEquals(await opened("up", "--dir", "none"), { early: [], late: [], code: 2, isClosed: false });
});
