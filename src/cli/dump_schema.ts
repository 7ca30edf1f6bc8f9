/**
 * The schema as SQL: printed, written to a file, or compared with one.
 *
 * @module
 */

import { DatabaseError } from "../core/database_error.ts";
import { MigrationError } from "../core/error.ts";
import { inFolder } from "../core/folder_path.ts";
import { compareLines } from "../report/line_difference.ts";
import { printable } from "../report/printable.ts";
import { readSchema } from "../schema/read_schema.ts";
import { schemaSql } from "../schema/schema_sql.ts";
import type { CommandContext } from "./command_context.ts";
import type { Outcome } from "./command_result.ts";
import type { DatabaseJob } from "./database_job.ts";
import { withMigratedSession } from "./migrated_session.ts";

/** Lines of a difference that are printed; the file has the rest. */
const MOST_LINES = 40;

/** What is wanted of a schema. */
export interface DumpRequest {
  /** What is done with it. */
  readonly use: "print" | "write" | "compare";
  /** The file to write to or to compare with. @default {"_schema.sql beside the migrations"} */
  readonly path?: string;
  /** Whether there is no other database. */
  readonly isOne: boolean;
  /** The server to make a database on; an embedded one without it. */
  readonly shadowUrl?: string;
}

/**
 * Reads the schema of one database.
 *
 * @param context Host, flags and output.
 * @param job The database; with `--url` itself, else what its migrations make of an empty one.
 * @param request What is wanted.
 * @returns What it came to; findings if the file is out of date.
 */
export async function dumpSchema(context: CommandContext, job: DatabaseJob, request: DumpRequest): Promise<Outcome> {
  const sql = schemaSql(await withSession(context, job, (connection) => readSchema(connection), request));
  const path = request.path ?? inFolder(job.dir, "_schema.sql");
  switch (request.use) {
    case "print": {
      const lines = sql.slice(0, -1).split("\n");
      return { layout: "block", lines: request.isOne ? lines : [`-- ${job.db}`, ...lines], fields: { sql } };
    }
    case "write":
      return await writeSchema(context, path, sql);
    case "compare":
      return await compareSchema(context, job, { path, sql, request });
  }
}

const withSession: typeof withMigratedSession = async (context, job, work, shadow) => {
  if (context.flags.url === undefined) return await withMigratedSession(context, job, work, shadow);
  // It says in the words of every command what cannot be connected to, and what is no server that is supported.
  await job.runner.ping({ signal: job.signal });
  const database = job.openDatabase(context.flags.url);
  try {
    const connection = await database.connect({ access: "read" });
    try {
      return await work(connection);
    } finally {
      await connection.close();
    }
  } catch (error) {
    throw error instanceof DatabaseError ? readError(error) : error;
  } finally {
    await database.close();
  }
};

function readError(error: DatabaseError): MigrationError {
  const { sqlstate = "no SQLSTATE", hint } = error.fields;
  return new MigrationError(
    error.kind === "server" ? "CONFIG" : "CONNECTION_LOST",
    `Cannot read the schema: ${error.message} (${sqlstate})`,
    { hint, cause: error },
  );
}

async function writeSchema({ host }: CommandContext, path: string, sql: string): Promise<Outcome> {
  const isSame = await readText(host, path) === sql;
  if (!isSame) await host.replaceFile(path, sql);
  return {
    layout: "line",
    lines: [`${path}: ${isSame ? "up to date" : "written"}`],
    fields: { path, isUpToDate: true, written: !isSame },
  };
}

async function compareSchema(
  context: CommandContext,
  { db }: DatabaseJob,
  { path, sql, request }: { readonly path: string; readonly sql: string; readonly request: DumpRequest },
): Promise<Outcome> {
  const { host, output, flags } = context;
  const text = await readText(host, path);
  if (text === sql) {
    return { layout: "line", lines: [`${path}: up to date`], fields: { path, isUpToDate: true } };
  }
  const style = output.resultStyle;
  const paint = { "-": style.red, "+": style.green, " ": style.dim };
  const lines = text === undefined
    ? []
    : compareLines(text, sql).map((line) => paint[line.mark](`${line.mark} ${printable(line.text)}`.trimEnd()));
  const shown = lines.slice(0, MOST_LINES);
  const more = lines.length - shown.length;
  const source = flags.url === undefined ? "the migrations" : "the database";
  return {
    layout: "block",
    lines: [
      `${path}: ${text === undefined ? "there is no such file" : `out of date (- the file, + ${source})`}`,
      ...shown,
      ...(more === 0 ? [] : [style.dim(`… ${more} more lines`)]),
    ],
    notes: [adviseOnFile(context, { db, request, isThere: text !== undefined })],
    fields: { path, isUpToDate: false },
    verdict: "findings",
  };
}

/** What is written by hand into a file that is made from others is lost, and is missed by no one until then. */
function adviseOnFile(
  { flags, output }: CommandContext,
  { db, request, isThere }: { readonly db: string; readonly request: DumpRequest; readonly isThere: boolean },
): string {
  const path = request.path === undefined ? "" : ` ${request.path}`;
  // A URL may hold a password.
  const same = flags.url !== undefined
    ? " and the same --url"
    : request.shadowUrl !== undefined
    ? " and the same --shadow-url"
    : "";
  const write = `${output.commandLine(db)(`dump --file${path}`)}${same}`;
  if (!isThere) return `Next: Write it with ${write}, and commit it`;
  if (flags.url !== undefined) return `Next: If the database is right, write the file with ${write}, and commit it`;
  return `Next: If that is what the migrations are to make, write it with ${write}, and commit it; ` +
    "a change by hand belongs into a new migration, not into this file";
}

/** The text of a file with the line ends that a dump has; nothing if there is no such file. */
async function readText(host: CommandContext["host"], path: string): Promise<string | undefined> {
  try {
    return (await host.readTextFile(path)).replaceAll("\r\n", "\n");
  } catch (error) {
    const isAbsent = error instanceof MigrationError && (error.cause === undefined ||
      (error.cause as { readonly code?: unknown }).code === "ENOENT");
    if (isAbsent) return undefined;
    throw error;
  }
}
