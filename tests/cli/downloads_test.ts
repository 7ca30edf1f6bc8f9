import { assertEquals } from "@std/assert";
import { CLI, RUN_FLAGS } from "../support/cli_process.ts";
import { withDatabase } from "../support/databases.ts";

/** Runs the program with an empty cache and lists the packages that it then holds. */
async function downloads(url: string): Promise<readonly string[]> {
  const cwd = await Deno.makeTempDir({ prefix: "metapg_" });
  try {
    await Deno.mkdir(`${cwd}/migrations/default`, { recursive: true });
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", ...RUN_FLAGS, CLI, "status", "-u", url],
      cwd,
      env: { DENO_DIR: `${cwd}/cache` },
      stdin: "null",
      signal: AbortSignal.timeout(60_000),
    }).output();
    assertEquals(code, 0, new TextDecoder().decode(stderr));
    return await packages(`${cwd}/cache/npm`);
  } finally {
    await Deno.remove(cwd, { recursive: true });
  }
}

/** A package is a folder with a folder for each version, below its scope and its registry. */
async function packages(cache: string): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const registry of Deno.readDir(cache)) {
    for await (const { name } of Deno.readDir(`${cache}/${registry.name}`)) {
      if (!name.startsWith("@")) found.push(name);
      else {for await (const inner of Deno.readDir(`${cache}/${registry.name}/${name}`)) {
          found.push(`${name}/${inner.name}`);
        }}
    }
  }
  return found.toSorted();
}

Deno.test("cli.ts downloads no engine that its URL does not need", () =>
  withDatabase(async (url) => {
    assertEquals(await downloads(url), ["commander", "postgres"]);
    assertEquals(await downloads("pglite:"), ["@electric-sql/pglite", "commander", "postgres"]);
  }));
