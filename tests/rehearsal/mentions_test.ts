import { assertEquals } from "@std/assert";
import { mentionsIn } from "../../src/rehearsal/mentions.ts";

Deno.test("mentionsIn() finds names as words, in strings and in whatever case", () => {
  const mentions = mentionsIn([
    "CREATE ROLE App; DO $$ BEGIN EXECUTE format('CREATE ROLE %I', 'app_ro'); END $$;",
    'x "a-b"',
  ]);
  assertEquals(["app", "app_ro", "a-b", "format"].map(mentions), [true, true, true, true]);
  assertEquals(["ap", "pp_ro", "app_r", "b-c", "ro"].map(mentions), [false, false, false, false, false]);
});
