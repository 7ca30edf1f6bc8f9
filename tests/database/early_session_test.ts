import { assertEquals, assertRejects } from "@std/assert";
import type { ConnectOptions, Notice } from "../../src/core/database.ts";
import { DatabaseError } from "../../src/core/database_error.ts";
import { EarlySession } from "../../src/database/early_session.ts";
import { openDatabase } from "../../src/database/open.ts";
import { type DriverSession, Session } from "../../src/database/session.ts";
import { databasePlatform } from "../../src/runtime/platform.ts";
import { withDatabase } from "../support/databases.ts";
import { until } from "../support/until.ts";

const NOTICE: Notice = { severity: "WARNING", sqlstate: "01000", message: "collation" };

/** A driver's session that notes its end. */
function session(name: string, ends: string[]): Session {
  const driver: DriverSession = {
    pid: undefined,
    send: () => Promise.resolve([{ name }]),
    cancel: () => Promise.resolve(),
    end: (state) => Promise.resolve(void ends.push(`${name} ${state}`)),
  };
  return new Session(driver, "");
}

/** Opens sessions that are called after their turn, and keeps what each was opened with. */
function opener() {
  const asked: ConnectOptions[] = [];
  const ends: string[] = [];
  const early = new EarlySession((options) => {
    asked.push(options);
    return Promise.resolve(session(String(asked.length), ends));
  });
  return { asked, ends, early };
}

async function nameOf(opening: Promise<Session>): Promise<unknown> {
  const [row] = await (await opening).query("");
  return row?.name;
}

Deno.test("EarlySession gives its session to the first who asks the same", async () => {
  const { asked, ends, early } = opener();
  early.begin({ access: "write", question: "SELECT 1" });
  assertEquals(asked.length, 1);
  assertEquals(await nameOf(early.connect({ access: "write", question: "SELECT 1" })), "1");
  assertEquals(await nameOf(early.connect({ access: "write", question: "SELECT 1" })), "2");
  assertEquals(ends, []);
});

Deno.test("EarlySession ends its session if it is asked for something else, or not at all", async () => {
  const { asked, ends, early } = opener();
  early.begin({ access: "write", question: "SELECT 1" });
  assertEquals(await nameOf(early.connect({ access: "write", question: "SELECT 2" })), "2");
  early.begin({ access: "read", question: "SELECT 1" });
  assertEquals(await nameOf(early.connect()), "4");
  early.begin({ access: "read" });
  early.begin({ access: "read" });
  early.close();
  early.close();
  await new Promise((resolve) => setTimeout(resolve, 0));
  assertEquals(ends, ["1 idle", "3 idle", "5 idle", "6 idle"]);
  assertEquals(asked.length, 6);
});

Deno.test("EarlySession tells what the server said before, and hears of who gives up", async () => {
  const { asked, early } = opener();
  early.begin({ question: "SELECT 1" });
  asked[0]!.onNotice!(NOTICE);
  const heard: Notice[] = [];
  let giveUp = () => {};
  const givenUp = new Promise<void>((resolve) => giveUp = resolve);
  await early.connect({ question: "SELECT 1", givenUp, onNotice: (notice) => heard.push(notice) });
  assertEquals(heard, [NOTICE]);
  asked[0]!.onNotice!({ ...NOTICE, message: "later" });
  assertEquals(heard.map(({ message }) => message), ["collation", "later"]);
  giveUp();
  await asked[0]!.givenUp;
});

Deno.test("EarlySession tells who asks why there is no session, and nobody else", async () => {
  const early = new EarlySession(() => Promise.reject(new DatabaseError("connect", "refused")));
  early.begin({ question: "SELECT 1" });
  await new Promise((resolve) => setTimeout(resolve, 0));
  await assertRejects(() => early.connect({ question: "SELECT 1" }), DatabaseError, "refused");
  early.begin({});
  early.close();
});

Deno.test("preconnect() of a server opens the session that connect() gives, and close() one that nobody wanted", () =>
  withDatabase(async (url) => {
    const name = "metapg-early";
    const sessions = (count: number) =>
      until(url, `(SELECT count(*) FROM pg_stat_activity WHERE application_name = '${name}') = ${count}`);
    const database = openDatabase(url, { platform: databasePlatform(), applicationName: name });
    database.preconnect?.({ access: "read", question: "SELECT 41 + 1 AS answer" });
    await sessions(1);
    const connection = await database.connect({ access: "read", question: "SELECT 41 + 1 AS answer" });
    assertEquals((await connection.answer)?.map(({ answer }) => answer), ["42"]);
    await sessions(1);
    await connection.close();
    await sessions(0);
    database.preconnect?.({ access: "read", question: "SELECT 1" });
    await sessions(1);
    await database.close();
    await sessions(0);
  }));
