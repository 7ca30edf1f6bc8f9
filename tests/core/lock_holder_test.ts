import { assertEquals } from "@std/assert";
import { describeHolder } from "../../src/core/lock_holder.ts";

Deno.test("describeHolder() says what is known of a session", () => {
  const since = "2026-01-02T03:04:05Z";
  const holder = { pid: 7, user: "bob", application: "psql", host: "10.0.0.1", since, query: "SELECT 1" };
  assertEquals(describeHolder(holder), `pid 7 (user bob, application psql, host 10.0.0.1, since ${since})`);
  assertEquals(describeHolder({ ...holder, application: "", host: null }), `pid 7 (user bob, since ${since})`);
  assertEquals(describeHolder({ ...holder, user: null, application: null, host: null, since: null }), "pid 7");
});
