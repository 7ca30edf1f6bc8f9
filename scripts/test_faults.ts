/**
 * Real faults against real servers, as often as it takes to hit every moment, and a table of what came of them.
 *
 * @module
 */

import { deno } from "./deno.ts";

interface Row {
  readonly fault: string;
  readonly tries: number;
  readonly inside: number;
  readonly survived: number;
}

const table = await Deno.makeTempFile({ prefix: "metapg_" });
const env = { METAPG_FAULTS: "full", METAPG_FAULT_TABLE: table };
const code = await deno(["test", "-A", "tests/faults"], { env });
const rows = (await Deno.readTextFile(table)).trim().split("\n").filter(Boolean).map((line) => JSON.parse(line) as Row);
await Deno.remove(table);
console.log("\nfault                                      tries  inside  survived  lost");
for (const { fault, tries, inside, survived } of rows) {
  const numbers = [tries, inside, survived, tries - survived].map((number, index) =>
    String(number).padStart([5, 8, 10, 6][index]!)
  );
  console.log(`${fault.padEnd(42)} ${numbers.join("")}`);
}
Deno.exit(code);
