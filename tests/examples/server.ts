/**
 * What is asked of every example that migrates when it starts, and then serves.
 *
 * @module
 */

import { assert, assertEquals, assertMatch, assertNotMatch, assertStringIncludes } from "@std/assert";
import { cp } from "node:fs/promises";
import { query, withDatabase } from "../support/databases.ts";
import { isRunning, until } from "../support/until.ts";
import type { Program } from "./program.ts";
import { folderOf, start } from "./script.ts";

const NAMES = ["001_create_visits", "002_add_paths"];

/**
 * Tests an example.
 *
 * @param example Its folder.
 */
export function testServer(example: string): void {
  Deno.test(`${example} migrates once before its replicas listen, and finds nothing to do later`, () =>
    withDatabase(async (url) => {
      {
        await using one = await serve(example, url);
        await using two = await serve(example, url);
        assertEquals(await visit(one, "/from-one"), { id: 1, path: "/from-one" });
        assertEquals(await visit(two, "/from-two"), { id: 2, path: "/from-two" });
        const ended = [await one.stop(), await two.stop()];
        assertEquals(ended.map(({ code }) => code), [0, 0], ended.map(({ output }) => output).join("\n"));
        assertEquals(ended.flatMap(({ output }) => namesDone(output)).sort(), NAMES);
      }
      await using later = await serve(example, url);
      assertEquals(await visit(later, "/later"), { id: 3, path: "/later" });
      const { code, output } = await later.stop();
      assertEquals([code, namesDone(output)], [0, []]);
      assertEquals(await appliedIn(url), NAMES);
    }, { major: 18 }));

  Deno.test(`${example} exits with the place of a failure and its hint, and never listens`, () =>
    withDatabase(async (url) => {
      const broken = await copyOf(example, "broken");
      await addMigration(broken, "CREATE INDEX CONCURRENTLY visits_at ON visits (at);\n");
      const refused = await (await serve(broken, url)).ended;
      assertEquals(refused.code, 1);
      assertMatch(refused.output, /^migrations\/default\/003_added\.sql:1:1: .+transaction/m);
      assertStringIncludes(refused.output, "Mend the files");
      assertEquals(await query(url, "SELECT to_regclass('visits') AS visits"), [{ visits: null }]);

      await addMigration(broken, "-- A first visit\nINSERT INTO visitz DEFAULT VALUES;\n");
      const failed = await (await serve(broken, url)).ended;
      assertEquals(failed.code, 1);
      assertMatch(
        failed.output,
        /^migrations\/default\/003_added\.sql:2:13: relation "visitz" does not exist \(42P01\)$/m,
      );
      assertNotMatch(refused.output + failed.output, /Listening/);
      assertEquals(await appliedIn(url), NAMES);
    }, { major: 18 }));

  Deno.test(`${example} cancels its migration when it is told to end`, () =>
    withDatabase(async (url) => {
      const slow = await copyOf(example, "slow");
      await addMigration(slow, "CREATE TABLE half ();\nSELECT pg_sleep(60);\n");
      await using program = await serve(slow, url);
      await until(url, isRunning("pg_sleep(60)"));
      const { code, output } = await program.stop();
      assertEquals(code, 1, output);
      assertMatch(output, /"type":"run:done","ok":false/);
      assertEquals(await query(url, `SELECT ${isRunning("pg_sleep(60)")} AS running, to_regclass('half') AS half`), [
        { running: false, half: null },
      ]);
      assertEquals(await appliedIn(url), NAMES);
    }, { major: 18 }));
}

async function serve(example: string, url: string): Promise<Program> {
  return await start(example, "start", { env: { DATABASE_URL: url, PORT: "0" } });
}

async function visit(server: Program, path: string): Promise<unknown> {
  const [, port] = await server.printed(/Listening on .*?: ?(\d+)/);
  const response = await fetch(`http://localhost:${port}${path}`);
  assert(response.ok, `${response.status}`);
  return await response.json();
}

/** What a server says that it applied: each line of its log is an event. */
function namesDone(output: string): readonly string[] {
  const events = output.split("\n").filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));
  return events.filter(({ type }) => type === "migration:done").map(({ name }) => name);
}

/** What the history says was applied, each as often as it was. */
async function appliedIn(url: string): Promise<readonly unknown[]> {
  const rows = await query(url, "SELECT name FROM metapg_migrations_log WHERE action = 'applied' ORDER BY id");
  return rows.map(({ name }) => name);
}

async function copyOf(example: string, suffix: string): Promise<string> {
  const copy = `${example}-${suffix}`;
  await cp(folderOf(example), folderOf(copy), { recursive: true });
  return copy;
}

async function addMigration(example: string, sql: string): Promise<void> {
  await Deno.writeTextFile(new URL("migrations/default/003_added.sql", folderOf(example)), sql);
}
