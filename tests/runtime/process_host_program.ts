/** What `process_host_test.ts` runs as a process. */
import { runProcess } from "../../src/runtime/process_host.ts";

await runProcess(async (host) => {
  const [word] = host.args;
  if (word === "arguments") {
    host.stdout.write(`${JSON.stringify(host.args)} ${host.env("GIVEN")}\n`);
    return 7;
  }
  if (word === "ask") {
    const answers: (string | null)[] = [];
    for (const question of ["1? ", "2? ", "3? "]) answers.push(await host.stdin.ask(question) ?? null);
    host.stdout.write(`${JSON.stringify(answers)} ${host.stdin.isTerminal}\n`);
    return 0;
  }
  if (word === "success") {
    for (let line = 0; line < 3; line++) host.stdout.write(`line ${line}\n`);
    host.stderr.write("end\n");
    return 0;
  }
  if (word === "forever") {
    setInterval(() => {}, 1000);
    return 5;
  }
  for (let line = 0; line < 200_000; line++) host.stdout.write(`line ${line}\n`);
  host.stderr.write("end\n");
  return 3;
});
