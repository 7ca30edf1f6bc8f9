/**
 * What is measured: a tool with its own layout of files and its own commands.
 *
 * @module
 */

import type { GeneratedMigration } from "./generated_sql.ts";

/** What a contender is to the reader: what nothing can be faster than, the product, or what one would use instead. */
export type ContenderKind = "floor" | "ours" | "peer";

/** What a contender's process is; its start is part of every figure. */
export type ContenderRuntime = "deno" | "node" | "bun" | "native";

/** What a contender is asked to do: `up` with nothing pending is `nothing`. */
export type Action = "up" | "nothing" | "status" | "rollback" | "version";

/** A process to run. */
export interface Command {
  /** Path or name of the program. */
  readonly program: string;
  /** Its arguments. */
  readonly args: readonly string[];
  /** Added to its environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** How often it is run, one after another, for a tool that does one migration at a time. @default 1 */
  readonly times?: number;
}

/** Where and on what a contender works. */
export interface Job {
  /** Its project, which is the working directory of the process, too. */
  readonly folder: string;
  /** URL of the database. */
  readonly url: string;
  /** How many migrations the project has. */
  readonly count: number;
}

/** How a contender works on several databases in one process. */
export interface ManyDatabases {
  /** Writes a project with the same migrations for each database. */
  layOut(folder: string, migrations: readonly GeneratedMigration[], names: readonly string[]): Promise<void>;
  /** Applies everything to all of them; `urls` by name. */
  command(urls: Readonly<Record<string, string>>): Command;
}

/** A contender that can be run. */
export interface Prepared {
  /** What it says its version is, or the versions of what takes part. */
  readonly version: string;
  /** Folder below which its projects are; by it Node finds packages. */
  readonly home: string;
  /** Writes a project. */
  layOut(folder: string, migrations: readonly GeneratedMigration[]): Promise<void>;
  /** How it does something; nothing if it cannot. */
  command(action: Action, job: Job): Command | undefined;
  /** For a tool that works on several databases in one process. */
  readonly manyDatabases?: ManyDatabases;
}

/** Something that is measured. */
export interface Contender {
  /** Its name on the command line and in the tables. */
  readonly name: string;
  /** What it is to the reader. */
  readonly kind: ContenderKind;
  /** What its process is. */
  readonly runtime: ContenderRuntime;
  /** How it is used, in a few words for the table of versions. */
  readonly how: string;
  /**
   * Installs it.
   *
   * @throws An error whose message says why it cannot be had.
   */
  prepare(): Promise<Prepared>;
}
