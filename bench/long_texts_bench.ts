/**
 * Whether reading takes time in proportion to length: each text once and four times as long, side by side.
 */

import { parseFile } from "../src/core/mod.ts";
import { longTexts } from "../tests/support/long_texts.ts";

for (const factor of [1, 4]) {
  for (const { what, text } of longTexts(factor)) {
    Deno.bench(`${what}, ${(text.length / 1e6).toFixed(1)} MB`, {
      group: what,
      baseline: factor === 1,
      n: 3,
      warmup: 1,
    }, async () => {
      await parseFile("001_a.sql", text);
    });
  }
}
