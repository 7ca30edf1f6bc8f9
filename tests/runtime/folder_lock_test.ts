import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { mkdir, readFile, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import process from "node:process";
import { MigrationError } from "../../src/core/error.ts";
import { diskFolders, lockFolder } from "../../src/runtime/folder_lock.ts";
import { programCommand, runCommand } from "../support/command.ts";
import { withFolder } from "../support/folder.ts";

/** No process has it: pids end below it. */
const NO_PID = 2 ** 30;

async function withPaths(body: (folder: string, lockFile: string) => Promise<void>): Promise<void> {
  await withFolder((above) => body(`${above}/deep/data`, `${above}/deep/data.lock`));
}

async function plant(lockFile: string, holder: object | string): Promise<void> {
  await mkdir(lockFile.slice(0, lockFile.lastIndexOf("/")), { recursive: true });
  const whole = { pid: NO_PID, host: hostname(), start: null, since: "2020-01-01T00:00:00.000Z", token: "t" };
  await writeFile(lockFile, typeof holder === "string" ? holder : JSON.stringify({ ...whole, ...holder }));
}

async function refused(folder: string, waitMs = 0): Promise<MigrationError> {
  const error = await assertRejects(() => lockFolder(folder, waitMs), MigrationError);
  assertEquals(error.code, "LOCK_TIMEOUT");
  return error;
}

Deno.test("lockFolder() writes who has the folder and removes that on release", () =>
  withPaths(async (folder, lockFile) => {
    const lock = await lockFolder(folder, 0);
    const holder = JSON.parse(await readFile(lockFile, "utf8"));
    assertEquals([holder.pid, holder.host], [process.pid, hostname()]);
    assert(!Number.isNaN(Date.parse(holder.since)));
    await lock.release();
    assertEquals(await diskFolders().exists(lockFile), false);
    const next = await lockFolder(folder, 0);
    await lock.release();
    assertEquals(await diskFolders().exists(lockFile), true);
    await next.release();
  }));

Deno.test("lockFolder() names the holder after it waited in vain", () =>
  withPaths(async (folder, lockFile) => {
    const lock = await diskFolders().lock(folder, 0);
    const started = performance.now();
    const error = await refused(folder, 300);
    assert(performance.now() - started >= 300);
    assertStringIncludes(
      error.message,
      `Cannot open "${folder}": process ${process.pid} on ${hostname()} has it since 2`,
    );
    assertStringIncludes(error.hint ?? "", lockFile);
    await lock.release();
  }));

Deno.test("lockFolder() gets the folder as soon as it is free", () =>
  withPaths(async (folder) => {
    const first = await lockFolder(folder, 0);
    const second = lockFolder(folder, 20_000);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await first.release();
    await (await second).release();
  }));

Deno.test("lockFolder() takes over from a process that is gone", () =>
  withPaths(async (folder, lockFile) => {
    await plant(lockFile, {});
    await (await lockFolder(folder, 0)).release();
    await plant(lockFile, { pid: process.pid });
    await (await lockFolder(folder, 0)).release();
  }));

Deno.test({
  name: "lockFolder() takes over from a process whose pid another one has by now",
  ignore: process.platform !== "linux",
  fn: () =>
    withPaths(async (folder, lockFile) => {
      await plant(lockFile, { pid: process.ppid, start: "another boot:1" });
      await (await lockFolder(folder, 0)).release();
    }),
});

Deno.test("lockFolder() leaves the lock of a process that may live", () =>
  withPaths(async (folder, lockFile) => {
    await plant(lockFile, { pid: process.ppid });
    await refused(folder);
    await plant(lockFile, { host: "another-machine" });
    assertStringIncludes(
      (await refused(folder)).message,
      `process ${NO_PID} on another-machine has it since 2020-01-01`,
    );
  }));

Deno.test("lockFolder() waits for a lock file to be filled, but not for ever", () =>
  withPaths(async (folder, lockFile) => {
    await plant(lockFile, "");
    assertStringIncludes((await refused(folder)).message, "another process has it");
    await utimes(lockFile, new Date(), new Date(Date.now() - 60_000));
    await (await lockFolder(folder, 0)).release();
  }));

Deno.test("lockFolder() leaves a stale lock to whoever is about to remove it, unless that one is gone too", () =>
  withPaths(async (folder, lockFile) => {
    await plant(lockFile, {});
    await plant(`${lockFile}.stale`, {});
    await refused(folder);
    await utimes(`${lockFile}.stale`, new Date(), new Date(Date.now() - 60_000));
    await (await lockFolder(folder, 5_000)).release();
  }));

Deno.test("lockFolder() gives a stale lock to one of many", () =>
  withPaths(async (folder, lockFile) => {
    for (let round = 0; round < 5; round++) {
      await plant(lockFile, {});
      const results = await Promise.allSettled(Array.from({ length: 20 }, () => lockFolder(folder, 0)));
      const locks = results.filter((result) => result.status === "fulfilled").map(({ value }) => value);
      assert(locks.length <= 1);
      for (const lock of locks) await lock.release();
    }
  }));

Deno.test("lockFolder() is had by one process at a time", () =>
  withPaths(async (folder) => {
    const [program, ...args] = programCommand("folder_lock_program.ts", import.meta.url);
    const runs = await Promise.all([1, 2, 3].map(() => runCommand(program, [...args, folder])));
    for (const { code, err } of runs) assertEquals(code, 0, err);
    assertEquals(await diskFolders().exists(`${folder}.lock`), false);
  }));

Deno.test("lockFolder() says that a lock file cannot be written", async () => {
  for (const folder of ["/proc/none/data", `/tmp/${"x".repeat(300)}`]) {
    const error = await assertRejects(() => lockFolder(folder, 0), MigrationError);
    assertEquals(error.code, "CONFIG");
    assertStringIncludes(error.message, `Cannot lock "${folder}": `);
  }
});
