import { assertEquals } from "@std/assert";
import { crypto } from "@std/crypto";
import { checksum, tokenChecksum } from "../../src/core/checksum.ts";
import { sqlFiles } from "../core/_oracle.ts";

/** SHA-256 by the implementation of `@std/crypto`, which needs no Web Crypto. */
function sha256(text: string): string {
  const hash = new Uint8Array(crypto.subtle.digestSync("SHA-256", new TextEncoder().encode(text)));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

Deno.test("checksum() agrees with @std/crypto on every sample migration", async () => {
  for (const { path, text } of sqlFiles("migrations")) assertEquals(await checksum(text), sha256(text), path);
});

Deno.test("tokenChecksum() agrees with @std/crypto", async () => {
  assertEquals(await tokenChecksum("-- One\nSELECT 'é🐘' ;\n"), `1:${sha256("SELECT\n'é🐘'\n")}`);
});
