import { assertEquals } from "@std/assert";
import { createHash } from "node:crypto";
import { onDatabase } from "../runner/project.ts";
import { withDatabase } from "../support/databases.ts";
import { tries } from "./tally.ts";

/** Size of the file in MB. */
const SIZE = tries(5, 50);

/** Statements with all that a history row has to escape, a character of each width, and a rollback behind them. */
function writeFile(): { readonly text: string; readonly rows: number } {
  const lines: string[] = [];
  for (let size = 0; size < SIZE * 1e6;) {
    const line = `INSERT INTO items VALUES (${lines.length}, 'It''s \\ $1 é 🐘 ${lines.length}');\n`;
    lines.push(line);
    size += line.length + 4;
  }
  const text = `CREATE TABLE items (id int, name text);\n${lines.join("")}-- ROLLBACK\nDROP TABLE items;\n`;
  return { text, rows: lines.length };
}

Deno.test(`a file of ${SIZE} MB is checked, applied, stored and rolled back`, () =>
  withDatabase((url) =>
    onDatabase(url, async ({ files, runner, query }) => {
      const { text, rows } = writeFile();
      files["001_items.sql"] = text;
      assertEquals(await runner().validate(), []);
      assertEquals(await runner().applyPending(), ["001_items"]);
      const [row] = await query(
        `SELECT (SELECT count(*)::text FROM items WHERE name = 'It''s \\ $1 é 🐘 ' || id) AS rows,
          checksum, encode(sha256(convert_to(source, 'UTF8')), 'hex') AS source FROM metapg_migrations`,
      );
      const checksum = createHash("sha256").update(text).digest("hex");
      assertEquals([row?.rows, row?.checksum, row?.source], [String(rows), checksum, checksum]);
      assertEquals((await runner().getStatus()).isUpToDate, true);
      assertEquals(await runner().rollbackMigration("001_items"), ["001_items"]);
    })
  ));
