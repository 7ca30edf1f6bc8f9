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

/** A runtime with the command line. */
export interface Contender {
  /** Its name. */
  readonly name: string;
  /** For each workload a program and its arguments. */
  readonly commands: Readonly<Record<Workload, readonly [program: string, ...args: string[]]>>;
}

/** What a program would do that has nothing but the driver. */
const SELECT = `const sql = postgres(process.env.DATABASE_URL, { max: 1 });
await sql\`select 1\`;
await sql.end();
`;

/**
 * Builds the package and the binary, and finds the runtimes: the checkout under Deno, the npm package under Node and Bun.
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
  const ofRuntime = (name: string, program: string, cli: readonly [string, ...string[]]): Contender => ({
    name,
    commands: {
      empty: [program, empty!],
      version: [...cli, "--version"],
      select: [program, select!],
      up: [...cli, "up"],
    },
  });
  const deno = [Deno.execPath(), "run", "-A", "--no-lock"] as const;
  const alone = [...deno, "--no-config", "--node-modules-dir=none"] as const;
  const checkout = [...deno, `--config=${path("deno.json", root)}`, new URL("cli.ts", root).href] as const;
  const others = await Promise.all(RUNTIMES.map(installedRuntime));
  const bun = others.find(({ program }) => program === "bun")!;
  return [
    {
      name: `Deno ${Deno.version.deno}`,
      commands: {
        empty: [...alone, empty!],
        version: [...checkout, "--version"],
        select: [...alone, selectDeno!],
        up: [...checkout, "up"],
      },
    },
    ...others.map((runtime) => ofRuntime(runtime.label, runtime.path, [runtime.path, bin])),
    // The binary is Bun.
    ofRuntime("Binary", bun.path, [path("dist/metapg-migration", root)]),
  ];
}

function path(name: string, base: URL): string {
  return fileURLToPath(new URL(name, base));
}
