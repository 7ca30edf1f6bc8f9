/**
 * Folders for tests.
 *
 * @module
 */

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Runs a test with a new, empty folder and removes it.
 *
 * @param body Receives the path.
 * @returns What `body` returned.
 */
export async function withFolder<T>(body: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "metapg-"));
  try {
    return await body(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}
