import { assertEquals } from "@std/assert";
import { describeSize, packedSize, publishedPaths } from "../../scripts/package_size.ts";

const ROOT = new URL("file:///home/me/a%20b/");

const file = (path: string, size: number) => ({ path, bytes: new Uint8Array(size) });

Deno.test("publishedPaths() reads the files of a dry run and nothing else that it says", () => {
  const said = `Checking for slow types in the public API...
warning[unanalyzable-dynamic-import]: unable to analyze dynamic import
  --> /home/me/a b/src/x.ts:25:41
Simulating publish of @me/it@1.0.0 with files:
   file:///home/me/a%20b/README.md (13.25KB)
   file:///home/me/a%20b/src/cli/one.ts (789B)
   file:///home/me/a%20b/big.ts (1.5MB)
Success Dry run complete
`;
  assertEquals(publishedPaths(said, ROOT), ["README.md", "src/cli/one.ts", "big.ts"]);
});

Deno.test("packedSize() is that of all files in one stream", async () => {
  const size = await packedSize([file("a", 100_000), file("b", 100_000)]);
  assertEquals([size > 100, size < 1_000], [true, true]);
});

Deno.test("describeSize() counts files and names the five largest, largest first", () => {
  const files = [1, 6, 3, 5, 2, 4].map((size) => file(`f${size}.ts`, size * 1_000));
  assertEquals(describeSize(files, 7_050), [
    "6 files, 21.0 kB, packed 7.0 kB of at most 440.0 kB; the largest:",
    "   6.0 kB  f6.ts",
    "   5.0 kB  f5.ts",
    "   4.0 kB  f4.ts",
    "   3.0 kB  f3.ts",
    "   2.0 kB  f2.ts",
  ]);
});
