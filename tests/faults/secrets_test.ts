import { assert } from "@std/assert";
import fc from "fast-check";
import { MigrationRunner } from "../../mod.ts";
import { openDatabase } from "../../src/database/open.ts";
import { databasePlatform } from "../../src/runtime/platform.ts";
import { tries } from "./tally.ts";

/** Odd enough that no output holds it by chance. */
const password = fc.string({ unit: "binary", minLength: 8, maxLength: 24 }).map((text) => `pw${text}wp`);

/** The ways in which a password reaches the tool. */
const ways = fc.constantFrom("url", "query", "variable", "raw") satisfies fc.Arbitrary<string>;

const rest = fc.constantFrom(
  "",
  "?sslmode=nonsense",
  "?unknown=1",
  "?connect_timeout=x",
  "?pgbouncer=true",
  "#x",
  "?host=/no/where",
);

function address(way: string, secret: string, tail: string): string {
  const encoded = encodeURIComponent(secret);
  switch (way) {
    case "url":
      return `postgres://me:${encoded}@127.0.0.1:1/app${tail}`;
    case "query":
      return `postgres://me@127.0.0.1:1/app?password=${encoded}${tail.replace("?", "&")}`;
    case "variable":
      return `postgres://me@127.0.0.1:1/app${tail}`;
    default:
      return `postgres://me:${secret}@127.0.0.1:1/app${tail}`;
  }
}

Deno.test("no byte of a password reaches an error, a warning or an event", async () => {
  await fc.assert(
    fc.asyncProperty(password.filter((text) => text.isWellFormed()), ways, rest, async (secret, way, tail) => {
      const shown: unknown[] = [];
      const env = (name: string) => name === "PGPASSWORD" && way === "variable" ? secret : undefined;
      try {
        const database = openDatabase(address(way, secret, tail), {
          platform: databasePlatform(env),
          onWarning: (problem) => shown.push(problem),
        });
        const runner = new MigrationRunner({ database, onEvent: (event) => shown.push(event) });
        await runner.getAppliedMigrations();
      } catch (error) {
        shown.push(error, (error as Error).message, (error as Error).stack, (error as Error).cause);
      }
      assert(shown.length > 0);
      const text = shown.map((one) => `${Deno.inspect(one, { depth: 9 })}\n${JSON.stringify(one)}`).join("\n");
      for (const form of [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]) {
        assert(!text.includes(form), `${way} ${tail}: ${text}`);
      }
    }),
    { numRuns: tries(150, 3000) },
  );
});
