// A program that uses the core of the installed package with the types of the language alone.

import { compare, Migration, MigrationError, type MigrationStatus, parseFile } from "@metapg/migration/core";

/** Whether a file can be used. */
export async function isValid(name: string, text: string | Uint8Array): Promise<boolean> {
  return (await parseFile(name, text)).problems.every(({ severity }) => severity === "warning");
}

/** Names that a status has as pending. */
export function pending(status: MigrationStatus): readonly string[] {
  return status.pending.map(({ name }) => name);
}

export const refused: (error: unknown) => boolean = (error) => error instanceof MigrationError;
export const pure: readonly unknown[] = [compare, Migration.parse];
