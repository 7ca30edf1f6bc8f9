import { assertEquals, assertRejects } from "@std/assert";
import { MigrationError } from "../../src/core/error.ts";
import { memoryHost } from "../support/memory_host.ts";

Deno.test("memoryHost() keeps every effect to be looked at", async () => {
  const host = memoryHost({
    args: ["up"],
    env: { A: "1" },
    files: { "./m/001_a.sql": "a", ".env": new Uint8Array([66]) },
    answers: ["yes"],
  });
  assertEquals([host.args, host.env("A"), host.env("PATH"), host.env("toString")], [["up"], "1", undefined, undefined]);
  host.stdout.write("out");
  host.stderr.write("err ");
  assertEquals([await host.stdin.ask("sure? "), await host.stdin.ask("again? ")], ["yes", undefined]);
  assertEquals([host.out, host.err], ["out", "err sure? again? "]);
  await host.makeDirectory("m");
  await host.writeFile("./m/002_b.sql", "b");
  await assertRejects(() => host.writeFile("m/002_b.sql", "c"), MigrationError);
  assertEquals([...await host.files.list("m")], ["001_a.sql", "002_b.sql"]);
  assertEquals([await host.files.read("m/002_b.sql"), await host.readTextFile(".env"), host.disk.get("m/002_b.sql")], [
    "b",
    "B",
    "b",
  ]);
  assertEquals([host.stdout.isTerminal, memoryHost({ terminal: true, columns: 40 }).stdout.columns], [false, 40]);
});

Deno.test("memoryHost() sends signals to those who listen", () => {
  const host = memoryHost();
  let heard = 0;
  const remove = host.onSignal("SIGINT", () => heard++);
  assertEquals([host.signal("SIGTERM"), host.signal("SIGINT"), heard], [false, true, 1]);
  remove();
  remove();
  assertEquals([host.signal("SIGINT"), heard], [false, 1]);
});
