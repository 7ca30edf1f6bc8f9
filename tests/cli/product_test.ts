import { assertEquals } from "@std/assert";
import { commandLineFor, VERSION } from "../../src/cli/product.ts";

Deno.test("VERSION is that of deno.json", async () => {
  const config = JSON.parse(await Deno.readTextFile(new URL("../../deno.json", import.meta.url)));
  assertEquals(VERSION, config.version);
});

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
