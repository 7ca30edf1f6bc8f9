import { assertEquals, assertThrows } from "@std/assert";
import { parseEnvFile } from "../../src/cli/env_file.ts";
import { MigrationError } from "../../src/core/error.ts";

function parse(text: string): Record<string, string> {
  return Object.fromEntries(parseEnvFile(text, ".env"));
}

Deno.test("parseEnvFile() reads bare and quoted values, comments and export", () => {
  assertEquals(
    parse(`\ufeff# comment
A=1
  B = two words  # comment
export C='it # is "so"'
D="a\\nb \\"c\\" \\$x \\\\"  # comment
E=
F=postgres://u:p#w@h/db?x=y=z

A=2\r
G= # nothing
`),
    {
      A: "2",
      B: "two words",
      C: 'it # is "so"',
      D: 'a\nb "c" $x \\',
      E: "",
      F: "postgres://u:p#w@h/db?x=y=z",
      G: "",
    },
  );
});

Deno.test("parseEnvFile() names the line that it cannot read, and never shows it", () => {
  for (const bad of ["secret", 'A="secret', "A='secret' x", "1A=secret"]) {
    const error = assertThrows(() => parse(`X=1\n${bad}\n`), MigrationError);
    assertEquals([error.code, error.message], ["CONFIG", 'Cannot read ".env": line 2 is not KEY=VALUE']);
  }
});
