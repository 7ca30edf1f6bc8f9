/**
 * Real faults against real servers, as often as it takes to hit every moment, and a table of what came of them. What is
 * tried once in each way is counted by its tests.
 *
 * @module
 */

import { deno } from "./deno.ts";
import { reported } from "./junit.ts";
import type { Tally } from "./tally.ts";

/** Tests that stand for a promise and do not count by themselves, and what they try. */
const PROMISES: Readonly<Record<string, string>> = {
  "tests/faults/secrets_test.ts": "passwords in all that is said and written",
  "tests/faults/long_texts_test.ts": "files of one character",
  "tests/runner/retry_test.ts": "lock time-outs, deadlocks, serialization",
  "tests/runner/journal_kinds_test.ts": "every statement outside a transaction",
  "tests/runner/resume_test.ts": "statements that were cut short",
  "tests/runner/invalid_index_test.ts": "INVALID indexes",
  "tests/runner/rollback_partial_test.ts": "rollbacks that are part-way",
  "tests/runner/edited_part_way_test.ts": "files edited while they are part-way",
  "tests/runner/session_replay_test.ts": "settings of finished units",
  "tests/runner/cancel_test.ts": "cancelling",
  "tests/runner/cancelled_unit_test.ts": "cancelling outside a transaction",
  "tests/cli/stop_test.ts": "signals to the process",
  "tests/runner/session_hygiene_test.ts": "settings that a migration makes",
  "tests/runner/caller_session_test.ts": "sessions that were passed in",
  "tests/runner/lease_test.ts": "the lease",
  "tests/runner/pooled_test.ts": "sessions behind a pooler",
  "tests/runner/layout_test.ts": "older layouts of the history",
  "tests/runner/log_test.ts": "changes of the history in the log",
  "tests/runner/injection_test.ts": "names and texts that try to be SQL",
  "tests/runner/injection_settings_test.ts": "… under hostile settings",
};

interface Row {
  readonly fault: string;
  readonly tries: number;
  readonly inside: number;
  readonly survived: number;
}

/** Runs tests in a process of their own: a report does not tell them by file where another module registers them. */
function runTests(paths: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Tally> {
  return reported((flag) => deno(["test", "-A", flag, ...paths], { env: { METAPG_FAULTS: "full", ...env } }));
}

const promises = Object.entries(PROMISES);
const table = await Deno.makeTempFile({ prefix: "metapg_" });
const others = `--ignore=${promises.map(([path]) => path).join(",")}`;
let { failed: lost } = await runTests(["tests/faults", others], { METAPG_FAULT_TABLE: table });
const counted = (await Deno.readTextFile(table)).trim().split("\n").filter(Boolean).map((line) =>
  JSON.parse(line) as Row
);
await Deno.remove(table);

const tested: Row[] = [];
for (const [path, fault] of promises) {
  const { passed, failed } = await runTests([path]);
  const tries = passed + failed;
  lost += failed;
  tested.push({ fault, tries, inside: tries, survived: passed });
}
print("fault", counted);
print("promise, in tests", tested);
Deno.exit(lost === 0 ? 0 : 1);

function print(title: string, rows: readonly Row[]): void {
  console.log(`\n${title.padEnd(50)} tries  inside  survived  lost`);
  for (const { fault, tries, inside, survived } of rows) {
    const numbers = [tries, inside, survived, tries - survived].map((number, index) =>
      String(number).padStart([5, 8, 10, 6][index]!)
    );
    console.log(`${fault.padEnd(50)} ${numbers.join("")}`);
  }
}
