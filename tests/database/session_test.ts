import { assertEquals, assertRejects } from "@std/assert";
import { DatabaseError } from "../../src/core/database_error.ts";
import { type DriverSession, Session } from "../../src/database/session.ts";
import { settlesWithin } from "../../src/database/within.ts";

function driver(parts: Partial<DriverSession> = {}): DriverSession & { readonly calls: string[] } {
  const calls: string[] = [];
  return {
    calls,
    pid: 7,
    send: (sql) => Promise.resolve([{ sql }]),
    cancel: () => Promise.resolve(void calls.push("cancel")),
    end: (state) => Promise.resolve(void calls.push(`end ${state}`)),
    ...parts,
  };
}

Deno.test("Session fails every call once it was lost, and tells its driver so", async () => {
  const made = driver();
  const session = new Session(made, "h:1/d");
  session.lose({ severity: "ERROR", code: "57P01", message: "gone" });
  session.lose(new Error("later"));
  for (let time = 0; time < 2; time++) {
    const error = await assertRejects(() => session.query("SELECT 1"), DatabaseError);
    assertEquals([error.kind, error.message, error.fields.sqlstate], ["lost", "gone", "57P01"]);
  }
  await session.cancel();
  await session.close();
  assertEquals(made.calls, ["end lost"]);
});

Deno.test("Session never rejects on cancel and close", async () => {
  const failing = () => Promise.reject(new Error("no"));
  let finish = () => {};
  const send = () => new Promise<[]>((resolve) => finish = () => resolve([]));
  const session = new Session(driver({ send, cancel: failing, end: failing }), "");
  const running = session.query("SELECT 1");
  await session.cancel();
  finish();
  assertEquals(await running, []);
  await session.close();
  assertEquals(session.pid, 7);
});

Deno.test("Session asks once to cancel, however many ask at the same time", async () => {
  const made = driver({ send: () => new Promise(() => {}) });
  const session = new Session(made, "");
  for (let message = 0; message < 3; message++) void session.query("SELECT 1");
  await Promise.all([session.cancel(), session.cancel(), session.cancel()]);
  assertEquals(made.calls, ["cancel"]);
  await session.cancel();
  assertEquals(made.calls, ["cancel", "cancel"]);
});

Deno.test("settlesWithin() tells whether a promise settled, in either way", async () => {
  assertEquals(await settlesWithin(Promise.resolve(1), 1000), true);
  assertEquals(await settlesWithin(Promise.reject(new Error("no")), Infinity), true);
  assertEquals(await settlesWithin(new Promise(() => {}), 5), false);
});
