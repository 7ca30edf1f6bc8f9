import { assert, assertStringIncludes } from "@std/assert";

const ROOT = new URL("../../", import.meta.url);

/** The rows of the README's table of faults: the name of a test, and the file that it is in. */
async function promises(): Promise<(readonly [name: string, path: string])[]> {
  const text = await Deno.readTextFile(new URL("README.md", ROOT));
  const table = text.slice(text.indexOf("## What happens when"), text.indexOf("## The file format"));
  return [...table.matchAll(/\| \[([^\]]+)\]\(([^)]+)\)\s+\|$/gm)].map(([, name, path]) => [name!, path!]);
}

Deno.test("every line of the README's table of faults names a test that is there", async () => {
  const rows = await promises();
  assert(rows.length >= 15, `${rows.length} rows`);
  for (const [name, path] of rows) {
    const text = (await Deno.readTextFile(new URL(path, ROOT))).replaceAll(/\s+/g, " ");
    assertStringIncludes(text, name, path);
  }
});
