import { assertEquals } from "@std/assert";
import { readFile, writeFile } from "node:fs/promises";
import { readdirSync } from "node:fs";
import process from "node:process";
import type { Migration } from "../../src/core/migration.ts";
import { parseFile } from "../../src/core/parse.ts";
import { positionAt } from "../../src/core/position.ts";
import type { Section } from "../../src/core/section.ts";
import { splitStatements } from "../../src/core/statements.ts";

/*
 * Each case is two files: a migration `tests/golden/NAME.sql`, and `NAME.json` with all that is read out of it.
 * `UPDATE_GOLDEN=1` writes the second one: read the difference before it is committed.
 */

const folder = new URL("../golden/", import.meta.url);
const update = process.env.UPDATE_GOLDEN === "1";

for (const name of readdirSync(folder).sort()) {
  if (!name.endsWith(".sql")) continue;
  Deno.test(`parseFile() reads golden/${name}`, async () => {
    const actual = await read(await readFile(new URL(name, folder)));
    const golden = new URL(name.replace(/\.sql$/, ".json"), folder);
    if (update) await writeFile(golden, `${JSON.stringify(actual, null, 2)}\n`);
    assertEquals(actual, JSON.parse(await readFile(golden, "utf8")));
  });
}

async function read(bytes: Uint8Array): Promise<unknown> {
  const { migration, problems } = await parseFile("001_golden_case.sql", bytes);
  return JSON.parse(JSON.stringify({
    problems: problems.map(({ line, column, severity, code, message, hint }) => ({
      at: `${line}:${column}`,
      is: `${severity} ${code}`,
      message,
      hint,
    })),
    migration: migration === undefined ? undefined : {
      description: migration.description,
      dependencies: migration.dependencies,
      transaction: migration.transaction,
      lockTimeoutMs: migration.lockTimeoutMs,
      statementTimeoutMs: migration.statementTimeoutMs,
      checksum: migration.checksum,
      tokenChecksum: migration.tokenChecksum,
      up: statements(migration, migration.up),
      rollback: statements(migration, migration.rollback),
    },
  }));
}

function statements({ text }: Migration, section: Section | undefined): unknown {
  return section === undefined ? undefined : splitStatements(section).map(({ sql, start, end, kind, alone }) => {
    assertEquals(text.slice(start, end), sql);
    const { line, column } = positionAt(text, start);
    return { at: `${line}:${column}`, kind, sql, alone };
  });
}
