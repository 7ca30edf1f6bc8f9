import { assertEquals } from "@std/assert";
import { finishDeclaration, relativeImports } from "../../scripts/declarations.ts";

const DECLARATION = `/**
 * import { assertEquals } from "@std/assert";
 */
import "./globals.ts";
import type { Database } from "./src/core/database.ts";
export { A, type B } from "../a.b.ts";
export declare const x: import("./src/x.ts").X;
export declare const text = "./not.ts";
`;

Deno.test("relativeImports() finds every form of an import, and nothing else", () => {
  assertEquals(relativeImports(DECLARATION), [
    "./globals.d.ts",
    "./src/core/database.d.ts",
    "../a.b.d.ts",
    "./src/x.d.ts",
  ]);
});

Deno.test("finishDeclaration() names modules as they are in the package", () => {
  assertEquals(
    finishDeclaration(DECLARATION),
    `/**
 * import { assertEquals } from "@std/assert";
 */
import "./globals.js";
import type { Database } from "./src/core/database.js";
export { A, type B } from "../a.b.js";
export declare const x: import("./src/x.js").X;
export declare const text = "./not.ts";
`,
  );
});

Deno.test("finishDeclaration() names the library of what can be disposed of, once", () => {
  const text = "export declare class Runner implements AsyncDisposable {}\n";
  const finished = `/// <reference lib="esnext.disposable" />\n${text}`;
  assertEquals(finishDeclaration(text), finished);
  assertEquals(finishDeclaration(finished), finished);
});
