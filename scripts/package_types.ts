/**
 * Compiles programs in TypeScript against the installed package, the strict way and without skipping declarations.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { type Captured, tryCapture } from "./capture.ts";

/** How a program is compiled. */
export interface Compilation {
  /** The program in `tests/node/`. */
  readonly program: string;
  /** The project that it is compiled in. */
  readonly home: URL;
  /** The project that has the compiler, and `@types`. */
  readonly tools: URL;
  /** How modules are found. */
  readonly resolution: "bundler" | "nodenext";
  /** Libraries of the language. */
  readonly lib: readonly string[];
  /** Packages of types. */
  readonly types: readonly string[];
}

/**
 * Compiles a program.
 *
 * @param compilation How.
 * @returns What the compiler came to.
 */
export async function compile({ program, home, tools, resolution, lib, types }: Compilation): Promise<Captured> {
  const config = `tsconfig.${program}.${resolution}.${[...lib, ...types].join("-")}.json`;
  await Deno.writeTextFile(
    new URL(config, home),
    JSON.stringify({
      compilerOptions: {
        strict: true,
        noUncheckedIndexedAccess: true,
        exactOptionalPropertyTypes: true,
        skipLibCheck: false,
        noEmit: true,
        target: "ES2022",
        module: resolution === "bundler" ? "ESNext" : "NodeNext",
        moduleResolution: resolution,
        lib,
        types,
        typeRoots: [fileURLToPath(new URL("node_modules/@types", tools))],
      },
      files: [program],
    }),
  );
  const compiler = fileURLToPath(new URL("node_modules/typescript/bin/tsc", tools));
  return await tryCapture("node", [compiler, "--project", config], { cwd: home });
}

/**
 * Compares what the compiler finds in a program with the comments in it, `// TS` and a number.
 *
 * @param text Text of the program.
 * @param printed What the compiler printed.
 * @returns A line for each error that was found and not wanted, or wanted and not found.
 */
export function compareErrors(text: string, printed: string): readonly string[] {
  const found = [...printed.matchAll(/\((\d+),\d+\): error (TS\d+)/g)].map(([, line, code]) => `${line} ${code}`);
  const wanted = text.split("\n").flatMap((line, index) => {
    const code = /\/\/ (TS\d+)$/.exec(line)?.[1];
    return code === undefined ? [] : [`${index + 1} ${code}`];
  });
  return [
    ...found.filter((error) => !wanted.includes(error)).map((error) => `line ${error} is not expected`),
    ...wanted.filter((error) => !found.includes(error)).map((error) => `line ${error} was not found`),
  ];
}
