/**
 * A prepared folder of PGlite: to make a new one takes seconds, to unpack one that was made before a fraction of that.
 *
 * @module
 */

import type { DatabaseCache } from "../core/platform.ts";
import type { PgliteLike } from "./pglite.ts";

/** How the file of a template is made up; another number is another file. */
const FORMAT = 1;

/** What PGlite takes for a compressed archive. */
const ARCHIVE = "application/x-gzip";

/** What `version()` says of an engine whose release can be told from others. */
const RELEASE = /\(PGlite [^)]+\)/;

/** A folder as it is after it was made. */
export interface Template {
  /** What `version()` said of the engine that made it. */
  readonly engine: string;
  /** The folder: an archive, and one that was read a compressed one, as `loadDataDir` takes both. */
  readonly archive: Blob;
}

/** What stands before the archive, on a line of its own. */
interface Head {
  readonly engine: string;
  readonly size: number;
  readonly sha256: string;
}

/**
 * Names the template of an engine. Only an instance that runs knows its release: what is at hand before is the code of its
 * class, which tells most releases apart; {@linkcode engineOf} tells the rest.
 *
 * @param engine The class `PGlite`.
 * @returns Name of a file.
 */
export async function templateName(engine: unknown): Promise<string> {
  const code = new TextEncoder().encode(String(engine));
  return `pglite-${FORMAT}-${(await sha256(code)).slice(0, 16)}.tar.gz`;
}

/**
 * Asks an instance for its release.
 *
 * @param instance The instance.
 * @returns What `version()` says; `undefined` if no release can be told from it.
 */
export async function engineOf(instance: PgliteLike): Promise<string | undefined> {
  const [result] = await instance.exec("SELECT pg_catalog.version() AS version");
  const { version } = (result?.rows[0] ?? {}) as { readonly version?: string };
  return version !== undefined && RELEASE.test(version) ? version : undefined;
}

/**
 * Reads a template.
 *
 * @param cache Where it is kept.
 * @param name Its name.
 * @returns It; `undefined` if there is none. One that is damaged is removed.
 */
export async function readTemplate(cache: DatabaseCache, name: string): Promise<Template | undefined> {
  const content = await cache.read(name);
  if (content === undefined) return undefined;
  const template = await unpack(content as Uint8Array<ArrayBuffer>);
  if (template === undefined) await cache.remove(name);
  return template;
}

/**
 * Compresses and writes a template.
 *
 * @param cache Where to.
 * @param name Its name.
 * @param template It, not compressed.
 */
export async function writeTemplate(cache: DatabaseCache, name: string, template: Template): Promise<void> {
  await cache.write(name, await pack(template));
}

async function pack({ engine, archive }: Template): Promise<Uint8Array> {
  const compressed = archive.stream().pipeThrough(new CompressionStream("gzip"));
  const body = new Uint8Array(await new Response(compressed).arrayBuffer());
  const head: Head = { engine, size: body.length, sha256: await sha256(body) };
  const line = new TextEncoder().encode(`${JSON.stringify(head)}\n`);
  const content = new Uint8Array(line.length + body.length);
  content.set(line);
  content.set(body, line.length);
  return content;
}

async function unpack(content: Uint8Array<ArrayBuffer>): Promise<Template | undefined> {
  const end = content.indexOf("\n".charCodeAt(0));
  const head = readHead(new TextDecoder().decode(content.subarray(0, end)));
  const body = content.subarray(end + 1);
  if (head === undefined || head.size !== body.length || head.sha256 !== await sha256(body)) return undefined;
  return { engine: head.engine, archive: new Blob([body], { type: ARCHIVE }) };
}

function readHead(line: string): Head | undefined {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
