/**
 * The examples in a project that has the package installed, as a user would have them.
 *
 * @module
 */

import { cp } from "node:fs/promises";
import { capture } from "./capture.ts";
import { readManifest, root } from "./deno.ts";
import { importMap } from "./import_map.ts";
import { NPM } from "./npm_tools.ts";

const EXAMPLES = new URL("examples/", root);

/** What an example's `package.json` says of packages. */
interface PackageJson {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/**
 * Type-checks the examples, against the modules of the checkout and the types that their `package.json` name. It is done
 * on a copy: inside of the checkout its `deno.json` says what they import.
 *
 * @throws If there is something wrong with them.
 */
export async function checkExamples(): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "metapg_" });
  try {
    await copyExamples(folder);
    const config = `${folder}/check.json`;
    await Deno.writeTextFile(config, JSON.stringify(await checkConfig()));
    await capture(Deno.execPath(), ["check", "--quiet", "--no-lock", `--config=${config}`, folder]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/**
 * Copies the examples, builds the package and installs it beside them, with whatever else they use.
 *
 * @param folder Where to; each example is a folder in it.
 * @throws If the package cannot be built or installed.
 */
export async function installExamples(folder: string): Promise<void> {
  await copyExamples(folder);
  await capture(Deno.execPath(), ["run", "-A", "--no-lock", "scripts/build_node.ts"]);
  const packages = Object.entries(await readPackages()).filter(([name]) => !name.startsWith("@types/"));
  const { name } = await readManifest();
  const dependencies = { ...Object.fromEntries(packages), [name]: `file:${new URL("dist/node", root).pathname}` };
  const packageJson = { private: true, type: "module", dependencies };
  await Deno.writeTextFile(`${folder}/package.json`, JSON.stringify(packageJson));
  const flags = ["--install-links", "--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"];
  await capture(NPM, ["install", ...flags], { cwd: folder });
}

/** What was built and installed in the checkout by hand stays there. */
async function copyExamples(folder: string): Promise<void> {
  await cp(EXAMPLES, folder, { recursive: true, filter: (path) => !/\/(node_modules|dist)$/.test(path) });
}

/** Types come from `@types/NAME` where an example asks for them. */
async function checkConfig(): Promise<unknown> {
  const manifest = await readManifest();
  const packages = await readPackages();
  const others = Object.entries(packages).filter(([name]) => name !== manifest.name);
  const typed = others.map(([name, range]) => {
    const types = `@types/${name}`;
    return [name, types in packages ? `npm:${types}@${packages[types]}` : `npm:${name}@${range}`] as const;
  });
  return {
    compilerOptions: { ...manifest.compilerOptions, types: [`npm:@types/bun@${packages["@types/bun"]}`] },
    imports: { ...importMap(manifest, root).imports, ...Object.fromEntries(typed) },
  };
}

/** Every package that an example names, with the range, which is the same in all of them. */
async function readPackages(): Promise<Readonly<Record<string, string>>> {
  const packages: Record<string, string> = {};
  for await (const { name } of Deno.readDir(EXAMPLES)) {
    const { dependencies, devDependencies } = await readPackageJson(name);
    for (const [dependency, range] of Object.entries({ ...dependencies, ...devDependencies })) {
      if ((packages[dependency] ??= range) === range) continue;
      throw new Error(`Cannot install "${dependency}" once for all examples: "${name}" wants another version`);
    }
  }
  return packages;
}

async function readPackageJson(example: string): Promise<PackageJson> {
  try {
    return JSON.parse(await Deno.readTextFile(new URL(`${example}/package.json`, EXAMPLES)));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return {};
    throw error;
  }
}
