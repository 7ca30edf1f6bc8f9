/**
 * Where tests rehearse.
 *
 * @module
 */

import { tmpdir } from "node:os";
import { memoryReader } from "../../src/core/reader.ts";
import type { ShadowRequest, ShadowSource } from "../../src/core/shadow.ts";
import { openShadows } from "../../src/database/shadow.ts";
import { requestOf } from "../../src/rehearsal/needs.ts";
import { rehearseFolder } from "../../src/rehearsal/rehearse_folder.ts";
import type { Rehearsal } from "../../src/rehearsal/rehearsal.ts";
import { onStage, type Stage } from "../../src/rehearsal/stage.ts";
import { MigrationRunner, runnerAccess } from "../../src/runner/runner.ts";
import { databasePlatform } from "../../src/runtime/platform.ts";

const platform = databasePlatform((name) => name === "METAPG_CACHE" ? `${tmpdir()}/metapg-tests` : undefined);

/**
 * Makes databases on a server, or embedded ones.
 *
 * @param url The server.
 */
export function shadowsOf(url?: string): ShadowSource {
  return openShadows(url, { platform });
}

/**
 * Makes a runner without a database.
 *
 * @param files Its files, by name.
 */
export function runnerOf(files: Readonly<Record<string, string>>): MigrationRunner {
  const paths = Object.fromEntries(Object.entries(files).map(([name, text]) => [`migrations/default/${name}`, text]));
  const database = () => {
    throw new Error("A rehearsal asked for the database");
  };
  return new MigrationRunner({ reader: memoryReader(paths), database });
}

/**
 * Rehearses files.
 *
 * @param files The files, by name.
 * @param url The server; an embedded database without it.
 */
export async function rehearseFiles(files: Readonly<Record<string, string>>, url?: string): Promise<Rehearsal> {
  return await rehearseFolder(runnerOf(files), { shadows: shadowsOf(url), scope: "all" });
}

/**
 * Does something on one database.
 *
 * @param url The server; an embedded database without it.
 * @param work What to do.
 * @param request What the database is for.
 */
export async function withStage(
  url: string | undefined,
  work: (stage: Stage) => Promise<void>,
  request: ShadowRequest = requestOf([]),
): Promise<void> {
  const terms = runnerAccess().terms(runnerOf({}), {});
  await onStage({ shadows: shadowsOf(url), terms, request }, work);
}
