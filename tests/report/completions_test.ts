import { assertEquals, assertStringIncludes } from "@std/assert";
import { writeFile } from "node:fs/promises";
import { formatCompletions, type Shell } from "../../src/report/completions.ts";
import type { ProgramSpec } from "../../src/report/program_spec.ts";
import { type Outcome, runCommand } from "../support/command.ts";
import { withFolder } from "../support/folder.ts";

const program: ProgramSpec = {
  name: "my-tool",
  flags: [
    { long: "--url", short: "-u", description: "the user's URL [needed]", value: "text" },
    { long: "--root", description: "folder: of all", value: "directory" },
    { long: "--json", description: "as JSON", value: "none" },
  ],
  commands: [
    {
      name: "graph",
      description: "draw: it",
      flags: [{ long: "--format", description: "how", value: "choice", choices: ["dot", "text"] }],
      choices: [],
    },
    { name: "lock", description: "the lock", flags: [], choices: ["status", "release"] },
  ],
};

/** Runs a program over a script; `undefined` where it is not installed. */
async function run(command: string, args: string[]): Promise<Outcome | undefined> {
  try {
    return await runCommand(command, args);
  } catch (error) {
    if ((error as { readonly code?: unknown }).code === "ENOENT") return undefined;
    throw error;
  }
}

/** What bash offers for a line that ends at the cursor. */
async function complete(words: readonly string[]): Promise<string[]> {
  const script = `${formatCompletions(program, "bash")}
COMP_WORDS=(my-tool ${words.map((word) => `'${word}'`).join(" ")})
COMP_CWORD=${words.length}
_my_tool
printf '%s\\n' "\${COMPREPLY[@]}"`;
  const result = await run("bash", ["--norc", "-uc", script]);
  assertEquals([result?.code, result?.err], [0, ""]);
  return result!.out.split("\n").filter((line) => line !== "");
}

Deno.test("formatCompletions() offers commands, flags and values in bash", async () => {
  assertEquals(await complete([""]), ["graph", "lock"]);
  assertEquals(await complete(["-"]), ["-u", "--url", "--root", "--json"]);
  assertEquals(await complete(["graph", ""]), ["--format", "-u", "--url", "--root", "--json"]);
  assertEquals(await complete(["gr"]), ["graph"]);
  assertEquals(await complete(["graph", "--f"]), ["--format"]);
  assertEquals(await complete(["graph", "--format", ""]), ["dot", "text"]);
  assertEquals(await complete(["graph", "--format", "d"]), ["dot"]);
  assertEquals(await complete(["lock", "r"]), ["release"]);
});

Deno.test("formatCompletions() takes the value of a flag for no command in bash", async () => {
  assertEquals(await complete(["-u", "graph", "lo"]), ["lock"]);
  assertEquals(await complete(["--url", ""]), []);
});

Deno.test("formatCompletions() offers the same in fish, where it is installed", async () => {
  const offer = async (line: string): Promise<string[] | undefined> => {
    const script = `${formatCompletions(program, "fish")}\ncomplete -C ${JSON.stringify(line)}`;
    const result = await run("fish", ["--no-config", "-c", script]);
    return result?.out.split("\n").flatMap((row) => row === "" ? [] : [row.split("\t")[0]!]);
  };
  if (await run("fish", ["--version"]) === undefined) return;
  assertEquals(await offer("my-tool "), ["graph", "lock"]);
  assertEquals(await offer("my-tool -u graph lo"), ["lock"]);
  assertEquals(await offer("my-tool lock "), ["release", "status"]);
  assertEquals(await offer("my-tool graph --format "), ["dot", "text"]);
});

Deno.test("formatCompletions() writes scripts that each shell can read", async () => {
  for (const [shell, check] of [["bash", "-n"], ["zsh", "-n"], ["fish", "-n"]] as readonly [Shell, string][]) {
    await withFolder(async (folder) => {
      const path = `${folder}/completions`;
      await writeFile(path, formatCompletions(program, shell));
      const result = await run(shell, [check, path]);
      if (result !== undefined) assertEquals(result, { code: 0, out: "", err: "" });
    });
  }
});

Deno.test("formatCompletions() quotes descriptions for zsh and fish", () => {
  const zsh = formatCompletions(program, "zsh");
  assertStringIncludes(zsh, `'*--url[the user'\\''s URL \\[needed\\]]:value: '`);
  assertStringIncludes(zsh, "'graph:draw\\: it'");
  const fish = formatCompletions(program, "fish");
  assertStringIncludes(fish, "complete -c my-tool -s u -l url -d 'the user\\'s URL [needed]' -x");
  assertStringIncludes(fish, "complete -c my-tool -n 'contains -- lock (__my_tool_command)' -a 'status release'");
});
