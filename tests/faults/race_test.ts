import { assert, assertEquals } from "@std/assert";
import { memoryReader, MigrationRunner } from "../../mod.ts";
import { spawnCli } from "../support/cli_process.ts";
import { withDatabase } from "../support/databases.ts";
import { assertRanOnce, type RaceProject, raceProjects } from "./race_project.ts";
import { report, tries } from "./tally.ts";

const ROUNDS = tries(1, 20);
const RUNNERS = tries(8, 16);
const WAITING = tries(4, 8);

/** Writes a project into a folder of its own and removes it in the end. */
async function inFolder(project: RaceProject, body: (cwd: string) => Promise<void>): Promise<void> {
  const cwd = await Deno.makeTempDir({ prefix: "metapg_" });
  try {
    await Deno.mkdir(`${cwd}/migrations/default`, { recursive: true });
    for (const [name, text] of Object.entries(project.files)) {
      await Deno.writeTextFile(`${cwd}/migrations/default/${name}`, text);
    }
    await body(cwd);
  } finally {
    await Deno.remove(cwd, { recursive: true });
  }
}

/** What one process told, by type. */
function typesOf(stdout: string): string[] {
  return stdout.trim().split("\n").map((line) => String(JSON.parse(line).type));
}

/** Starts all processes at once; returns how many were seen waiting. */
async function raceProcesses(url: string, cwd: string): Promise<number> {
  const children = Array.from({ length: RUNNERS }, () => spawnCli(["up", "--ndjson", "--url", url], { cwd }));
  const outputs = await Promise.all(children.map((child) => child.output()));
  const decoder = new TextDecoder();
  const ends = outputs.map(({ code, stderr }) => ({ code, stderr: decoder.decode(stderr) }));
  assertEquals(ends, Array(RUNNERS).fill({ code: 0, stderr: "" }));
  const told = outputs.map(({ stdout }) => typesOf(decoder.decode(stdout)));
  for (const type of ["migration:failed", "migration:retry", "notice", "warning"]) {
    assertEquals(told.filter((types) => types.includes(type)).length, 0, type);
  }
  return told.filter((types) => types.includes("lock:wait")).length;
}

/** Starts all runners of this process at once; returns how many were seen waiting. */
async function raceRunners(url: string, project: RaceProject): Promise<number> {
  const files = Object.entries(project.files).map(([name, text]) => [`migrations/default/${name}`, text]);
  const waiting = new Set<number>();
  const runs = Array.from({ length: RUNNERS }, (_, index) => {
    const runner = new MigrationRunner({ database: url, reader: memoryReader(Object.fromEntries(files)) });
    return runner.applyPending({ onEvent: ({ type }) => type === "lock:wait" && waiting.add(index) });
  });
  const applied = await Promise.all(runs);
  assertEquals(applied.flat(), files.map(([path]) => path!.slice("migrations/default/".length, -".sql".length)));
  return waiting.size;
}

/** Runs all rounds, each on an empty database. */
async function race(
  fault: string,
  project: RaceProject,
  major: 14 | 18,
  round: (url: string) => Promise<number>,
): Promise<void> {
  for (let count = 0; count < ROUNDS; count++) {
    await withDatabase(async (url) => {
      const waited = await round(url);
      assert(waited >= WAITING, `${waited} of ${RUNNERS} were seen waiting`);
      await assertRanOnce(url, project);
    }, { major });
  }
  const title = `${RUNNERS} ${fault}, ${project.title}, PG ${major}`;
  report({ fault: title, tries: ROUNDS, inside: ROUNDS, survived: ROUNDS });
}

for (const major of [14, 18] as const) {
  for (const project of raceProjects(WAITING)) {
    const where = `${project.title} on PostgreSQL ${major}`;
    Deno.test(`processes that start at once apply each migration once, ${where}`, () =>
      inFolder(project, (cwd) => race("processes", project, major, (url) => raceProcesses(url, cwd))));

    Deno.test(`runners of one process that start at once apply each migration once, ${where}`, () =>
      race("runners", project, major, (url) => raceRunners(url, project)));
  }
}
