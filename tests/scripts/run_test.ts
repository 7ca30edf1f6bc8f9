import { assertEquals, assertMatch } from "@std/assert";
import { root } from "../../scripts/deno.ts";

/** Runs a script in a process of its own, as on a machine without JSR. */
async function script(name: string, args: readonly string[]) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-lock", `scripts/${name}`, ...args],
    cwd: root,
    env: { METAPG_JSR: "no", NO_COLOR: "1" },
  }).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

Deno.test("run.ts resolves @std and the package itself without JSR, and adds nothing to standard output", async () => {
  const source =
    `import { join } from "@std/path"; console.log(join("a", "b"), import.meta.resolve("@metapg/migration"))`;
  const { code, stdout } = await script("run.ts", ["eval", source]);
  assertEquals(code, 0);
  assertEquals(stdout, `a/b ${new URL("mod.ts", root).href}\n`);
});

Deno.test("run.ts exits as what it runs exits", async () => {
  assertEquals((await script("run.ts", ["eval", "Deno.exit(42)"])).code, 42);
});

Deno.test("run.ts leaves the lock file alone", async () => {
  const before = await Deno.readTextFile(new URL("deno.lock", root));
  await script("run.ts", ["eval", `import "@std/assert"`]);
  assertEquals(await Deno.readTextFile(new URL("deno.lock", root)), before);
});

Deno.test("smoke.ts names the runtimes when it is asked for another", async () => {
  const { code, stderr } = await script("smoke.ts", ["perl"]);
  assertEquals(code, 2);
  assertMatch(stderr, /node\|bun/);
});
