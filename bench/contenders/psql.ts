/**
 * The floor: psql, sending what has to be sent and nothing else.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import type { Action, Command, Contender, Job, Prepared } from "../contender.ts";
import type { GeneratedMigration } from "../generated_sql.ts";
import { HOME, writeFiles } from "../npm_project.ts";
import { serverPsql } from "../server_psql.ts";

/** How statements are sent: each by itself, or all of them in one message. */
type Sending = "each" | "together";

const HISTORY = "CREATE TABLE IF NOT EXISTS history (name text PRIMARY KEY, applied_at timestamptz DEFAULT now())";

/** Each statement on its own: five round trips for a migration. */
export const psql: Contender = psqlContender("psql", "each", "BEGIN, statements, history row, COMMIT, one by one");

/** Everything in one message, a transaction for each migration; `\;` is psql's way to say so. */
export const psqlOneMessage: Contender = psqlContender("psql-one-message", "together", "the same, all in one message");

function psqlContender(name: string, sending: Sending, how: string): Contender {
  return { name, kind: "floor", runtime: "native", how, prepare: () => prepare(name, sending) };
}

async function prepare(name: string, sending: Sending): Promise<Prepared> {
  const { program, version } = await serverPsql();
  return {
    version,
    home: `${fileURLToPath(HOME)}${name}`,
    async layOut(folder, migrations) {
      const downs = migrations.toReversed();
      await writeFiles(folder, [
        ["up.sql", script(upTransactions(migrations), sending)],
        ["down.sql", script(downs.map(down), sending)],
      ]);
    },
    command: (action, job) =>
      sending === "together" && action === "version" ? undefined : command(program, action, job),
  };
}

/**
 * What floors send to apply migrations.
 *
 * @param migrations Them.
 * @returns The statements of each transaction, the table of the history first.
 */
export function upTransactions(migrations: readonly GeneratedMigration[]): readonly (readonly string[])[] {
  return [[HISTORY], ...migrations.map(up)];
}

function up({ version, up }: GeneratedMigration): readonly string[] {
  return ["BEGIN", ...up, `INSERT INTO history (name) VALUES ('${version}')`, "COMMIT"];
}

function down({ version, down }: GeneratedMigration): readonly string[] {
  return ["BEGIN", ...down, `DELETE FROM history WHERE name = '${version}'`, "COMMIT"];
}

function script(transactions: readonly (readonly string[])[], sending: Sending): string {
  const statements = transactions.flat();
  return sending === "each" ? statements.map((sql) => `${sql};\n`).join("") : `${statements.join(" \\;\n")};\n`;
}

function command(program: string, action: Action, { folder, url }: Job): Command {
  const args: Readonly<Record<Action, readonly string[]>> = {
    up: ["-f", `${folder}/up.sql`, url],
    nothing: ["-c", "SELECT 1", url],
    status: ["-c", "SELECT * FROM history ORDER BY name", url],
    rollback: ["-f", `${folder}/down.sql`, url],
    version: ["--version"],
  };
  return { program, args: ["-X", "-q", "-v", "ON_ERROR_STOP=1", ...args[action]] };
}
