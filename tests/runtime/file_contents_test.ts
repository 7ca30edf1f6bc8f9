import { assert, assertEquals, assertRejects } from "@std/assert";
import { writeFile } from "node:fs/promises";
import { MigrationError } from "../../src/core/error.ts";
import { fileContents } from "../../src/runtime/file_contents.ts";
import { withFolder } from "../support/folder.ts";

Deno.test("fileContents() reads what the files hold, one by one and many at once", () =>
  withFolder(async (folder) => {
    const texts = Array.from({ length: 100 }, (_, index) => `SELECT ${index};\n`.repeat(index));
    await Promise.all(texts.map((text, index) => writeFile(`${folder}/${index}`, text)));
    const read = fileContents();
    const one = new TextDecoder().decode(await read(`${folder}/7`));
    const all = await Promise.all(
      texts.map(async (_, index) => new TextDecoder().decode(await read(`${folder}/${index}`))),
    );
    assertEquals([one, ...all], [texts[7], ...texts]);
  }));

Deno.test("fileContents() leaves timers and sockets their turns", () =>
  withFolder(async (folder) => {
    await writeFile(`${folder}/one`, "SELECT 1;");
    const read = fileContents();
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    const start = performance.now();
    while (performance.now() - start < 200) await read(`${folder}/one`);
    clearInterval(timer);
    assert(turns >= 5, `${turns} turns`);
  }));

Deno.test("fileContents() reads large files and small ones behind them", () =>
  withFolder(async (folder) => {
    const large = new Uint8Array(40_000_000).fill(65);
    await writeFile(`${folder}/large`, large);
    await writeFile(`${folder}/small`, "SELECT 1;");
    const read = fileContents();
    for (const path of ["large", "large", "small", "small"]) {
      const content = await read(`${folder}/${path}`);
      assertEquals([content.length, content[0]], path === "large" ? [40_000_000, 65] : [9, 83]);
    }
  }));

Deno.test("fileContents() says what the system says of a file that is not there, first or later", () =>
  withFolder(async (folder) => {
    const read = fileContents();
    for (let tries = 0; tries < 3; tries++) {
      const error = await assertRejects(async () => await read(`${folder}/none`), MigrationError);
      assertEquals([error.code, error.message], [
        "CONFIG",
        `Cannot read "${folder}/none": no such file or directory`,
      ]);
    }
  }));
