/**
 * Which databases a command is for, and where their files and their URLs are.
 *
 * @module
 */

import { MigrationError } from "../core/error.ts";
import { inFolder } from "../core/folder_path.ts";
import { checkDatabaseName, invalidDatabaseName, parseFileName, variableOf } from "../core/name.ts";
import { nearestName } from "../core/nearest.ts";
import type { Problem } from "../core/problem.ts";
import type { FileReader } from "../core/reader.ts";
import type { CommandContext } from "./command_context.ts";
import type { Flags } from "./flags.ts";
import { commandLineFor } from "./command_line.ts";
import { wrongUsage } from "./usage_error.ts";

/** A database that a command is for. */
export interface Target {
  /** Its name. */
  readonly db: string;
  /** Folder of its migrations. */
  readonly dir: string;
  /** Its URL; `undefined` for commands that need none. */
  readonly url: string | undefined;
}

/** What a command needs of each database. */
export interface Needs {
  /** Whether it connects to the database. */
  readonly database: "required" | "unused";
  /** Whether it reads the folder of migrations. */
  readonly files: "required" | "unused";
  /** `embedded`: it works on databases in this process, which keep it busy. */
  readonly workplace?: "embedded";
}

/** The flags that choose databases. */
export type TargetFlags = Pick<Flags, "url" | "db" | "allDbs" | "all" | "root" | "dir">;

/** Where targets come from. */
export interface TargetSource {
  /** Reads an environment variable. */
  readonly env: (name: string) => string | undefined;
  /** Whether the runtime lets a variable be read. */
  readonly mayReadEnv: (name: string) => boolean;
  /** Where files come from. */
  readonly reader: FileReader;
  /** Refuses a folder that cannot be listed. */
  readonly checkFolder: (path: string) => Promise<void>;
  /** The whole path of one that begins at the working directory. */
  readonly absolutePath: (path: string) => string;
}

/**
 * Takes from a context where targets come from.
 *
 * @param context Environment and files.
 * @returns The source.
 */
export function targetSource({ env, host }: Pick<CommandContext, "env" | "host">): TargetSource {
  return {
    env,
    mayReadEnv: (name) => host.mayReadEnv(name),
    reader: host.files,
    checkFolder: (path) => host.checkFolder(path),
    absolutePath: (path) => host.absolutePath(path),
  };
}

/**
 * Chooses databases.
 *
 * @param flags What was asked for.
 * @param needs What the command needs.
 * @param source Environment and files.
 * @returns The databases, in the order of their names.
 * @throws {MigrationError} With code `USAGE` or `CONFIG`; all that is wrong with the configuration at once.
 */
export async function chooseTargets(
  flags: TargetFlags,
  needs: Needs,
  source: TargetSource,
): Promise<readonly Target[]> {
  if (flags.all) throw wrongUsage("There is no --all", "For every database use --all-dbs; up applies all migrations");
  if (flags.allDbs && flags.db) throw wrongUsage("Give either --db or --all-dbs");
  const names = flags.allDbs ? await listDatabases(flags.root, source) : uniqueNames(flags.db ?? ["default"]);
  if (names.length > 1 && flags.url !== undefined) throw wrongUsage("Give --url for one database only");
  if (names.length > 1 && flags.dir !== undefined) throw wrongUsage("Give --dir for one database only");
  refuseSharedVariables(names);
  const targets: Target[] = [];
  const errors: MigrationError[] = [];
  for (const db of names) {
    const dir = flags.dir ?? inFolder(flags.root, db);
    try {
      if (!checkDatabaseName(db)) throw invalidDatabaseName(db);
      if (needs.files === "required") await checkFolder(db, dir, flags, source);
      const url = needs.database === "unused" ? undefined : await findUrl(db, flags, source);
      targets.push({ db, dir, url });
    } catch (error) {
      if (!(error instanceof MigrationError)) throw error;
      errors.push(error);
    }
  }
  throwAll(errors);
  return targets;
}

/**
 * Throws what is wrong with the configuration of databases.
 *
 * @param errors One for each database; nothing is thrown if there is none.
 * @throws {MigrationError} The only one, or one with code `CONFIG` that lists them.
 */
export function throwAll(errors: readonly MigrationError[]): void {
  if (errors.length === 0) return;
  if (errors.length === 1) throw errors[0]!;
  const problems = errors.map((error): Problem => ({
    code: "url",
    severity: "error",
    message: error.message,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
  }));
  throw new MigrationError("CONFIG", `Cannot start: ${errors.length} databases are not configured`, { problems });
}

const URL_FORM = "postgres://USER:PASSWORD@HOST/DATABASE";

