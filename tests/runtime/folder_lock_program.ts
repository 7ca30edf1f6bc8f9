/** What `folder_lock_test.ts` runs as a process, several times at once: `folder_lock_program.ts FOLDER`. */
import { rm, writeFile } from "node:fs/promises";
import process from "node:process";
import { lockFolder } from "../../src/runtime/folder_lock.ts";

const folder = process.argv[2]!;
for (let round = 0; round < 5; round++) {
  const lock = await lockFolder(folder, 60_000);
  await writeFile(`${folder}.alone`, "", { flag: "wx" });
  await new Promise((resolve) => setTimeout(resolve, 5));
  await rm(`${folder}.alone`);
  await lock.release();
}
await lockFolder(folder, 60_000);
process.exit(0);
