/**
 * What a command works with.
 *
 * @module
 */

import type { Database } from "../core/database.ts";
import type { DatabasePlatform } from "../core/platform.ts";
import type { Problem } from "../core/problem.ts";
import type { ShadowSource } from "../core/shadow.ts";
import type { Host } from "../runtime/host.ts";
import type { Flags } from "./flags.ts";
import type { Output } from "./output.ts";
import type { StopSignals } from "./stop_signals.ts";

/** How URLs become databases; the entry point joins it with the drivers. */
export interface Engines {
  /**
   * Reads a URL and makes the database that it names, without connecting.
   *
   * @throws A {@linkcode MigrationError} with code `CONFIG` if the URL cannot be read.
   */
  readonly openDatabase: (url: string, options: OpenOptions) => Database;
  /**
   * Makes what databases to rehearse on are made by: on the server that a URL names, or embedded ones without it.
   *
   * @throws A {@linkcode MigrationError} with code `CONFIG` if the URL cannot be read, or names no server.
   */
  readonly openShadows: (url: string | undefined, options: OpenOptions) => Promise<ShadowSource>;
}

/** How {@linkcode Engines} open a database. */
export interface OpenOptions {
  /** What the runtime gives, with the variables of `--env-file`. */
  readonly platform: DatabasePlatform;
  /** Name of the database. */
  readonly dbName: string;
  /** How long to wait for a PGlite folder, in milliseconds. */
  readonly lockWaitMs?: number;
  /** Receives what of the URL has no effect. */
  readonly onWarning: (problem: Problem) => void;
}

/** What a command works with. */
export interface CommandContext {
  /** The platform. */
  readonly host: Host;
  /** How URLs become databases. */
  readonly engines: Engines;
  /** Flags of every command. */
  readonly flags: Flags;
  /** Reads an environment variable, also of `--env-file`. */
  readonly env: (name: string) => string | undefined;
  /** Prints. */
  readonly output: Output;
  /** SIGINT and SIGTERM. */
  readonly signals: StopSignals;
}
