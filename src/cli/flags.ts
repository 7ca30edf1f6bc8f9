/**
 * The flags that every command takes.
 *
 * @module
 */

import { Option } from "commander";
import { collect, readCount, readDuration, readNumber, readWait } from "./flag_values.ts";

/** What a command has to do with, as far as it decides which of the flags of every command matter for it. */
export type FlagTopic =
  /** A database, chosen by name. */
  | "database"
  /** Several databases. */
  | "databases"
  /** Folders of migrations. */
  | "files"
  /** A connection, and the history behind it. */
  | "connection"
  /** Missing and late migrations. */
  | "strictness"
  /** Migrations that run. */
  | "run"
  /** The role that they run as. */
  | "role"
  /** The lock that keeps runs apart. */
  | "lock"
  /** A question before something is done. */
  | "question"
  /** Results. */
  | "output"
  /** What a run tells while it goes on. */
  | "events";

/** The flags that help of a command shows; the others are few people's, and shown by help of the program. */
const TOPICS: Readonly<Record<string, FlagTopic>> = {
  "--url": "connection",
  "--db": "database",
  "--all-dbs": "databases",
  "--root": "files",
  "--dir": "files",
  "--table": "connection",
  "--env-file": "connection",
  "--strict": "strictness",
  "--role": "role",
  "--lock-wait": "lock",
  "--lock-timeout": "run",
  "--lock-retries": "run",
  "--statement-timeout": "run",
  "--yes": "question",
  "--json": "output",
  "--ndjson": "events",
  "--quiet": "output",
  "--verbose": "output",
};

/**
 * Finds out what a flag is about.
 *
 * @param option One of {@linkcode declareFlags}.
 * @returns Its topic; `undefined` if help shows it for the program alone.
 */
export function topicOf(option: Option): FlagTopic | undefined {
  return TOPICS[option.long ?? ""];
}

/** What the flags of every command came to. */
export interface Flags {
  /** `--url`. */
  readonly url?: string;
  /** `--db`, as often as it was given. */
  readonly db?: readonly string[];
  /** `--all-dbs`. */
  readonly allDbs?: true;
  /** `--all`, which does not exist: too easily taken for "all migrations". */
  readonly all?: true;
  /** `--jobs`. */
  readonly jobs: number;
  /** `--root`. */
  readonly root: string;
  /** `--dir`. */
  readonly dir?: string;
  /** `--table`. */
  readonly table?: string;
  /** `--strict`. */
  readonly strict?: true;
  /** `--lock`. */
  readonly lock?: "session" | "lease";
  /** `--lock-wait` in milliseconds, or `Infinity`. */
  readonly lockWait?: number;
  /** `--lock-timeout` in milliseconds. */
  readonly lockTimeout?: number;
  /** `--lock-retries`. */
  readonly lockRetries?: number;
  /** `--statement-timeout` in milliseconds. */
  readonly statementTimeout?: number;
  /** `--role`. */
  readonly role?: string;
  /** `--json`. */
  readonly json?: true;
  /** `--ndjson`. */
  readonly ndjson?: true;
  /** `--yes`. */
  readonly yes?: true;
  /** `--quiet`. */
  readonly quiet?: true;
  /** `--verbose`. */
  readonly verbose?: true;
  /** `false` by `--no-color`. */
  readonly color: boolean;
  /** `--env-file`. */
  readonly envFile?: string;
}

/**
 * Declares the flags that every command takes.
 *
 * @returns New declarations, in the order in which help prints them.
 */
export function declareFlags(): Option[] {
  return [
    ...grouped("Databases", [
      new Option("-u, --url <url>", "database URL (default: the variable DATABASE_URL, or DATABASE_URL_NAME)"),
      new Option("--db <name>", "database by name; may be repeated (default: default)").argParser(collect),
      new Option("--all-dbs", "every database that has a folder of migrations"),
      new Option("--all").hideHelp(),
      new Option("--jobs <n>", "databases at once").argParser(readCount).default(4),
      new Option("--root <dir>", "folder of all databases").default("migrations", "migrations"),
      new Option("-d, --dir <dir>", "folder of this one database (default: ROOT/NAME)"),
      new Option("-t, --table <name>", "history table (default: public.metapg_migrations)"),
      new Option("--env-file <file>", "read variables from a file; those of the environment win"),
    ]),
    ...grouped("Runs", [
      new Option("--strict", "treat missing and late migrations as errors"),
      new Option("--role <name>", "role that migrations run as"),
      new Option("--lock <kind>", "how runs exclude each other (default: by what the connection is)")
        .choices(["session", "lease"]),
      new Option("--lock-wait <time>", "how long to wait for another run: 30s, 5m, 0 or forever (default: 5m)")
        .argParser(readWait),
      new Option("--lock-timeout <time>", "lock_timeout of migrations (default: 3s)").argParser(readDuration),
      new Option("--lock-retries <n>", "tries after a lock time-out (default: 10)").argParser(readNumber),
      new Option("--statement-timeout <time>", "statement_timeout of migrations (default: the server's)")
        .argParser(readDuration),
      new Option("-y, --yes", "do not ask"),
    ]),
    ...grouped("Output", [
      new Option("--json", "print one JSON document"),
      new Option("--ndjson", "print events as lines of JSON, then the document").conflicts("json"),
      new Option("-q, --quiet", "print only results and errors"),
      new Option("-v, --verbose", "print more").conflicts("quiet"),
      new Option("--no-color", "print without colours; so does NO_COLOR"),
    ]),
  ];
}

function grouped(heading: string, options: readonly Option[]): Option[] {
  return options.map((option) => option.helpGroup(heading));
}
