import { assertEquals } from "@std/assert";
import { spellCommands, spellProblems, withoutLibrary } from "../../src/report/advice.ts";

const spell = (advice: string) => spellCommands(advice, (words) => `<${words}>`);

Deno.test("spellCommands() tells commands from words", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["repair records the file as it is", "<repair> records the file as it is"],
    ["show 001_a prints it as applied", "<show 001_a> prints it as applied"],
    ["Restore its file; show prints it as it ran", "Restore its file; <show> prints it as it ran"],
    ["Restore the name, or record the new one with repair", "Restore the name, or record the new one with <repair>"],
    ["Finish it with down 002_users", "Finish it with <down 002_users>"],
    ["Finish it with up first", "Finish it with <up> first"],
    ["give it up with repair --forget 003_i", "give it up with <repair --forget 003_i>"],
    [
      "It is done or not: run status, then the same command again",
      "It is done or not: run <status>, then the same command again",
    ],
    ["Wait longer with --lock-wait, or look at lock status", "Wait longer with --lock-wait, or look at <lock status>"],
    [
      "Look at it, then say repair --done 001_a:2 or repair --again 001_a:2",
      "Look at it, then say <repair --done 001_a:2> or <repair --again 001_a:2>",
    ],
    [
      '"001_a" is part-way, and down 001_a goes on from there',
      '"001_a" is part-way, and <down 001_a> goes on from there',
    ],
  ];
  for (const [advice, spelled] of cases) assertEquals(spell(advice), spelled);
});

Deno.test("spellCommands() leaves alone what is no command", () => {
  for (
    const advice of [
      "Nothing was run; look at the plan again",
      "Mend the files, then run the same command again; nothing was run",
      "Upgrade this tool",
      "Use INSERT … VALUES, or COPY from a file or program of the server",
      "Show it to somebody who wrote it up",
      "Look up what is down here",
    ]
  ) assertEquals(spell(advice), advice);
});

Deno.test("withoutLibrary() takes out what only callers of the library need", () => {
  assertEquals(withoutLibrary("Use --cascade (library: cascade: true)"), "Use --cascade");
  assertEquals(spell("Use --table (library: table), then run up"), "Use --table, then run <up>");
});

Deno.test("spellProblems() spells out the advice of each finding", () => {
  const problem = { code: "changed", severity: "error", message: "run up" } as const;
  assertEquals(spellProblems([problem, { ...problem, hint: "run up" }], (words) => `tool ${words}`), [
    problem,
    { ...problem, hint: "run tool up" },
  ]);
});
