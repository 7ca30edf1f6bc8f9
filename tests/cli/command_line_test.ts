import { assertEquals } from "@std/assert";
import { commandLineFor } from "../../src/cli/command_line.ts";

Deno.test("commandLineFor() takes along what says where and as whom, and quotes it where a shell needs that", () => {
  assertEquals(commandLineFor()("up"), "metapg-migration up");
  assertEquals(commandLineFor("default", { root: "migrations" })("up"), "metapg-migration up");
  assertEquals(
    commandLineFor("shop", { root: "db", table: "app.history", envFile: ".env", role: "app", lock: "lease" })("down 2"),
    "metapg-migration down 2 --root db --table app.history --env-file .env --role app --lock lease --db shop",
  );
  assertEquals(
    commandLineFor("shop", { root: "db", dir: "it's here" })("up"),
    "metapg-migration up --dir 'it'\\''s here' --db shop",
  );
});
