import { assertEquals } from "@std/assert";
import { mkdir, readdir, stat, writeFile } from "node:fs/promises";
import process from "node:process";
import { userCache } from "../../src/runtime/user_cache.ts";
import { withFolder } from "../support/folder.ts";

const BYTES = new Uint8Array([1, 2, 3]);

function cache(variables: Readonly<Record<string, string>>) {
  return userCache((name) => variables[name]);
}

Deno.test("userCache() writes whole files, for this user alone, and reads and removes them", () =>
  withFolder(async (folder) => {
    const own = cache({ METAPG_CACHE: `${folder}/a/b` });
    assertEquals(await own.read("one"), undefined);
    assertEquals(own.mayWrite("one"), true);
    await own.write("one", new Uint8Array(10));
    await own.write("one", BYTES);
    assertEquals([...await own.read("one") ?? []], [1, 2, 3]);
    assertEquals(await readdir(`${folder}/a/b`), ["one"]);
    if (process.platform !== "win32") assertEquals((await stat(`${folder}/a/b/one`)).mode & 0o777, 0o600);
    await own.remove("one");
    await own.remove("one");
    assertEquals(await readdir(`${folder}/a/b`), []);
  }));

Deno.test("userCache() is where the system has such files", () =>
  withFolder(async (folder) => {
    const where = async (variables: Readonly<Record<string, string>>, path: string) => {
      const own = cache(variables);
      await own.write("one", BYTES);
      const isThere = await stat(`${folder}/${path}/metapg-migration/one`).then(() => true, () => false);
      await own.remove("one");
      return isThere;
    };
    if (process.platform === "win32") {
      assertEquals(await where({ LOCALAPPDATA: `${folder}/local` }, "local"), true);
      return;
    }
    const inHome = process.platform === "darwin" ? "home/Library/Caches" : "home/.cache";
    assertEquals(await where({ HOME: `${folder}/home` }, inHome), true);
    assertEquals(await where({ HOME: `${folder}/home`, XDG_CACHE_HOME: `${folder}/xdg` }, "xdg"), true);
    // A relative path there means nothing.
    assertEquals(await where({ HOME: `${folder}/home`, XDG_CACHE_HOME: "xdg" }, inHome), true);
  }));

Deno.test("userCache() keeps nothing where it is turned off, or has no place", () =>
  withFolder(async (folder) => {
    for (const variables of [{ METAPG_CACHE: "off", HOME: folder }, {}, { HOME: "" }] as Record<string, string>[]) {
      const own = cache(variables);
      assertEquals(own.mayWrite("one"), false);
      await own.write("one", BYTES);
      assertEquals(await own.read("one"), undefined);
      await own.remove("one");
    }
    assertEquals(await readdir(folder), []);
  }));

Deno.test("userCache() keeps silent where it cannot write", () =>
  withFolder(async (folder) => {
    await writeFile(`${folder}/file`, "");
    await mkdir(`${folder}/taken/one`, { recursive: true });
    for (const path of [`${folder}/file`, `${folder}/file/below`, `${folder}/taken`]) {
      const own = cache({ METAPG_CACHE: path });
      await own.write("one", BYTES);
      assertEquals(await own.read("one"), undefined);
      await own.remove("one");
    }
    assertEquals(await readdir(`${folder}/taken`), ["one"]);
  }));
