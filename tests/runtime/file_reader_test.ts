import { assertEquals, assertRejects } from "@std/assert";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { MigrationError } from "../../src/core/error.ts";
import { diskReader } from "../../src/runtime/file_reader.ts";
import { runCommand } from "../support/command.ts";
import { withFolder } from "../support/folder.ts";

async function write(folder: string, ...paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    await mkdir(`${folder}/${path}`.replace(/\/[^/]*$/, ""), { recursive: true });
    await writeFile(`${folder}/${path}`, path);
  }
}

Deno.test("diskReader() lists files at any depth but not in hidden folders", () =>
  withFolder(async (folder) => {
    await write(
      folder,
      "001_a.sql",
      "b/c/002_x.SQL",
      ".hidden/003_y.sql",
      "b/.git/x",
      ".dot",
      "_under.sql",
      "_old/004_z.sql",
    );
    assertEquals((await diskReader().list(folder)).toSorted(), [
      ".dot",
      "001_a.sql",
      "_old/004_z.sql",
      "_under.sql",
      "b/c/002_x.SQL",
    ]);
  }));

Deno.test("diskReader() follows links to files and folders, as Kubernetes mounts them", () =>
  withFolder(async (folder) => {
    await write(folder, "..2024/001_a.sql", "elsewhere/002_b.sql");
    await symlink("..2024", `${folder}/..data`);
    await symlink("..data/001_a.sql", `${folder}/001_a.sql`);
    await symlink("elsewhere", `${folder}/linked`);
    assertEquals((await diskReader().list(folder)).toSorted(), [
      "001_a.sql",
      "elsewhere/002_b.sql",
      "linked/002_b.sql",
    ]);
    assertEquals(
      new TextDecoder().decode(await diskReader().read(`${folder}/001_a.sql`) as Uint8Array),
      "..2024/001_a.sql",
    );
  }));

Deno.test("diskReader() ends where links lead in a circle, and lists links that lead nowhere", () =>
  withFolder(async (folder) => {
    await write(folder, "a/001_a.sql");
    await symlink("..", `${folder}/a/up`);
    await symlink("loop", `${folder}/a/loop`);
    await symlink("nowhere", `${folder}/a/002_gone.sql`);
    assertEquals((await diskReader().list(folder)).toSorted(), ["a/001_a.sql", "a/002_gone.sql", "a/loop"]);
    const message = (path: string) =>
      assertRejects(() => diskReader().read(`${folder}/${path}`), MigrationError).then((error: Error) => error.message);
    assertEquals(await message("a/002_gone.sql"), `Cannot read "${folder}/a/002_gone.sql": no such file or directory`);
    assertEquals(await message("a/loop"), `Cannot read "${folder}/a/loop": its links lead in a circle`);
  }));

Deno.test("diskReader() leaves out what is neither file nor folder", () =>
  withFolder(async (folder) => {
    assertEquals((await runCommand("mkfifo", [`${folder}/001_pipe.sql`])).code, 0);
    assertEquals(await diskReader().list(folder), []);
  }));

Deno.test("diskReader() says what cannot be read, and why", () =>
  withFolder(async (folder) => {
    await write(folder, "file");
    for (const [path, reason] of [["none", "no such file or directory"], ["file", "it is not a directory"]]) {
      const error = await assertRejects(() => diskReader().list(`${folder}/${path}`), MigrationError);
      assertEquals([error.code, error.message], ["CONFIG", `Cannot read "${folder}/${path}": ${reason}`]);
    }
    const error = await assertRejects(() => diskReader().read(folder), MigrationError);
    assertEquals([error.code, error.message], ["CONFIG", `Cannot read "${folder}": it is a directory`]);
  }));

Deno.test("diskReader() lists a folder with the name of a migration, so that reading it fails", () =>
  withFolder(async (folder) => {
    await mkdir(`${folder}/001_a.sql`);
    assertEquals(await diskReader().list(folder), ["001_a.sql"]);
    await assertRejects(
      () => diskReader().read(`${folder}/001_a.sql`),
      MigrationError,
      `Cannot read "${folder}/001_a.sql": it is a directory`,
    );
  }));
