/**
 * The product: its command line on every runtime and as a binary, and its library.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { capture } from "../../scripts/capture.ts";
import { readManifest, root } from "../../scripts/deno.ts";
import { BIN, modulePath } from "../../scripts/npm_manifest.ts";
import { packPackage } from "../../scripts/npm_package.ts";
import type { Action, Command, Contender, Job, Prepared } from "../contender.ts";
import { asScript, type GeneratedMigration } from "../generated_sql.ts";
import { HOME, npmProject, writeFiles } from "../npm_project.ts";
import { type JsRuntime, runtimeCommand } from "../runtimes.ts";

/** A program and what comes before the command. */
interface Program {
  readonly program: string;
  readonly args: readonly string[];
  /** What takes part, with versions. */
  readonly version: string;
}

/** Them. */
export const metapg: readonly Contender[] = [
  commandLine("deno", "deno", "`cli.ts` of the checkout", denoProgram),
  commandLine("deno-npm", "deno", "the program of the npm package, run by Deno", denoPackageProgram),
  commandLine("node", "node", "the npm package", () => packageProgram("node")),
  commandLine("bun", "bun", "the npm package", () => packageProgram("bun")),
  commandLine("binary", "bun", "the self-contained binary, which has Bun in it", binaryProgram),
  ...(["deno", "node"] as const).map((runtime): Contender => ({
    name: `library-${runtime}`,
    kind: "ours",
    runtime,
    how: "a script that calls `applyPending()`",
    prepare: () => prepareLibrary(runtime),
  })),
];

function commandLine(
  name: string,
  runtime: Contender["runtime"],
  how: string,
  find: () => Promise<Program>,
): Contender {
  return { name, kind: "ours", runtime, how, prepare: async () => prepareCommandLine(name, await find()) };
}

function prepareCommandLine(name: string, { program, args, version }: Program): Prepared {
  return {
    version,
    home: `${fileURLToPath(HOME)}${name}`,
    layOut: (folder, migrations) => layOut(`${folder}/migrations/default`, migrations),
    command: (action, { url, count }) => ({
      program,
      args: [...args, ...words(action, count)],
      env: { DATABASE_URL: url },
    }),
    manyDatabases: {
      async layOut(folder, migrations, names) {
        for (const one of names) await layOut(`${folder}/migrations/${one}`, migrations);
      },
      command(urls) {
        const entries = Object.entries(urls);
        const env = Object.fromEntries(entries.map(([one, url]) => [`DATABASE_URL_${one.toUpperCase()}`, url]));
        return { program, args: [...args, "up", "--all-dbs", "--jobs", `${entries.length}`], env };
      },
    },
  };
}

async function layOut(folder: string, migrations: readonly GeneratedMigration[]): Promise<void> {
  await writeFiles(
    folder,
    migrations.map(({ version, description, up, down }) =>
      [`${version}_${description}.sql`, `${asScript(up)}\n-- ROLLBACK\n${asScript(down)}`] as const
    ),
  );
}

function words(action: Action, count: number): readonly string[] {
  const commands: Readonly<Record<Action, readonly string[]>> = {
    up: ["up"],
    nothing: ["up"],
    status: ["status"],
    rollback: ["down", `${count}`, "-y"],
    version: ["--version"],
  };
  return commands[action];
}

async function denoProgram(): Promise<Program> {
  const { program, args, version } = await runtimeCommand("deno");
  return { program, args: [...args, new URL("cli.ts", root).href], version: `${await ownVersion()}, ${version}` };
}

async function packageProgram(runtime: JsRuntime): Promise<Program> {
  const { program, args, version } = await runtimeCommand(runtime);
  return { program, args: [...args, await installedBin()], version: `${await ownVersion()}, ${version}` };
}

/**
 * Where npm installed it, as in a project with a `package.json`: that is looked for no more once the checkout's configuration,
 * which says where its imports are, is left out.
 */
async function denoPackageProgram(): Promise<Program> {
  const { program, version } = await runtimeCommand("deno");
  const args = ["run", "-A", "--no-config", "--no-lock", "--node-modules-dir=manual", await installedBin()];
  return { program, args, version: `${await ownVersion()}, ${version}` };
}

async function installedBin(): Promise<string> {
  return `${await installedPackage()}/node_modules/@metapg/migration/${modulePath(BIN, ".js")}`;
}

async function binaryProgram(): Promise<Program> {
  await capture(Deno.execPath(), ["run", "-A", "--no-lock", "scripts/build_binary.ts"]);
  return { program: fileURLToPath(new URL("dist/metapg-migration", root)), args: [], version: await ownVersion() };
}

async function prepareLibrary(runtime: JsRuntime): Promise<Prepared> {
  const home = await installedPackage();
  const { program, args, version } = await runtimeCommand(runtime);
  // Deno takes the library of the checkout, and a module of its own project may import it by name.
  const script = runtime === "deno" ? fileURLToPath(new URL("bench/programs/library.js", root)) : `${home}/library.js`;
  const command = (action: Action, { folder, url, count }: Job): Command | undefined =>
    action === "version" ? undefined : {
      program,
      args: [...args, script, action, `${folder}/migrations/default`, `${count}`],
      env: { DATABASE_URL: url },
    };
  return {
    version: `${await ownVersion()}, ${version}`,
    home: `${fileURLToPath(HOME)}library-${runtime}`,
    layOut: (folder, migrations) => layOut(`${folder}/migrations/default`, migrations),
    command,
  };
}

async function ownVersion(): Promise<string> {
  return (await readManifest()).version;
}

let installing: Promise<string> | undefined;

/** A project that has the package installed, built and packed for it once. */
function installedPackage(): Promise<string> {
  installing ??= (async () => {
    await capture(Deno.execPath(), ["run", "-A", "--no-lock", "scripts/build_node.ts"]);
    const { tarball } = await packPackage(new URL("dist/node/", root), new URL("dist/", root));
    return await npmProject("metapg", { packages: [fileURLToPath(tarball)], programs: ["library.js"] });
  })();
  return installing;
}
