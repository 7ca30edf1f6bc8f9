import { assertEquals } from "@std/assert";
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

Deno.test("build_npm.ts says in one line that it cannot build without JSR, and exits with a code of its own", async () => {
  const { code, stdout, stderr } = await script("build_npm.ts", []);
  assertEquals(code, 69);
  assertEquals(stdout, "");
  assertEquals(stderr, "JSR does not answer: it alone has dnt, so the npm package was not built\n");
});
