/**
 * The port through which migrations are rehearsed: databases that are made for it and dropped.
 *
 * @module
 */

import type { Database } from "./database.ts";

/** A database that nobody else has, empty when it is made. */
export interface Shadow {
  /** The database. */
  readonly database: Database;
  /** `all` if roles and settings of its server are its own, too; else the roles that were there before and are mentioned. */
  readonly roles: "all" | readonly string[];
  /**
   * Writes what creates a role that migrations name and that nobody created: it is there in production. It is dropped with
   * the database.
   */
  roleSql(name: string): string;
  /** Drops it, and what was made on its server for it. */
  drop(): Promise<void>;
}

/** Why an extension cannot be had. */
export interface MissingExtension {
  /** Its name. */
  readonly name: string;
  /** What would help. */
  readonly hint: string;
}

/** What a shadow is made for. */
export interface ShadowRequest {
  /** Extensions that migrations create. */
  readonly extensions: readonly string[];
  /** Whether a migration mentions a role, be it inside of a string: one of another name is somebody else's. */
  readonly mentions: (role: string) => boolean;
}

/** What of a request is not as it would be on an empty server. */
export interface ShadowSurvey {
  /** Extensions that cannot be had. */
  readonly missing: readonly MissingExtension[];
  /** Mentioned roles that are there already, and so are somebody's. */
  readonly roles: readonly string[];
}

/** Makes databases to rehearse on. */
export interface ShadowSource {
  /** What they are made on. */
  readonly engine: Database["engine"];
  /**
   * Whether all of the server is made for it: then whatever is done to it is gone with the database, as with an embedded
   * one. On a server that others use, too, what concerns more than a database is not for rehearsals.
   */
  readonly server: "own" | "shared";
  /**
   * Looks what there is, and makes nothing.
   *
   * @param request What databases will be made for.
   * @returns What cannot be had, and what is there.
   * @throws A {@linkcode MigrationError} with code `CONNECTION_FAILED` or `CONFIG`.
   */
  survey(request: ShadowRequest): Promise<ShadowSurvey>;
  /**
   * Makes a database.
   *
   * @param request What it is for.
   * @returns It; drop it.
   * @throws A {@linkcode MigrationError} with code `CONNECTION_FAILED` or `CONFIG`.
   */
  create(request: ShadowRequest): Promise<Shadow>;
}
