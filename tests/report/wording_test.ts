import { assertEquals } from "@std/assert";
import { countOf, listNames, withHint } from "../../src/report/wording.ts";

Deno.test("countOf() agrees in number", () => {
  assertEquals([0, 1, 2].map((count) => countOf(count, "migration")), ["0 migrations", "1 migration", "2 migrations"]);
  assertEquals(countOf(2, "entry", "entries"), "2 entries");
});

Deno.test("listNames() says none and cuts long lists", () => {
  assertEquals(listNames([]), "none");
  assertEquals(listNames(["a", "b"]), "a, b");
  assertEquals(listNames(["a", "b", "c", "d"], 3), "a, b and 2 more");
});

Deno.test("withHint() puts advice behind a message", () => {
  assertEquals(withHint("Unknown x", "Did you mean y?"), "Unknown x. Did you mean y?");
  assertEquals(withHint("Unknown x", undefined), "Unknown x");
});