async function findUrl(db: string, flags: TargetFlags, source: TargetSource): Promise<string> {
  if (flags.url === "") {
    throw new MigrationError("CONFIG", `No URL for database "${db}": --url is empty`, {
      hint: `Give --url ${URL_FORM}; if it comes from a variable, see that this is set`,
    });
  }
  const variable = variableOf(db);
  const url = flags.url ?? source.env(variable);
  if (url !== undefined && url !== "") return url;
  if (!source.mayReadEnv(variable)) {
    throw new MigrationError("CONFIG", `No URL for database "${db}": ${variable} may not be read`, {
      hint: `Let Deno read it: deno run --allow-env=${variable} …`,
    });
  }
  const nearest = nearestName(db, await findFolders(flags.root, source.reader).catch((): string[] => []));
  throw new MigrationError(
    "CONFIG",
    `No URL for database "${db}": ${variable} is ${url === undefined ? "not set" : "empty"}`,
    {
      hint: nearest === undefined || nearest === db
        ? `Set it to ${URL_FORM}, or give --url`
        : `Did you mean --db ${nearest}?`,
    },
  );
}

async function checkFolder(db: string, dir: string, flags: TargetFlags, source: TargetSource): Promise<void> {
  try {
    await source.checkFolder(dir);
  } catch (error) {
    if (!(error instanceof MigrationError)) throw error;
    // A folder is most often not found because the program was started in another one.
    const message = error.message.replace(`"${dir}"`, `"${source.absolutePath(dir)}"`);
    throw new MigrationError("CONFIG", message, {
      hint: isAbsent(error) ? await adviseOnFolder(db, flags, source.reader) : undefined,
      cause: error,
    });
  }
}

/** A folder that is there but may not be read needs another advice, which the system gives. */
function isAbsent({ cause }: MigrationError): boolean {
  return cause === undefined || (cause as { readonly code?: unknown }).code === "ENOENT";
}

async function adviseOnFolder(db: string, flags: TargetFlags, reader: FileReader): Promise<string> {
  const create = `Create the first migration with: ${commandLineFor(db, flags)('new "first tables"')}`;
  if (flags.dir !== undefined) return create;
  const loose = await adviseOnLooseFiles(db, flags.root, reader);
  if (loose !== undefined) return loose;
  const others = await findFolders(flags.root, reader).catch((): string[] => []);
  if (others.length === 0) return create;
  const nearest = nearestName(db, others);
  return nearest === undefined
    ? `Folders of migrations in "${flags.root}": ${others.join(", ")}; choose one with --db`
    : `Did you mean --db ${nearest}?`;
}

/**
 * Looks for migrations in the folder of all databases, where other tools have them.
 *
 * @param db The database whose folder has none.
 * @param root The folder of all databases.
 * @param reader Reads files.
 * @returns What to do, if there are any.
 */
async function adviseOnLooseFiles(db: string, root: string, reader: FileReader): Promise<string | undefined> {
  const paths = await reader.list(root).catch((): readonly string[] => []);
  if (!paths.some((path) => parseFileName(path) !== undefined)) return undefined;
  return `The migrations in "${root}" belong to no database: move them to "${
    inFolder(root, db)
  }", or give --dir ${root}`;
}

/**
 * Puts migrations in the folder of all databases into words.
 *
 * @param names Their names.
 * @param root The folder of all databases.
 * @param dirs The folders of those that the command is for.
 * @returns The warning.
 */
export function describeLooseFiles(names: readonly string[], root: string, dirs: readonly string[]): Problem {
  const isOne = names.length === 1;
  const which = isOne ? `"${names[0]}"` : `"${names[0]}" and ${names.length - 1} more`;
  const [belong, them] = isOne ? ["belongs", "it"] : ["belong", "them"];
  const folder = dirs.length === 1 ? `"${dirs[0]}"` : "the folder of a database";
  return {
    code: "file-name",
    severity: "warning",
    message: `${which} in "${root}" ${belong} to no database, and nothing runs ${them}`,
    hint: `Move ${them} to ${folder}, or give --dir ${root}`,
  };
}

async function listDatabases(root: string, { reader, absolutePath }: TargetSource): Promise<readonly string[]> {
  const names = await findFolders(root, reader);
  if (names.length > 0) return names;
  throw new MigrationError("CONFIG", `No database in "${absolutePath(root)}": none of its folders holds migrations`, {
    hint: await adviseOnLooseFiles("default", root, reader),
  });
}

/**
 * Folders that hold `.sql` files, also ill-named ones: these are an error later, and never skipped in silence. One that
 * begins with `_` is put aside on purpose.
 */
async function findFolders(root: string, reader: FileReader): Promise<string[]> {
  const paths = await reader.list(root);
  const folders = paths.filter((path) => /^[^_].*\/[^._/][^/]*\.sql$/i.test(path)).map((path) =>
    path.slice(0, path.indexOf("/"))
  );
  return [...new Set(folders)].toSorted();
}

function uniqueNames(names: readonly string[]): readonly string[] {
  return [...new Set(names)].toSorted();
}

function refuseSharedVariables(names: readonly string[]): void {
  const owners = new Map<string, string>();
  for (const db of names) {
    const other = owners.get(variableOf(db));
    if (other !== undefined) {
      throw new MigrationError("CONFIG", `Databases "${other}" and "${db}" have one variable: ${variableOf(db)}`, {
        hint: "Rename one of them",
      });
    }
    owners.set(variableOf(db), db);
  }
}
