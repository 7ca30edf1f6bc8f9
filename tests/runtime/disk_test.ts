import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { MigrationError } from "../../src/core/error.ts";
import { fileError, makeDirectory, readTextFile, writeNewFile } from "../../src/runtime/disk.ts";
import { withFolder } from "../support/folder.ts";

Deno.test("writeNewFile() writes only what does not exist", () =>
  withFolder(async (folder) => {
    const path = `${folder}/a/b/x.sql`;
    const message = (run: () => Promise<unknown>) =>
      assertRejects(run, MigrationError).then((error: Error) => error.message);
    assertEquals(await message(() => writeNewFile(path, "1")), `Cannot write "${path}": no such file or directory`);
    await makeDirectory(`${folder}/a/b`);
    await makeDirectory(`${folder}/a/b`);
    await writeNewFile(path, "1");
    assertEquals(await message(() => writeNewFile(path, "2")), `Cannot write "${path}": it exists already`);
    assertEquals(await readTextFile(path), "1");
    assertEquals(
      await message(() => readTextFile(`${path}.none`)),
      `Cannot read "${path}.none": no such file or directory`,
    );
    assertStringIncludes(await message(() => makeDirectory(`${path}/c`)), `Cannot create "${path}/c": `);
  }));

Deno.test("fileError() falls back on what the system said", () => {
  assertEquals(fileError("read", "x", { code: "EIO", message: "i/o error" }).message, 'Cannot read "x": i/o error');
  assertEquals(fileError("read", "x", "odd").message, 'Cannot read "x": odd');
});
