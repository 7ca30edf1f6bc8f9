import { assert } from "@std/assert";
import process from "node:process";
import { parseFile } from "../../src/core/parse.ts";
import { longTexts } from "../support/long_texts.ts";
import { tries } from "./tally.ts";

/** How much longer the second text is; of the megabyte or two of the first it makes up to 50. */
const FACTOR = tries(6, 25);

/** Room for what clears memory; a time that grew with the square would need a factor of its own. */
const SLACK = 3;

/** Below it, clocks and just-in-time compilers tell more than the text. */
const FLOOR_MS = 40;

/** What the processor worked for it: others that are busy do not count, nor does how fast the system gives memory. */
async function timeToRead(text: string): Promise<number> {
  const start = process.cpuUsage().user;
  await parseFile("001_a.sql", text);
  return (process.cpuUsage().user - start) / 1000;
}

const longer = longTexts(FACTOR);

for (const [index, { what, text }] of longTexts(1).entries()) {
  Deno.test(`parseFile() takes ${FACTOR} times as long for ${FACTOR} times the text: ${what}`, async () => {
    const short = Math.max(await timeToRead(text), FLOOR_MS);
    // One in three tries may come at a bad moment.
    let long = Infinity;
    for (let attempt = 0; attempt < 3 && long > short * FACTOR * SLACK; attempt++) {
      long = await timeToRead(longer[index]!.text);
    }
    assert(long <= short * FACTOR * SLACK, `${Math.round(short)} ms, then ${Math.round(long)} ms`);
  });
}
