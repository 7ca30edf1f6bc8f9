import { assertEquals } from "@std/assert";
import { query, withDatabase } from "../support/databases.ts";
import { Program } from "./program.ts";
import { folderOf, runScript } from "./script.ts";

const EXAMPLE = "single-file";
const NAMES = ["001_create_notes", "002_greet"];

Deno.test("single-file applies its migrations from a folder that holds nothing but the bundle", () =>
  withDatabase(async (url) => {
    const built = await runScript(EXAMPLE, "build", { env: {} });
    assertEquals(built.code, 0, built.output);

    const elsewhere = await Deno.makeTempDir({ prefix: "metapg_" });
    try {
      await Deno.copyFile(new URL("dist/migrate.mjs", folderOf(EXAMPLE)), `${elsewhere}/migrate.mjs`);
      const migrate = async () => {
        const cwd = new URL(`file://${elsewhere}/`);
        await using program = new Program(["node", "migrate.mjs"], { cwd, env: { DATABASE_URL: url } });
        return await program.ended;
      };
      assertEquals(await migrate(), { code: 0, output: `Applied ${NAMES.join(", ")}\n` });
      assertEquals(await migrate(), { code: 0, output: "Nothing to apply\n" });
    } finally {
      await Deno.remove(elsewhere, { recursive: true });
    }

    assertEquals(await query(url, "SELECT text FROM notes"), [{ text: `It's a "note" with \\ and Grüße, 你好` }]);
    const history = await query(url, "SELECT name, checksum FROM metapg_migrations ORDER BY seq");
    assertEquals(history, await Promise.all(NAMES.map(async (name) => ({ name, checksum: await checksumOf(name) }))));
  }, { major: 18 }));

/** The checksum of the file: the bundle and the folder are the same migrations to the history. */
async function checksumOf(name: string): Promise<string> {
  const bytes = await Deno.readFile(new URL(`migrations/default/${name}.sql`, folderOf(EXAMPLE)));
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}
