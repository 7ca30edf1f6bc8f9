import { assertEquals } from "@std/assert";

Deno.test("readEnvironment() takes a variable that it may not read for one that is not set", async () => {
  const module = new URL("../../src/runtime/environment.ts", import.meta.url).href;
  const program = `import { readEnvironment } from "${module}"; console.log(readEnvironment("PATH") ?? "none");`;
  const read = async (...permissions: readonly string[]) => {
    const main = `data:application/typescript,${encodeURIComponent(program)}`;
    const args = ["run", "--no-lock", "--no-prompt", "--allow-read", "--allow-import", ...permissions, main];
    const { stdout } = await new Deno.Command(Deno.execPath(), { args, env: { PATH: "/bin" } }).output();
    return new TextDecoder().decode(stdout);
  };
  assertEquals([await read("--allow-env"), await read()], ["/bin\n", "none\n"]);
});
