import { assertEquals } from "@std/assert";
import { spawnCli } from "../support/cli_process.ts";
import { query, withDatabase } from "../support/databases.ts";
import { until } from "../support/until.ts";

/** The session of a rehearsal that sleeps. */
const SLEEPER =
  "FROM pg_stat_activity WHERE datname LIKE 'metapg_shadow_%' AND state = 'active' AND query LIKE '%metapg_stop_mark%'";

for (const [signal, code] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
  Deno.test(`rehearse --shadow-url that gets ${signal} drops what it made and exits with ${code}`, () =>
    withDatabase(async (url) => {
      const cwd = await Deno.makeTempDir({ prefix: "metapg_" });
      try {
        await Deno.mkdir(`${cwd}/migrations/default`, { recursive: true });
        await Deno.writeTextFile(
          `${cwd}/migrations/default/001_computed.sql`,
          "DO $$ BEGIN EXECUTE 'CREATE ROLE metapg_stop_' || 'computed'; END $$;\n",
        );
        await Deno.writeTextFile(
          `${cwd}/migrations/default/002_sleep.sql`,
          "CREATE ROLE metapg_stop_role;\nSELECT pg_sleep(60), 'metapg_stop_mark';\n",
        );
        const child = spawnCli(["rehearse", "--shadow-url", url], { cwd });
        await until(url, `EXISTS (SELECT ${SLEEPER})`);
        const [made] = await query(url, `SELECT datname AS name ${SLEEPER}`);
        child.kill(signal);
        const ended = await child.output();
        assertEquals(ended.code, code, new TextDecoder().decode(ended.stderr));
        const [left] = await query(
          url,
          `SELECT (SELECT count(*) FROM pg_database WHERE datname = '${made?.name}')
  + (SELECT count(*) FROM pg_roles WHERE rolname LIKE 'metapg\\_stop\\_%') AS n`,
        );
        assertEquals(Number(left?.n), 0);
      } finally {
        await Deno.remove(cwd, { recursive: true });
      }
    }));
}
