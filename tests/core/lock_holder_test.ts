import { assertEquals } from "@std/assert";
import { describeHolder } from "../../src/core/lock_holder.ts";

Deno.test("describeHolder() says what is known of a session", () => {
  const since = "2026-01-02T03:04:05Z";
  const holder = { pid: 7, user: "bob", application: "psql", host: "10.0.0.1", since, query: null };
  assertEquals(describeHolder(holder), `pid 7 (user bob, application psql, host 10.0.0.1, since ${since})`);
  assertEquals(describeHolder({ ...holder, application: "", host: null }), `pid 7 (user bob, since ${since})`);
  assertEquals(describeHolder({ ...holder, user: null, application: null, host: null, since: null }), "pid 7");
});

Deno.test("describeHolder() shows the beginning of a query on one line", () => {
  const nobody = { pid: 7, user: null, application: null, host: null, since: null };
  assertEquals(describeHolder({ ...nobody, query: "SELECT 1,\n  2" }), "pid 7 (query SELECT 1, 2)");
  assertEquals(describeHolder({ ...nobody, query: "🐘".repeat(61) }), `pid 7 (query ${"🐘".repeat(59)}…)`);
  assertEquals(describeHolder({ ...nobody, query: "" }), "pid 7");
});

Deno.test("describeHolder() tells until when a lease lasts", () => {
  const lease = { fence: 3, heartbeatAt: "2026-01-02T03:04:05Z", expiresAt: "2026-01-02T03:04:35Z" };
  const holder = { pid: null, user: "bob", application: null, host: null, since: null, query: null, lease };
  assertEquals(describeHolder(holder), "a run behind a pooler (user bob, until 2026-01-02T03:04:35Z)");
});
