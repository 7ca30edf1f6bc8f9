import { assertEquals } from "@std/assert";
import { inPool } from "../../src/cli/pool.ts";

Deno.test("inPool() keeps the order and never works on more than the limit", async () => {
  let running = 0;
  let most = 0;
  const results = await inPool([3, 1, 2, 0], 2, async (ticks) => {
    most = Math.max(most, ++running);
    for (let tick = 0; tick < ticks; tick++) await Promise.resolve();
    running--;
    return ticks * 10;
  });
  assertEquals(results, [30, 10, 20, 0]);
  assertEquals(most, 2);
});
