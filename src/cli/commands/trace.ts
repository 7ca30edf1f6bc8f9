/**
 * `trace`: what each statement locks, and for how long.
 *
 * @module
 */

import { Argument } from "commander";
import type { CommandDefinition } from "../command.ts";
import { declareShadowUrl, type ShadowOptions } from "../shadow_flag.ts";

/** Says what each statement locks, rewrites and reads, before it touches a database that matters. */
export const trace: CommandDefinition = {
  name: "trace",
  summary: "show what each statement locks, without a server",
  topics: ["database", "databases", "files", "connection", "output"],
  description:
    "Run the migrations in an embedded database and show what each statement locks, rewrites and reads, and " +
    "what that blocks. With --url: of what is pending there, with the sizes of its tables and who holds locks on them " +
    "now; that database is only read",
  arguments: [new Argument("[names...]", "migrations (default: all, with --url what is pending)")],
  options: [declareShadowUrl()],
  examples: ["trace", "trace 004_add_index", "trace --url postgres://me@db.example.com/app"],
  run: async (context, { args, options }) => {
    // What only this command needs is loaded by it alone.
    const { traceDatabases } = await import("../trace_databases.ts");
    return await traceDatabases(context, (args[0] ?? []) as readonly string[], options as ShadowOptions);
  },
};
