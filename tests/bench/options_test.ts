import { assertEquals, assertThrows } from "@std/assert";
import { parseOptions, USAGE } from "../../bench/options.ts";

const NAMES = { workloads: ["W1", "W2", "W10"], contenders: ["psql", "deno", "dbmate"] };
const parse = (...args: readonly string[]) => parseOptions(args, NAMES);

Deno.test("parseOptions() measures everything when nothing is said, and writes the page in docs/", () => {
  assertEquals(parse(), {
    servers: ["memory", "disk"],
    modes: ["wait", "async"],
    budgetMs: 20_000,
    timeoutMs: 150_000,
    earlier: "forget",
    task: "measure",
    report: "docs",
  });
});

Deno.test("parseOptions() takes lists, with or without white space", () => {
  const options = parse("--only", "W1, W10,wire", "--contenders=deno,dbmate", "--servers", "disk", "--modes", "async");
  assertEquals(options.only, ["W1", "W10", "wire"]);
  assertEquals(options.contenders, ["deno", "dbmate"]);
  assertEquals([options.servers, options.modes], [["disk"], ["async"]]);
});

Deno.test("parseOptions() takes numbers: rounds as they are, times in seconds", () => {
  const { rounds, budgetMs, timeoutMs, postgres } = parse(
    ...["--rounds", "7", "--budget", "3", "--timeout", "60", "--postgres", "16"],
  );
  assertEquals([rounds, budgetMs, timeoutMs, postgres], [7, 3_000, 60_000, 16]);
});

Deno.test("parseOptions() leaves the page in docs/ alone when only a part runs, unless it is told", () => {
  assertEquals(parse("--only", "W1").report, "dist");
  assertEquals(parse("--contenders", "deno").report, "dist");
  assertEquals(parse("--redraw").report, "dist");
  assertEquals(parse("--only", "W1", "--docs").report, "docs");
  assertEquals(parse("--rounds", "1").report, "docs");
});

Deno.test("parseOptions() knows what to do", () => {
  assertEquals(parse("--list").task, "list");
  assertEquals(parse("-h").task, "help");
  assertEquals(parse("--redraw").task, "redraw");
  assertEquals(parse("--keep").earlier, "keep");
});

for (
  const [args, message] of [
    [["--only", "W3"], 'Cannot use --only "W3": it is none of W1, W2, W10, wire'],
    [["--contenders", "psql,flyway"], 'Cannot use --contenders "flyway": it is none of psql, deno, dbmate'],
    [["--servers", "ram"], 'Cannot use --servers "ram": it is none of memory, disk'],
    [["--modes", ""], "Cannot use --modes without a name"],
    [["--rounds", "0"], 'Cannot use --rounds "0": it is no number from 1'],
    [["--rounds", "2.5"], 'Cannot use --rounds "2.5": it is no number from 1'],
    [["--postgres", "13"], "Cannot use PostgreSQL 13: it is none of 14, 15, 16, 17, 18"],
    [["--round", "2"], "--round"],
    [["W1"], "W1"],
  ] as const
) {
  Deno.test(`parseOptions() refuses ${args.join(" ")}`, () => {
    assertThrows(() => parse(...args), Error, message);
  });
}

Deno.test("parseOptions() takes every flag that USAGE names", () => {
  const flags = [...USAGE.matchAll(/^ {2}(--[a-z]+)( \S+)? /gm)].map(([, flag]) => flag!);
  assertEquals(flags.length, 12);
  for (const flag of flags) {
    const value = {
      "--only": "W1",
      "--contenders": "deno",
      "--servers": "disk",
      "--modes": "wait",
      "--postgres": "14",
    };
    const needed = { ...value, "--rounds": "1", "--budget": "1", "--timeout": "1" }[flag];
    parse(flag, ...(needed === undefined ? [] : [needed]));
  }
});
