import { assertEquals } from "@std/assert";
import { query, withDatabase } from "../support/databases.ts";
import { isRunning } from "../support/until.ts";
import { runScript } from "./script.ts";

const NAMES = ["001_create_readings", "002_fill_readings", "003_index_hours"];

Deno.test("serverless ends in time, says what is applied, and goes on in the next call", () =>
  withDatabase(async (url) => {
    const first = await invoke(url, "2500");
    assertEquals(first.finished, false);
    assertEquals(first.applied, await appliedIn(url));
    assertEquals(await query(url, `SELECT ${isRunning("pg_sleep")} AS running`), [{ running: false }]);

    const second = await invoke(url, "60000");
    assertEquals(second.finished, true);
    assertEquals([...first.applied, ...second.applied], NAMES);
    assertEquals(await query(url, "SELECT sensor, count(*)::int AS readings FROM readings GROUP BY 1 ORDER BY 1"), [
      { sensor: 1, readings: 1000 },
      { sensor: 2, readings: 1000 },
      { sensor: 3, readings: 1000 },
    ]);

    assertEquals(await invoke(url, "60000"), { finished: true, applied: [] });
  }, { major: 18 }));

interface Answer {
  readonly finished: boolean;
  readonly applied: readonly string[];
}

async function invoke(url: string, remainingMs: string): Promise<Answer> {
  const { code, output } = await runScript("serverless", "invoke", { env: { DATABASE_URL: url }, args: [remainingMs] });
  assertEquals(code, 0, output);
  const answer = output.split("\n").find((line) => line.startsWith('{"finished"'));
  return JSON.parse(answer ?? "");
}

async function appliedIn(url: string): Promise<readonly unknown[]> {
  const history = "SELECT name FROM metapg_migrations WHERE applied_at IS NOT NULL ORDER BY seq";
  return (await query(url, history)).map(({ name }) => name);
}
