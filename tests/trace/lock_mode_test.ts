import { assertEquals } from "@std/assert";
import { blockedBy, conflict, LOCK_MODES, parseLockMode, strongestMode } from "../../src/trace/lock_mode.ts";

Deno.test("conflict() is as the manual's table has it, which reads the same from both sides", () => {
  const table = LOCK_MODES.map((a) => LOCK_MODES.map((b) => conflict(a, b) ? "X" : ".").join(""));
  assertEquals(table, [
    ".......X", // ACCESS SHARE
    "......XX", // ROW SHARE
    "....XXXX", // ROW EXCLUSIVE
    "...XXXXX", // SHARE UPDATE EXCLUSIVE
    "..XX.XXX", // SHARE
    "..XXXXXX", // SHARE ROW EXCLUSIVE
    ".XXXXXXX", // EXCLUSIVE
    "XXXXXXXX", // ACCESS EXCLUSIVE
  ]);
});

Deno.test("parseLockMode() reads the names of pg_locks, and none of a lock on predicates", () => {
  const names = LOCK_MODES.map((mode) =>
    `${mode.split(" ").map((word) => word.charAt(0) + word.slice(1).toLowerCase()).join("")}Lock`
  );
  assertEquals(names[3], "ShareUpdateExclusiveLock");
  assertEquals(names.map(parseLockMode), [...LOCK_MODES]);
  assertEquals(parseLockMode("SIReadLock"), undefined);
});

Deno.test("blockedBy() adds up what is held", () => {
  assertEquals(blockedBy(["ACCESS SHARE"]), ["schema changes"]);
  assertEquals(blockedBy(["ROW EXCLUSIVE"]), ["index builds", "schema changes"]);
  assertEquals(blockedBy(["SHARE UPDATE EXCLUSIVE"]), ["maintenance", "index builds", "schema changes"]);
  assertEquals(blockedBy(["SHARE"]), ["writes", "maintenance", "schema changes"]);
  assertEquals(blockedBy(["SHARE", "ROW EXCLUSIVE"]), ["writes", "maintenance", "index builds", "schema changes"]);
  assertEquals(blockedBy(["EXCLUSIVE"]), ["row locks", "writes", "maintenance", "index builds", "schema changes"]);
  assertEquals(blockedBy(["ACCESS EXCLUSIVE"])[0], "reads");
  assertEquals(strongestMode(["SHARE", "ROW EXCLUSIVE"]), "SHARE");
  assertEquals(strongestMode([]), undefined);
});
