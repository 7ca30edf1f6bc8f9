import { assertEquals, assertMatch } from "@std/assert";
import { spawnCli } from "../support/cli_process.ts";
import { query, withDatabase } from "../support/databases.ts";
import { startServer } from "../support/server.ts";
import { until } from "../support/until.ts";
import { project } from "./project.ts";

const FILES: Readonly<Record<string, string>> = {
  "001_role.sql":
    "CREATE ROLE metapg_leftover_role;\nCREATE TABLE t (id int);\nGRANT ALL ON t TO metapg_leftover_role;\n",
  "002_sleep.sql": "SELECT pg_sleep(60), 'metapg_leftover_mark';\n",
};

const SLEEPER =
  "FROM pg_stat_activity WHERE datname LIKE 'metapg_shadow_%' AND state = 'active' AND query LIKE '%metapg_leftover_mark%'";

for (const major of [14, 18] as const) {
  Deno.test(`rehearse --shadow-url names what a killed one left on PostgreSQL ${major}, and nothing of one that runs`, async () => {
    // Other tests that rehearse on the same server would be told of it, too.
    const server = await startServer({ major, share: "own" });
    await withDatabase(async (url) => {
      const { runWith } = await project({ "migrations/default/001_x.sql": "CREATE TABLE x (id int);\n" });
      const look = () => runWith({}, "rehearse", "--shadow-url", url);
      const cwd = await Deno.makeTempDir({ prefix: "metapg_" });
      let left: string | undefined;
      try {
        await Deno.mkdir(`${cwd}/migrations/default`, { recursive: true });
        for (const [name, text] of Object.entries(FILES)) {
          await Deno.writeTextFile(`${cwd}/migrations/default/${name}`, text);
        }
        const child = spawnCli(["rehearse", "--shadow-url", url], { cwd });
        await until(url, `EXISTS (SELECT ${SLEEPER})`);
        left = String((await query(url, `SELECT datname ${SLEEPER}`))[0]?.datname);
        assertEquals((await look()).err, "");
        child.kill("SIGKILL");
        await child.output();
        await query(url, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${left}'`);
        await until(url, `NOT EXISTS (SELECT FROM pg_stat_activity WHERE datname = '${left}')`);
        // Without a session it may still be about to be used, or dropped.
        assertEquals((await look()).err, "");
        const old = left.replace(/^(metapg_shadow_).{12}/, "$1018000000000");
        await query(url, `ALTER DATABASE ${left} RENAME TO ${old}`);
        left = old;
        const { code, err } = await look();
        assertMatch(
          err,
          /^! .*Rehearsals that were killed left databases on the server: 1, and roles: 1 \(warning\)\n/,
        );
        const [sql] = /DROP DATABASE "metapg_shadow_[0-9a-f]{32}"; DROP ROLE "metapg_leftover_role";/.exec(err) ?? [];
        assertEquals([code, sql], [0, `DROP DATABASE "${left}"; DROP ROLE "metapg_leftover_role";`]);
        for (const statement of sql!.split(/(?<=;) /)) await query(url, statement);
        assertEquals((await look()).err, "");
      } finally {
        await Deno.remove(cwd, { recursive: true });
        if (left !== undefined) await query(url, `DROP DATABASE IF EXISTS ${left} WITH (FORCE)`);
        await query(url, "DROP ROLE IF EXISTS metapg_leftover_role");
      }
    }, { server }).finally(() => server.stop());
  });
}
