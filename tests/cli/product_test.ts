import { assertEquals } from "@std/assert";
import { VERSION } from "../../src/cli/product.ts";

Deno.test("VERSION is that of deno.json", async () => {
  const config = JSON.parse(await Deno.readTextFile(new URL("../../deno.json", import.meta.url)));
  assertEquals(VERSION, config.version);
});
