import { assertEquals, assertMatch } from "@std/assert";
import { query, withDatabase } from "../support/databases.ts";
import type { Ended } from "./program.ts";
import { runScript } from "./script.ts";

const EXAMPLE = "several-databases";
const ANALYTICS = ["001_create_page_views", "002_index_page_views"];
const SHOP = ["001_create_orders"];

interface Urls {
  readonly DATABASE_URL_ANALYTICS: string;
  readonly DATABASE_URL_SHOP: string;
}

async function withBoth(body: (env: Urls & Record<string, string>) => Promise<void>): Promise<void> {
  await withDatabase(
    (analytics) =>
      withDatabase((shop) => body({ DATABASE_URL_ANALYTICS: analytics, DATABASE_URL_SHOP: shop }), { major: 18 }),
    { major: 18 },
  );
}

async function assertBothApplied({ DATABASE_URL_ANALYTICS: analytics, DATABASE_URL_SHOP: shop }: Urls): Promise<void> {
  const tables =
    "SELECT string_agg(relname, ' ' ORDER BY relname) AS tables FROM pg_class WHERE relkind = 'r' AND relname IN ('orders', 'page_views')";
  assertEquals(await query(analytics, tables), [{ tables: "page_views" }]);
  assertEquals(await query(shop, tables), [{ tables: "orders" }]);
  assertEquals(await appliedIn(analytics), ANALYTICS);
  assertEquals(await appliedIn(shop), SHOP);
}

async function appliedIn(url: string): Promise<readonly unknown[]> {
  return (await query(url, "SELECT name FROM metapg_migrations ORDER BY seq")).map(({ name }) => name);
}

function lines({ output }: Ended): readonly string[] {
  return output.trimEnd().split("\n").sort();
}

Deno.test("several-databases applies to each database what is in its folder", () =>
  withBoth(async (env) => {
    const first = await runScript(EXAMPLE, "migrate", { env });
    assertEquals(first.code, 0, first.output);
    assertEquals(lines(first), [`analytics: applied ${ANALYTICS.join(", ")}`, `shop: applied ${SHOP.join(", ")}`]);
    await assertBothApplied(env);
    const second = await runScript(EXAMPLE, "migrate", { env });
    assertEquals([second.code, ...lines(second)], [0, "analytics: nothing to apply", "shop: nothing to apply"]);
  }));

Deno.test("several-databases does the others if one has no variable, and fails", () =>
  withBoth(async ({ DATABASE_URL_SHOP }) => {
    const { code, output } = await runScript(EXAMPLE, "migrate", { env: { DATABASE_URL_SHOP } });
    assertEquals(code, 1, output);
    assertMatch(output, /^shop: applied 001_create_orders$/m);
    assertMatch(output, /^analytics: .*DATABASE_URL_ANALYTICS is not set$/m);
    assertEquals(await appliedIn(DATABASE_URL_SHOP), SHOP);
  }));

Deno.test("several-databases applies the same by the command line with --all-dbs", () =>
  withBoth(async (env) => {
    const up = async () => {
      const { code, output } = await runScript(EXAMPLE, "migrate:cli", { env, args: ["--json"] });
      assertEquals(code, 0, output);
      const { databases } = JSON.parse(output);
      return databases.map(({ db, done }: { db: string; done: readonly { name: string }[] }) => [
        db,
        done.map(({ name }) => name),
      ]);
    };
    assertEquals(await up(), [["analytics", ANALYTICS], ["shop", SHOP]]);
    await assertBothApplied(env);
    assertEquals(await up(), [["analytics", []], ["shop", []]]);
  }));
