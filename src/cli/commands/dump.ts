/**
 * `dump`: the schema as SQL.
 *
 * @module
 */

import { Option } from "commander";
import type { CommandDefinition } from "../command.ts";
import { forEachDatabase } from "../run_databases.ts";
import { wrongUsage } from "../usage_error.ts";

/** Flags of the command itself. */
interface DumpFlags {
  /** `--file`, with a path or without. */
  readonly file?: string | true;
  /** `--check`. */
  readonly check?: true;
}

/** Prints the schema that the migrations make, or that of a database, as SQL. */
export const dump: CommandDefinition = {
  name: "dump",
  summary: "print the schema as SQL that makes it",
  topics: ["database", "databases", "files", "connection", "output"],
  description:
    "Print the schema that the migrations make, found out in an embedded PostgreSQL; with --url that of the database",
  options: [
    new Option("--file [file]", "write it to a file (default: _schema.sql beside the migrations)"),
    new Option("--check", "compare it with the file, and exit with 1 if that is out of date"),
  ],
  examples: ["dump > schema.sql", "dump --file", "dump --check --all-dbs", "dump --url postgres://me@localhost/app"],
  run: (context, { options }) => {
    const { file, check } = options as DumpFlags;
    const { flags } = context;
    const isLive = flags.url !== undefined;
    const isOne = flags.allDbs !== true && (flags.db?.length ?? 0) <= 1;
    if (typeof file === "string" && !isOne) throw wrongUsage("Give --file a path for one database only");
    const database = isLive ? "required" : "unused";
    const files = isLive ? "unused" : "required";
    return forEachDatabase(context, { database, files }, async (job) => {
      // No other command loads what reads a schema.
      const { dumpSchema } = await import("../dump_schema.ts");
      return await dumpSchema(context, job, {
        isOne,
        use: check === true ? "compare" : file === undefined ? "print" : "write",
        ...(typeof file === "string" ? { path: file } : {}),
      });
    });
  },
};
