import { assertEquals } from "@std/assert";
import layers from "../../scripts/lint_layers.ts";

/** What the plugin says about a file, as `rule: message`. */
function lint(path: string, source: string): string[] {
  return Deno.lint.runPlugin(layers, path, source).map((found) => `${found.id}: ${found.message}`);
}

Deno.test("layers/imports lets a file import its own folder and those below it", () => {
  assertEquals(lint("src/core/graph.ts", `import { a } from "./migration.ts";`), []);
  assertEquals(lint("src/core/sql/lexer.ts", `import { a } from "../problem.ts";`), []);
  assertEquals(lint("src/runner/lock.ts", `import type { A } from "../core/database.ts";`), []);
  assertEquals(lint("src/report/table.ts", `export * from "../core/status.ts";`), []);
});

Deno.test("layers/imports refuses an arrow that points up", () => {
  assertEquals(lint("src/core/graph.ts", `import { a } from "../runner/lock.ts";`), [
    `layers/imports: "src/core" must not import "src/runner"`,
  ]);
  assertEquals(lint("src/report/table.ts", `import type { A } from "../runner/lock.ts";`), [
    `layers/imports: "src/report" must not import "src/runner"`,
  ]);
});

Deno.test("layers/imports looks at every form that brings in a module", () => {
  const message = `layers/imports: "src/core" must not import "src/cli"`;
  for (
    const source of [
      `import "../cli/main.ts";`,
      `export { main } from "../cli/main.ts";`,
      `export * from "../cli/main.ts";`,
      `await import("../cli/main.ts");`,
      `type Main = import("../cli/main.ts").Main;`,
    ]
  ) assertEquals(lint("src/core/graph.ts", source), [message], source);
});

Deno.test("layers/imports lets cli import types of runtime and nothing else of it", () => {
  assertEquals(lint("src/cli/main.ts", `import type { Host } from "../runtime/host.ts";`), []);
  assertEquals(lint("src/cli/main.ts", `import { type Host } from "../runtime/host.ts";`), []);
  assertEquals(lint("src/cli/main.ts", `import { host, type Host } from "../runtime/host.ts";`), [
    `layers/imports: "src/cli" may import only types of "src/runtime"`,
  ]);
});

Deno.test("layers/imports keeps drivers in database and node: in runtime", () => {
  assertEquals(lint("src/database/postgres.ts", `import postgres from "postgres";`), []);
  assertEquals(lint("src/runtime/node.ts", `import { readFile } from "node:fs/promises";`), []);
  assertEquals(lint("src/runner/lock.ts", `import postgres from "postgres";`), [
    `layers/imports: "src/runner" must not import the package "postgres"`,
  ]);
  assertEquals(lint("src/core/checksum.ts", `import { createHash } from "node:crypto";`), [
    `layers/imports: "src/core" must not import the package "node:crypto"`,
  ]);
});

Deno.test("layers/imports keeps the grammar in lint, of which reports know types alone", () => {
  assertEquals(lint("src/lint/tree.ts", `import type { Node } from "libpg-query";`), []);
  assertEquals(lint("src/runner/run.ts", `import type { Node } from "libpg-query";`), [
    `layers/imports: "src/runner" must not import the package "libpg-query"`,
  ]);
  assertEquals(lint("src/report/lint_text.ts", `import type { LintFinding } from "../lint/finding.ts";`), []);
  assertEquals(lint("src/report/lint_text.ts", `import { RULES } from "../lint/rules.ts";`), [
    `layers/imports: "src/report" may import only types of "src/lint"`,
  ]);
  assertEquals(lint("src/lint/lint.ts", `import { main } from "../cli/main.ts";`), [
    `layers/imports: "src/lint" must not import "src/cli"`,
  ]);
});

Deno.test("layers/imports refuses a way out of the layers and a folder without a line in the table", () => {
  assertEquals(lint("src/core/graph.ts", `import { a } from "../../mod.ts";`), [
    `layers/imports: "src/core" must not import "mod.ts", which is outside the layers`,
  ]);
  assertEquals(lint("src/stuff/a.ts", `import { b } from "./b.ts";`), [
    `layers/imports: Folder "src/stuff" has no line in the table of layers`,
  ]);
});

Deno.test("layers/imports leaves entry points, tests and scripts alone", () => {
  const source = `import postgres from "postgres"; import { a } from "./src/runtime/deno.ts";`;
  for (const path of ["mod.ts", "tests/core/graph_test.ts", "scripts/run.ts"]) assertEquals(lint(path, source), []);
});

Deno.test("layers/platform keeps the names of the platform in runtime", () => {
  assertEquals(lint("src/cli/main.ts", `Deno.exit(1);`), [`layers/platform: Only "src/runtime" may name "Deno"`]);
  assertEquals(lint("cli.ts", `console.log(1);`), [`layers/platform: Only "src/runtime" may name "console"`]);
  assertEquals(lint("src/core/a.ts", `globalThis.process.exit();`), [
    `layers/platform: Only "src/runtime" may name "process"`,
  ]);
  assertEquals(lint("src/core/a.ts", `let file: Deno.FsFile;`), [
    `layers/platform: Only "src/runtime" may name "Deno"`,
  ]);
  assertEquals(lint("src/runtime/deno.ts", `Deno.exit(1);`), []);
  assertEquals(lint("tests/core/a_test.ts", `Deno.test("a", () => {});`), []);
});

Deno.test("layers/platform takes a key of that name for what it is", () => {
  assertEquals(lint("src/core/a.ts", `job.process(); const o = { console: 1 }; class A { process(): void {} }`), []);
});

Deno.test("layers/named refuses a default export of the product only", () => {
  const message = "layers/named: Exports of the product have names; there is no default export";
  assertEquals(lint("src/core/a.ts", `export default 1;`), [message]);
  assertEquals(lint("mod.ts", `const a = 1; export { a as default };`), [message]);
  assertEquals(lint("scripts/a.ts", `export default 1;`), []);
});

Deno.test("layers/files refuses a name that says nothing", () => {
  assertEquals(lint("src/core/utils.ts", `export const a = 1;`), [
    `layers/files: Name the file for its one concept, not "utils.ts"`,
  ]);
  assertEquals(lint("src/core/mod.ts", `export const a = 1;`), []);
});
