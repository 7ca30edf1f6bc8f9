/**
 * The runtimes with the command line, each beside a script that does the least that can be compared with it.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { capture } from "./capture.ts";
import { readManifest, root } from "./deno.ts";
import { BIN, importedVersion, modulePath } from "./npm_manifest.ts";
import { packPackage } from "./npm_package.ts";
import { installedProject } from "./npm_project.ts";
import { installedRuntime, RUNTIMES } from "./npm_tools.ts";

/** What is measured: a call of the command line, or the script that it is compared with. */
export type Workload = "empty" | "version" | "select" | "up";

/** A program and its arguments. */
type Words = readonly [program: string, ...args: string[]];

/** A runtime with the command line. */
export interface Contender {
  /** Its name. */
  readonly name: string;
  /** What is run for each workload. */
  readonly commands: Readonly<Record<Workload, Words>>;
}

/** What a program would do that has nothing but the driver. */
const SELECT = `const sql = postgres(process.env.DATABASE_URL, { max: 1 });
await sql\`select 1\`;
await sql.end();
`;

/**
 * Builds the package and the binary, and finds the runtimes: the checkout and the npm package under Deno, the package under
 * Node and Bun, and what their users can do to start sooner.
 *
 * @param home A folder for scripts and package.
 * @returns The contenders.
 */
export async function startupContenders(home: URL): Promise<readonly Contender[]> {
  await capture(Deno.execPath(), ["run", "-A", "--no-lock", "scripts/build_node.ts"]);
  await capture(Deno.execPath(), ["run", "-A", "--no-lock", "scripts/build_binary.ts"]);
  const client = `postgres@${importedVersion(await readManifest(), "postgres")}`;
  const driver = `npm:${client}`;
  await installedProject(home, await packPackage(new URL("dist/node/", root), new URL("dist/", root)), [client]);
  await Deno.writeTextFile(new URL("empty.js", home), "");
  await Deno.writeTextFile(new URL("select.js", home), `import postgres from "postgres";\n${SELECT}`);
  await Deno.writeTextFile(new URL("select.ts", home), `import postgres from "${driver}";\n${SELECT}`);
  const [empty, select, selectDeno] = ["empty.js", "select.js", "select.ts"].map((name) => path(name, home));
  const bin = path(`node_modules/@metapg/migration/${modulePath(BIN, ".js")}`, home);
  const deno = [Deno.execPath(), "run", "-A", "--no-lock"] as const;
  const script = [...deno, "--no-config", "--node-modules-dir=none"] as const;
  const checkout = [`--config=${path("deno.json", root)}`, new URL("cli.ts", root).href] as const;
  const ofDeno = (name: string, cli: Words) => contender(name, cli, [...script, empty!], [...script, selectDeno!]);
  const ofRuntime = (name: string, program: string, cli: Words) =>
    contender(name, cli, [program, empty!], [program, select!]);
  const others = await Promise.all(RUNTIMES.map(installedRuntime));
  const bun = others.find(({ program }) => program === "bun")!;
  const newest = others.findLast(({ program }) => program === "node")!;
  return [
    ofDeno(`Deno ${Deno.version.deno}`, [...deno, ...checkout]),
    ofDeno("- lazy imports", [...deno, "--unstable-lazy-dynamic-imports", ...checkout]),
    ofDeno("- npm package", [...deno, "--no-config", bin]),
    ...others.filter((one) => one !== bun).map((one) => ofRuntime(one.label, one.path, [one.path, bin])),
    ofRuntime("- compile cache", newest.path, ["env", `NODE_COMPILE_CACHE=${path("cache", home)}`, newest.path, bin]),
    ofRuntime(bun.label, bun.path, [bun.path, bin]),
    // The binary is Bun.
    ofRuntime("Binary", bun.path, [path("dist/metapg-migration", root)]),
  ];
}

function contender(name: string, cli: Words, empty: Words, select: Words): Contender {
  return { name, commands: { empty, version: [...cli, "--version"], select, up: [...cli, "up"] } };
}

function path(name: string, base: URL): string {
  return fileURLToPath(new URL(name, base));
}
