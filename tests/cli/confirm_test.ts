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
    assertMatch(
      err,
      /^This would:\n( {2}(roll back|accept) .+\n)+Error: Nothing done: this needs a confirmation, and there is no terminal to ask on\. Give --yes\n$/,
    );
  }
  assertEquals((await json("down", "2")).error.code, "USAGE");
  assertEquals((await json("status")).databases[0].applied.length, 2);
  assertEquals((await run("down", "2", "--yes")).code, 0);
  const baseline = await run("baseline", "--to", "001_roles");
  assertEquals(baseline.code, 2);
  assertMatch(baseline.err, /^default: record as applied, without running: 001_roles\nError: Nothing done: /);
});

Deno.test("main() prints no change twice, and every change once with --yes", async () => {
  const { files, runWith, run } = await applied();
  const changes = (text: string) => text.split("accept 001_roles").length - 1;
  files["migrations/default/001_roles.sql"] += "-- more\n";
  const asked = await runWith({ ...PERSON, answers: ["y"] }, "repair");
  assertEquals([asked.code, asked.out, changes(asked.err)], [0, "Made 1 change\n", 1]);
  files["migrations/default/001_roles.sql"] += "-- more\n";
  const told = await run("repair", "-y");
  assertEquals([told.code, changes(told.out), told.err], [0, 1, ""]);
});

Deno.test("main() repair shows every change and asks, and a no changes nothing", async () => {
  const { files, run, runWith, json } = await project();
  await run("up");
  files["migrations/default/001_roles.sql"] += "-- more\n";
  files["migrations/default/002_people.sql"] = files["migrations/default/002_users.sql"]!;
  delete files["migrations/default/002_users.sql"];
  delete files["migrations/default/003_posts.sql"];
  const question =
    /^This would:\n {2}rename 002_users to 002_people\n {2}accept 001_roles as its file is: checksum \w{12} becomes \w{12}\n {2}forget 003_posts: its row is deleted, what it did to the database stays\nMake 3 changes\? \[y\/N\] /;
  const [before] = (await json("status")).databases;
  const declined = await runWith({ ...PERSON, answers: ["n"] }, "repair", "--forget", "003_posts");
  assertEquals([declined.code, declined.out], [2, ""]);
  assertMatch(declined.err, question);
  assertEquals((await json("status")).databases[0], before);
  assertEquals((await json("history")).databases[0].history.length, 3);
  const agreed = await runWith({ ...PERSON, answers: ["yes"] }, "repair", "--forget", "003_posts");
  assertEquals([agreed.code, agreed.out], [0, "Made 3 changes\n"]);
  assertMatch(agreed.err, question);
  const [after] = (await json("status")).databases;
  assertEquals(after.applied.map((record: { readonly name: string }) => record.name), ["001_roles", "002_people"]);
});

Deno.test("main() repair asks before a unit counts as done or runs again", async () => {
  const { runWith, run, json } = await project({
    "migrations/default/001_work.sql":
      "-- Transaction: none\nCREATE TABLE one (id int);\nINSERT INTO later VALUES (1);\n",
  });
  assertEquals((await run("up")).code, 5);
  const part = async () => (await json("status")).databases[0].failed[0].unitsDone;
  for (
    const [flag, words] of [["--again", "run unit 2 of 001_work again"], ["--done", "count unit 2 of 001_work as done"]]
  ) {
    const declined = await runWith({ ...PERSON, answers: ["n"] }, "repair", flag!, "001_work:2");
    assertEquals(declined.code, 2);
    assertEquals(declined.err.split("\n").slice(0, 2), ["This would:", `  ${words}`]);
    assertEquals(await part(), 1);
  }
  assertEquals((await runWith({ ...PERSON, answers: ["y"] }, "repair", "--done", "001_work:2")).code, 0);
  assertEquals(await part(), 2);
});

Deno.test("main() repair and baseline --dry-run print what they would do and write nothing", async () => {
  const { files, run, json, query } = await project();
  const recorded = "Would record as applied, without running: 001_roles, 002_users\n";
  assertEquals(await run("baseline", "--to", "002_users", "--dry-run"), { code: 0, out: recorded, err: "" });
  const [baseline] = (await json("baseline", "--to", "002_users", "--dry-run")).databases;
  assertEquals([baseline.planned, baseline.recorded], [["001_roles", "002_users"], []]);
  assertEquals(await query("SELECT to_regclass('metapg_migrations') AS t"), [{ t: null }]);
  await run("up", "1");
  assertEquals(await run("repair", "--dry-run"), { code: 0, out: "Nothing to repair\n", err: "" });
  files["migrations/default/001_roles.sql"] += "-- more\n";
  assertMatch(
    (await run("repair", "--dry-run")).out,
    /^Would accept 001_roles as its file is: checksum \w+ becomes \w+\n$/,
  );
  const [repair] = (await json("repair", "--dry-run")).databases;
  assertEquals([repair.planned.length, repair.planned[0].type, repair.actions], [1, "accept", []]);
  assertEquals((await json("status")).databases[0].reformatted.length, 1);
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
