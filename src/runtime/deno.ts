/**
 * What Deno has of its own, where that is quicker than what it has of Node.js.
 *
 * @module
 */

/** An entry of a folder. */
export interface DenoEntry {
  readonly name: string;
  readonly isFile: boolean;
  readonly isDirectory: boolean;
  readonly isSymlink: boolean;
}

/** The part that is used. */
interface DenoFiles {
  readFileSync(path: string): Uint8Array;
  readDirSync(path: string): Iterable<DenoEntry>;
  readonly permissions: {
    querySync(wanted: { readonly name: "read"; readonly path: string }): { readonly state: string };
  };
}

const { Deno: found, navigator } = globalThis as {
  readonly Deno?: DenoFiles;
  /** Node 20 has none. */
  readonly navigator?: { readonly userAgent?: string };
};

/** It; `undefined` on another runtime, also where a program there has put something under its name. */
export const deno: DenoFiles | undefined = navigator?.userAgent?.startsWith("Deno/") === true ? found : undefined;
