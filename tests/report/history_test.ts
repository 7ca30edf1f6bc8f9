import { assertEquals } from "@std/assert";
import { formatHistory } from "../../src/report/history.ts";
import { plainStyle } from "../../src/report/style.ts";

Deno.test("formatHistory() prints a table, oldest first", () => {
  const entry = {
    at: new Date("2026-01-02T03:04:05.678Z"),
    action: "applied",
    name: "001_roles",
    durationMs: 12,
    dbUser: "bob",
    application: null,
    error: null,
  };
  assertEquals(
    formatHistory("main", [entry, { ...entry, action: "rolled_back", durationMs: null, error: "a\nb" }], plainStyle),
    [
      "main",
      "",
      "AT                    ACTION       NAME          TIME  USER  ERROR",
      "2026-01-02 03:04:05Z  applied      001_roles  12.0 ms  bob",
      "2026-01-02 03:04:05Z  rolled back  001_roles           bob   a b",
    ],
  );
});

Deno.test("formatHistory() says that nothing happened yet", () => {
  assertEquals(formatHistory("main", [], plainStyle), ["main: nothing happened yet"]);
});
