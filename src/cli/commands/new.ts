/**
 * `new`: creates a migration file.
 *
 * @module
 */

import { Argument, Option } from "commander";
import { inFolder } from "../../core/folder_path.ts";
import type { FileName } from "../../core/name.ts";
import { unknownMigration } from "../../core/plan.ts";
import type { CommandDefinition } from "../command.ts";
import { readList } from "../flag_values.ts";
import { draftMigration, slugify } from "../migration_draft.ts";
import { listMigrations, nextVersion } from "../next_version.ts";
import { chooseTargets, targetSource } from "../targets.ts";
import { wrongUsage } from "../usage_error.ts";

/** Creates the next migration file. */
export const newMigration: CommandDefinition = {
  name: "new",
  aliases: ["create", "add"],
  summary: "create the next migration file",
  topics: ["database", "files", "output"],
  arguments: [new Argument("<description...>", "what it does, in a few words")],
  options: [
    new Option("--depends <names>", "migrations that it depends on, with commas between them").argParser(readList),
    new Option("--timestamp", "take the time (UTC) as its version instead of the next number"),
  ],
  examples: ['new "add users"', 'new "add posts" --depends 002_add_users', 'new "add orders" --timestamp --db shop'],
  run: async (context, { args, options }) => {
    const { depends = [], timestamp } = options as { readonly depends?: readonly string[]; readonly timestamp?: true };
    const words = (args[0] as readonly string[]).join(" ").trim();
    const { flags, host, output } = context;
    const needs = { database: "unused", files: "unused" } as const;
    const targets = await chooseTargets(flags, needs, targetSource(context));
    const [target, other] = targets;
    if (target === undefined || other !== undefined) throw wrongUsage("Create a migration for one database at a time");
    const slug = slugify(words);
    if (slug === "") {
      throw wrongUsage(`Cannot make a file name of "${words}"`, "Describe it with letters a to z and digits");
    }
    const existing = await listMigrations(host.files, target.dir);
    for (const name of depends) refuseUnknown(name, existing);
    const version = timestamp ? timestampVersion(new Date()) : nextVersion(existing);
    const name = `${version}_${slug}`;
    const path = inFolder(target.dir, `${name}.sql`);
    await host.makeDirectory(target.dir);
    await host.writeFile(path, draftMigration(words, depends));
    output.result([path]);
    output.note([`Next: Write its SQL, then run ${output.commandLine(target.db)("up")}`]);
    return { exitCode: 0, databases: [{ db: target.db, ok: true, fields: { name, path } }] };
  },
};

function refuseUnknown(name: string, existing: readonly FileName[]): void {
  const names = existing.map((file) => file.name);
  if (!names.includes(name)) throw unknownMigration(name, names);
}

function timestampVersion(now: Date): string {
  return now.toISOString().replace(/\D/g, "").slice(0, 14);
}
