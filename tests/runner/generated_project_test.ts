import { assertEquals } from "@std/assert";
import { memoryReader } from "../../src/core/reader.ts";
import { MigrationRunner } from "../../mod.ts";
import { query, withDatabase } from "../support/databases.ts";
import { generateProject } from "../support/generated_project.ts";
import { dumpSchema, findClient, schemaText } from "../support/schema_text.ts";

const COUNT = 300;

for (const major of [14, 18] as const) {
  Deno.test(`${COUNT} migrations leave what their up sections leave one by one, and down leaves nothing, on PostgreSQL ${major}`, async () => {
    const files = generateProject(COUNT);
    await withDatabase((url) =>
      withDatabase(async (other) => {
        await sendOneByOne(other, major, files.map((file) => file.up));
        const reader = memoryReader(
          Object.fromEntries(files.map((file) => [`migrations/default/${file.name}`, file.text])),
        );
        const runner = new MigrationRunner({ database: url, reader });
        assertEquals((await runner.applyPending()).length, COUNT);
        assertEquals(await schemaText(url), await schemaText(other));
        const pgDump = await findClient("pg_dump", major);
        if (pgDump !== undefined) assertEquals(await dumpSchema(pgDump, url), await dumpSchema(pgDump, other));
        assertEquals((await runner.run({ type: "down", to: "0" })).done.length, COUNT);
        const left = await query(
          url,
          "SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v', 'S') " +
            "UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace " +
            "UNION ALL SELECT typname FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typtype = 'e' ORDER BY 1",
        );
        assertEquals(left.map((row) => row.name), [
          "metapg_migrations",
          "metapg_migrations_log",
          "metapg_migrations_log_id_seq",
        ]);
      }, { major }), { major });
  });
}

/** By psql where it is at hand, else each section in a message of its own, which is what psql would send. */
async function sendOneByOne(url: string, major: number, sections: readonly string[]): Promise<void> {
  const psql = await findClient("psql", major);
  if (psql === undefined) {
    for (const section of sections) {
      for (const statement of section.includes("CONCURRENTLY") ? section.split("\n") : [section]) {
        await query(url, statement);
      }
    }
    return;
  }
  const child = new Deno.Command(psql, {
    args: ["-X", "-q", "-v", "ON_ERROR_STOP=1", url],
    stdin: "piped",
    stdout: "null",
    stderr: "inherit",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(sections.join("\n")));
  await writer.close();
  assertEquals((await child.status).success, true);
}
