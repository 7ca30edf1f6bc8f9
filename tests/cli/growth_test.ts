import { assertEquals } from "@std/assert";
import { programCommand, runCommand } from "../support/command.ts";
import { withDatabase } from "../support/databases.ts";

/** Of n and 2n: twice, a little more where something is sorted; four times where all are looked at for each. */
const LINEAR = 2.5;

/** What is done for each command, whatever the number of migrations. */
const CONSTANT = 200;

/** What a busy machine may add to one of both: a second session that looks who blocks, and reads what servers say at first. */
const OCCASIONAL = 1000;

Deno.test("main() works in proportion to the number of migrations, line by line", () =>
  withDatabase((small) =>
    withDatabase(async (large) => {
      const [program, ...args] = programCommand("growth_program.ts", import.meta.url);
      const { code, out, err } = await runCommand(program, [...args, small, large]);
      assertEquals(code, 0, err);
      const [once, twice] = JSON.parse(out) as [Record<string, number>, Record<string, number>];
      const places = Object.entries(twice).filter(([, count]) => count > CONSTANT);
      // What an engine that counts nothing says would pass for linear.
      assertEquals(places.length > 100, true);
      const steep = places.filter(([place, count]) => count > LINEAR * (once[place] ?? 0) + OCCASIONAL);
      assertEquals(steep.map(([place, count]) => `${place}: ${once[place]} became ${count}`), []);
    })
  ));
