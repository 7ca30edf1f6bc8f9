import { assertEquals } from "@std/assert";
import { checksum, tokenChecksum } from "../../src/core/checksum.ts";
import { diskReader } from "../../src/runtime/file_reader.ts";
import { runtimeSha256 } from "../../src/runtime/sha256.ts";

Deno.test("runtimeSha256() makes the checksums that Web Crypto makes", async () => {
  const sha256 = runtimeSha256()!;
  for (const text of ["", "SELECT 1;", "-- é🐘\nSELECT 'a'  'b';\n", "SELECT 1, ".repeat(10_000)]) {
    assertEquals(await checksum(text, sha256), await checksum(text));
    assertEquals(await tokenChecksum(text, sha256), await tokenChecksum(text));
  }
});

Deno.test("diskReader() hashes at once where the runtime can", () => {
  assertEquals(
    diskReader().sha256?.(new TextEncoder().encode("abc")),
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  );
});
