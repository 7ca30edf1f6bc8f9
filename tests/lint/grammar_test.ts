import { assertEquals, assertRejects } from "@std/assert";
import { MigrationError } from "../../src/core/error.ts";
import { loadGrammar } from "../../src/lint/grammar.ts";
import { grammar } from "./linted.ts";

Deno.test("grammar.parse() places an error by characters, whatever they are", () => {
  assertEquals(grammar.parse("SELECT '🐘é' FROM FROM t"), {
    type: "error",
    message: 'syntax error at or near "FROM"',
    offset: 18,
  });
});

Deno.test("grammar.parse() takes control characters as they come", () => {
  for (const sql of ["SELECT '\x01\x1f'", "SELECT\f1", "SELECT E'\\x01', '\x7f'"]) {
    assertEquals(grammar.parse(sql).type, "tree", sql);
  }
});

Deno.test("loadGrammar() says which package is missing and how to have it", async () => {
  const load = (packages: "deno" | "node", message: string) =>
    assertRejects(
      () => loadGrammar({ packages, importModule: () => Promise.reject(new Error(message)) }),
      MigrationError,
    );
  const node = await load("node", "Cannot find package 'libpg-query'");
  assertEquals([node.code, node.hint], ["CONFIG", "Install it: npm install libpg-query"]);
  assertEquals((await load("deno", "offline")).hint, "It is loaded from npm: check the network");
  const denied = await load("deno", "Requires read access, run again with the --allow-read flag");
  assertEquals(denied.hint?.includes("--allow-read=…,$DENO_DIR"), true);
});
