/**
 * How large a package is.
 *
 * @module
 */

/** A package is not to become larger than this when it is packed. */
export const LIMIT_BYTES = 440_000;

/** How many of the largest files are named. */
const NAMED = 5;

/** A file of a package. */
export interface PackageFile {
  /** Its path from the top of the package. */
  readonly path: string;
  /** What is in it. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * Reads which files `deno publish` would send.
 *
 * @param said What it wrote: one line with a URL and a size in parentheses for each file.
 * @param root URL of the package, with a slash at the end.
 * @returns Their paths from there.
 */
export function publishedPaths(said: string, root: URL): readonly string[] {
  const urls = [...said.matchAll(/^ +(file:\/\/\S+) \([\d.]+ ?[KM]?B\)$/gm)].map((match) => match[1]!);
  return urls.map((url) => decodeURIComponent(url.slice(root.href.length)));
}

/** What files come to in one stream that `gzip` packed, as a registry keeps them. */
export async function packedSize(files: readonly PackageFile[]): Promise<number> {
  const stream = new Blob(files.map(({ bytes }) => bytes)).stream().pipeThrough(new CompressionStream("gzip"));
  return (await new Response(stream).bytes()).length;
}

/**
 * Says how large a package is and what of it is large.
 *
 * @param files What is in it.
 * @param packed Its size when packed.
 * @returns Lines to print.
 */
export function describeSize(files: readonly PackageFile[], packed: number): readonly string[] {
  const total = files.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const largest = files.toSorted((a, b) => b.bytes.length - a.bytes.length).slice(0, NAMED);
  const count = `${files.length} ${files.length === 1 ? "file" : "files"}`;
  return [
    `${count}, ${kilobytes(total)}, packed ${kilobytes(packed)} of at most ${kilobytes(LIMIT_BYTES)}; the largest:`,
    ...largest.map(({ path, bytes }) => `${kilobytes(bytes.length).padStart(9)}  ${path}`),
  ];
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1_000).toFixed(1)} kB`;
}
