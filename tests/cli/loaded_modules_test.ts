import { assert, assertEquals } from "@std/assert";
import { root } from "../../scripts/deno.ts";
import { CLI, RUN_FLAGS } from "../support/cli_process.ts";
import { withDatabase } from "../support/databases.ts";

/** What ran in a process: modules of the product, and of which packages there was at least one. */
interface Loaded {
  /** Paths in the checkout. */
  readonly modules: readonly string[];
  /** Names of packages. */
  readonly packages: readonly string[];
}

/** Runs the program in an empty project; coverage is told of every module that ran, and of no other. */
async function loadedBy(...args: readonly string[]): Promise<Loaded> {
  const cwd = await Deno.makeTempDir({ prefix: "metapg_" });
  try {
    await Deno.mkdir(`${cwd}/migrations/default`, { recursive: true });
    await Deno.writeTextFile(`${cwd}/migrations/default/001_one.sql`, "CREATE TABLE one (id int);\n");
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", ...RUN_FLAGS, `--coverage=${cwd}/coverage`, CLI, ...args],
      cwd,
      stdin: "null",
      signal: AbortSignal.timeout(60_000),
    }).output();
    assertEquals(code, 0, new TextDecoder().decode(stderr));
    return loaded(await coveredUrls(`${cwd}/coverage`));
  } finally {
    await Deno.remove(cwd, { recursive: true });
  }
}

async function coveredUrls(folder: string): Promise<readonly string[]> {
  const urls: string[] = [];
  for await (const { name } of Deno.readDir(folder)) {
    if (name.endsWith(".json")) urls.push(JSON.parse(await Deno.readTextFile(`${folder}/${name}`)).url);
  }
  return urls;
}

function loaded(urls: readonly string[]): Loaded {
  const packages = urls.map((url) => /\/npm\/[^/]+\/((?:@[^/]+\/)?[^/]+)\/\d/.exec(url)?.[1] ?? []).flat();
  return {
    modules: urls.filter((url) => url.startsWith(root.href)).map((url) => url.slice(root.href.length)).toSorted(),
    packages: [...new Set(packages)].toSorted(),
  };
}

/** The folders of `src/` with a module among these. */
function layersOf({ modules }: Loaded): readonly string[] {
  return [...new Set(modules.flatMap((path) => /^src\/(\w+)\//.exec(path)?.[1] ?? []))].toSorted();
}

/** Modules that only few commands have a use for, and that no other may load. */
const RARE = /completions|describe_program|program_spec|trace/;

/** What declares those commands. */
const DECLARED = ["src/cli/commands/completions.ts", "src/cli/commands/trace.ts"];

/** What a boot may call, and what that needs. */
const COMMANDS_OF_A_START = ["plan", "status", "up"].map((name) => `src/cli/commands/${name}.ts`);

/** Modules that only a run with something to do needs. */
const RUNNING = /runner\/(?:execute_plan|locked)\.ts$/;

Deno.test("cli.ts --version loads nothing but what prints it", async () => {
  assertEquals(await loadedBy("--version"), {
    modules: [
      "cli.ts",
      "src/asked_version.ts",
      "src/cli/product.ts",
      "src/run_cli.ts",
      "src/runtime/bare_process.ts",
    ],
    packages: [],
  });
});

Deno.test("cli.ts --help loads no runner and no driver", async () => {
  const help = await loadedBy("--help");
  assertEquals(help.packages, ["commander"]);
  assertEquals(layersOf(help).includes("runner"), false);
  assertEquals(help.modules.filter((path) => RARE.test(path)), DECLARED);
});

Deno.test("cli.ts validate loads no driver", async () => {
  const validate = await loadedBy("validate");
  assertEquals(validate.packages, ["commander"]);
  assert(layersOf(validate).includes("runner"));
  assertEquals(validate.modules.filter((path) => RARE.test(path)), DECLARED);
});

Deno.test("cli.ts lint loads the grammar and no driver", async () => {
  const lint = await loadedBy("lint");
  assertEquals(lint.packages, ["@pgsql/types", "commander", "libpg-query"]);
  assertEquals(layersOf(lint), ["cli", "core", "database", "lint", "report", "runner", "runtime"]);
});

Deno.test("cli.ts up on a server's URL loads its driver, no other engine and no grammar", () =>
  withDatabase(async (url) => {
    const up = await loadedBy("up", "--url", url);
    assertEquals(up.packages, ["commander", "postgres"]);
    assertEquals(layersOf(up), ["cli", "core", "database", "report", "runner", "runtime"]);
    assertEquals(up.modules.filter((path) => RARE.test(path)), []);
    assertEquals(up.modules.filter((path) => path.startsWith("src/cli/commands")), COMMANDS_OF_A_START);
    assertEquals(up.modules.filter((path) => RUNNING.test(path)).length, 2);
    const again = await loadedBy("up", "--url", url);
    assertEquals(again.modules.filter((path) => RUNNING.test(path)), []);
  }));
