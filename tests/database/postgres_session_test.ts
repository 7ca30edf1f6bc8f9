import { assertEquals, assertRejects } from "@std/assert";
import { DatabaseError } from "../../src/core/database_error.ts";
import { type PostgresHandle, type PostgresQueryLike, PostgresSession } from "../../src/database/postgres_session.ts";

/** A driver that only has what its types promise, and answers from one backend after the other. */
function handle(...pids: readonly number[]): PostgresHandle {
  const left = [...pids];
  return {
    unsafe() {
      const result = Promise.resolve(Object.assign([{ a: "1" }], { state: { pid: left.shift() } }));
      const query: PostgresQueryLike = {
        then: (done, failed) => result.then(done, failed),
        simple: () => query,
        cancel: () => {},
      };
      return query;
    },
  };
}

Deno.test("PostgresSession does with what the driver's types promise", async () => {
  const session = new PostgresSession(handle(7, 7), () => Promise.resolve());
  await session.start(() => {});
  const counts: number[] = [];
  const sent = session.send("SELECT 1", (count) => counts.push(count));
  await session.cancel();
  assertEquals([await sent, session.pid, counts], [[{ a: "1" }], 7, []]);
  assertEquals(await session.stop(), true);
  await session.end("idle");
});

Deno.test("PostgresSession is lost when another backend answers", async () => {
  const session = new PostgresSession(handle(7, 8), () => Promise.resolve());
  await session.start(() => {});
  const error = await assertRejects(() => session.send("SELECT 1", () => {}), DatabaseError);
  assertEquals([error.kind, error.message], ["lost", "Lost the connection: the driver opened another one"]);
});
