import { assertEquals } from "@std/assert";
import { editDistance, nearestName } from "../../src/core/nearest.ts";

Deno.test("editDistance() counts insertions, deletions and substitutions", () => {
  assertEquals(editDistance("", "abc"), 3);
  assertEquals(editDistance("kitten", "sitting"), 3);
  assertEquals(editDistance("same", "same"), 0);
});

Deno.test("nearestName() finds the only name that contains what was typed", () => {
  assertEquals(nearestName("users", ["001_users", "002_posts"]), "001_users");
});

Deno.test("nearestName() finds the name with the fewest edits", () => {
  assertEquals(nearestName("001_usrs", ["001_users", "001_users_more"]), "001_users");
});

Deno.test("nearestName() finds nothing when everything is far away", () => {
  assertEquals(nearestName("zebra", ["001_users", "002_posts"]), undefined);
  assertEquals(nearestName("x", []), undefined);
});
