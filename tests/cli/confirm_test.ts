import { assertEquals, assertMatch } from "@std/assert";
import { type Project, project } from "./project.ts";

const PERSON = { terminal: true, env: { TERM: "dumb" } };

async function applied(): Promise<Project> {
  const made = await project();
  await made.run("up", "2");
  return made;
}

Deno.test("main() asks on a terminal and goes on after a yes", async () => {
  const { runWith } = await applied();
  const { code, err } = await runWith({ ...PERSON, answers: ["y"] }, "down", "2");
  assertEquals(code, 0);
  assertMatch(
    err,
    /^This would:\n {2}roll back 002_users\n {2}roll back 001_roles\nRoll back 2 migrations\? \[y\/N\] ✓/,
  );
});

Deno.test("main() does nothing after anything but a yes", async () => {
  const { runWith, json } = await applied();
  for (const answers of [["n"], [""], ["yep"], []]) {
    const { code, err } = await runWith({ ...PERSON, answers }, "down", "2");
    assertEquals(code, 2);
    assertMatch(err, /Nothing done: not confirmed\n$/);
  }
  assertEquals((await json("status")).databases[0].applied.length, 2);
});

Deno.test("main() does nothing where there is no terminal to ask on", async () => {
  const { files, run, json } = await applied();
  files["migrations/default/001_roles.sql"] += "-- more\n";
  for (const line of ["down 2", "down 002_users --cascade", "down --to 0", "repair"]) {
    const { code, out, err } = await run(...line.split(" "));
    assertEquals([code, out], [2, ""]);
    assertEquals(
      err,
      "Error: Nothing done: this needs a confirmation, and there is no terminal to ask on. Give --yes\n",
    );
  }
  assertEquals((await json("down", "2")).error.code, "USAGE");
  assertEquals((await json("status")).databases[0].applied.length, 2);
  assertEquals((await run("down", "2", "--yes")).code, 0);
  assertEquals((await run("baseline", "--to", "001_roles")).code, 2);
});

Deno.test("main() does not ask before --json, even on a terminal", async () => {
  const { runWith } = await applied();
  const { code, out } = await runWith({ ...PERSON, answers: ["y"] }, "down", "2", "--json");
  assertEquals([code, JSON.parse(out).exitCode], [2, 2]);
});

Deno.test("main() does not ask for a single rollback", async () => {
  const { run } = await applied();
  assertEquals((await run("down")).code, 0);
});

Deno.test("main() refuses to carry out another plan than the one that was agreed to", async () => {
  const { files, runWith, run, json } = await applied();
  files["migrations/default/003_posts.sql"] += "-- ROLLBACK\nDROP TABLE posts;\n";
  const answering = {
    ...PERSON,
    onHost: (host: object) =>
      Object.assign(host, {
        stdin: { isTerminal: true, ask: async () => (await run("up"), "y") },
      }),
  };
  const { code, err } = await runWith(answering, "down", "2");
  assertEquals(code, 7);
  assertMatch(err, /changed since the plan was made/);
  assertEquals((await json("status")).databases[0].applied.length, 3);
});
