import { assertEquals, assertRejects } from "@std/assert";
import { MigrationError } from "../../src/core/error.ts";
import { filesAt, textsBefore } from "../../src/cli/files_at.ts";
import { runProgram } from "../../src/runtime/program.ts";

Deno.test("filesAt() lists a folder as it was at a commit", async () => {
  const root = await Deno.makeTempDir({ prefix: "metapg_" });
  const git = (...args: string[]) =>
    runProgram("git", ["-C", root, "-c", "user.name=a", "-c", "user.email=a@b", ...args]);
  try {
    await Deno.mkdir(`${root}/db/migrations/default`, { recursive: true });
    await Deno.writeTextFile(`${root}/db/migrations/default/001_a.sql`, "SELECT 1;\n");
    const dir = `${root}/db/migrations/default`;
    const outside = await assertRejects(() => filesAt({ runProgram }, "HEAD", dir), MigrationError);
    assertEquals(outside.message, `Cannot compare with "HEAD": "${dir}" is in no git repository`);
    await git("init", "-q");
    await git("add", ".");
    await git("commit", "-q", "-m", "first");
    await Deno.writeTextFile(`${dir}/002_b.sql`, "SELECT 1;\n");
    await Deno.mkdir(`${root}/other`);
    assertEquals([...await filesAt({ runProgram }, "HEAD", dir)], ["001_a.sql"]);
    assertEquals([...await filesAt({ runProgram }, "HEAD", `${root}/other`)], []);
    assertEquals([...await textsBefore({ runProgram }, "HEAD", dir)], []);
    await Deno.writeTextFile(`${dir}/001_a.sql`, "SELECT 2; -- é\n");
    assertEquals([...await textsBefore({ runProgram }, "HEAD", dir)], [["001_a.sql", "SELECT 1;\n"]]);
    await git("commit", "-q", "-a", "-m", "second");
    assertEquals([...await textsBefore({ runProgram }, "HEAD", dir)], []);
    assertEquals([...await textsBefore({ runProgram }, "HEAD~1", dir)], [["001_a.sql", "SELECT 1;\n"]]);
    await git("branch", "other");
    await git("reset", "-q", "--hard", "HEAD~1");
    assertEquals([...await textsBefore({ runProgram }, "other", dir)], [], "What the other branch edited");
    await git("reset", "-q", "--hard", "other");
    await Deno.remove(`${dir}/001_a.sql`);
    assertEquals([...await textsBefore({ runProgram }, "HEAD", dir)], []);
    assertEquals([...await textsBefore({ runProgram }, "v9", dir)], []);
    const unknown = await assertRejects(() => filesAt({ runProgram }, "v9", dir), MigrationError);
    assertEquals(unknown.code, "USAGE");
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});
