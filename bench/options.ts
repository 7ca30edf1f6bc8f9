/**
 * The flags of `deno task bench`.
 *
 * @module
 */

import { parseArgs } from "node:util";
import { type Major, MAJORS } from "../tests/support/binaries.ts";
import type { CommitMode, Storage } from "./results.ts";

/** What to measure. */
export interface BenchOptions {
  /** Workloads by id, and `wire`; all without it. */
  readonly only?: readonly string[];
  /** Contenders by name; all without it. What they are compared with is always there. */
  readonly contenders?: readonly string[];
  /** Rounds of every workload, instead of its own number. */
  readonly rounds?: number;
  /** Where servers keep their data. */
  readonly servers: readonly Storage[];
  /** Whether commits wait for the disk. */
  readonly modes: readonly CommitMode[];
  /** Major version of the server; the newest that is installed without it. */
  readonly postgres?: Major;
  /** A contender whose runs took longer than this within one table runs no more rounds of it. */
  readonly budgetMs: number;
  /** A process that takes longer is ended and counts as failed. */
  readonly timeoutMs: number;
  /** Whether earlier results that are not measured again stay in the report. */
  readonly earlier: "keep" | "forget";
  /** Whether to measure, or to write the report of what was measured before. */
  readonly task: "measure" | "redraw" | "list" | "help";
  /** Where the report is written: to `docs/` for what ran as a whole, else to `dist/bench/`, unless it is asked for. */
  readonly report: "docs" | "dist";
}

/** What `--help` prints. */
export const USAGE = `deno task bench [FLAGS]

  --only W1,W3        workloads, and wire (round trips and commits, counted)
  --contenders A,B    contenders; psql and the scripts they are compared with are added
  --rounds N          rounds of every workload
  --servers S         memory, disk or both (default memory,disk)
  --modes M           wait, async or both: whether a commit waits for the disk (default wait,async)
  --postgres MAJOR    major version of the server (default: the newest that is installed)
  --budget SECONDS    a contender that took longer in one table runs no more rounds of it (default 20)
  --timeout SECONDS   a process that takes longer has failed (default 150)
  --keep              keep earlier results that are not measured again
  --redraw            measure nothing, write the report of the results that are there
  --docs              write the report to docs/ although only a part ran
  --list              print workloads and contenders
`;

/** Names that flags take. */
export interface KnownNames {
  readonly workloads: readonly string[];
  readonly contenders: readonly string[];
}

/**
 * Reads flags.
 *
 * @param args As typed.
 * @param known Names that they may use.
 * @returns What they say.
 * @throws An error that says what is wrong with them.
 */
export function parseOptions(args: readonly string[], known: KnownNames): BenchOptions {
  const text = { type: "string" } as const;
  const flag = { type: "boolean", default: false } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: text,
      contenders: text,
      rounds: text,
      servers: { ...text, default: "memory,disk" },
      modes: { ...text, default: "wait,async" },
      postgres: text,
      budget: { ...text, default: "20" },
      timeout: { ...text, default: "150" },
      keep: flag,
      redraw: flag,
      docs: flag,
      list: flag,
      help: { ...flag, short: "h" },
    },
  });
  const only = values.only === undefined ? undefined : namesOf("only", values.only, [...known.workloads, "wire"]);
  const contenders = values.contenders === undefined
    ? undefined
    : namesOf("contenders", values.contenders, known.contenders);
  const postgres = values.postgres === undefined ? undefined : numberOf("postgres", values.postgres) as Major;
  if (postgres !== undefined && !MAJORS.includes(postgres)) {
    throw new Error(`Cannot use PostgreSQL ${postgres}: it is none of ${MAJORS.join(", ")}`);
  }
  const isWhole = only === undefined && contenders === undefined;
  return {
    ...(only === undefined ? {} : { only }),
    ...(contenders === undefined ? {} : { contenders }),
    ...(values.rounds === undefined ? {} : { rounds: numberOf("rounds", values.rounds) }),
    ...(postgres === undefined ? {} : { postgres }),
    servers: namesOf("servers", values.servers, ["memory", "disk"]),
    modes: namesOf("modes", values.modes, ["wait", "async"]),
    budgetMs: numberOf("budget", values.budget) * 1_000,
    timeoutMs: numberOf("timeout", values.timeout) * 1_000,
    earlier: values.keep ? "keep" : "forget",
    task: values.help ? "help" : values.list ? "list" : values.redraw ? "redraw" : "measure",
    report: isWhole && !values.redraw || values.docs ? "docs" : "dist",
  };
}

function namesOf<T extends string>(flag: string, text: string, known: readonly T[]): readonly T[] {
  const names = text.split(",").map((name) => name.trim()).filter(Boolean);
  for (const name of names) {
    if (!known.includes(name as T)) {
      throw new Error(`Cannot use --${flag} "${name}": it is none of ${known.join(", ")}`);
    }
  }
  if (names.length === 0) throw new Error(`Cannot use --${flag} without a name`);
  return names as unknown as readonly T[];
}

function numberOf(flag: string, text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) {
    throw new Error(`Cannot use --${flag} "${text}": it is no number from 1`);
  }
  return number;
}
