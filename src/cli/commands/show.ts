/**
 * `show`: the text of one migration.
 *
 * @module
 */

import { Argument } from "commander";
import { MigrationError } from "../../core/error.ts";
import { inFolder } from "../../core/folder_path.ts";
import { parseFileName } from "../../core/name.ts";
import { unknownMigration } from "../../core/plan.ts";
import type { FileReader } from "../../core/reader.ts";
import { recordFields } from "../../report/json.ts";
import type { CommandDefinition } from "../command.ts";
import type { Outcome } from "../command_result.ts";
import { forEachDatabase } from "../run_databases.ts";

/** Prints a migration as it was applied, also when its file is gone. */
export const show: CommandDefinition = {
  name: "show",
  summary: "print a migration as it was applied",
  topics: ["database", "databases", "files", "connection", "output"],
  description: "Print a migration as it was applied, also when its file is gone; the file if it is not applied",
  arguments: [new Argument("<name>", "the migration")],
  examples: ["show 002_add_users"],
  run: (context, { args }) => {
    const name = args[0] as string;
    return forEachDatabase(context, { database: "required", files: "unused" }, async ({ dir, runner, signal }) => {
      try {
        const { record, source } = await runner.show(name, { signal });
        return {
          layout: "block",
          lines: textLines(source),
          fields: { from: "history", source, ...recordFields(record) },
        };
      } catch (error) {
        if (!(error instanceof MigrationError) || error.code !== "UNKNOWN_MIGRATION") throw error;
        return await showFile(context.host.files, dir, name, error);
      }
    });
  },
};

/** The file of a migration that the history does not know. */
async function showFile(reader: FileReader, dir: string, name: string, unknown: MigrationError): Promise<Outcome> {
  const files = await reader.list(dir).catch((): readonly string[] => []);
  const names = files.flatMap((path) => parseFileName(path)?.name ?? []);
  if (!names.includes(name)) throw names.length === 0 ? unknown : unknownMigration(name, names);
  const content = await reader.read(inFolder(dir, `${name}.sql`));
  const source = typeof content === "string" ? content : new TextDecoder().decode(content);
  return {
    layout: "block",
    lines: textLines(source),
    notes: [`${name} is not applied: this is the file`],
    fields: { from: "file", source, name },
  };
}

function textLines(text: string): string[] {
  return text.replace(/\r?\n$/, "").split("\n");
}
