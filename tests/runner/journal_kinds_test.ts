import { PASSWORD, startServer } from "../support/server.ts";
import { query, withDatabase } from "../support/databases.ts";
import { onDatabase, onServers, type Project } from "./project.ts";
import { checkKind } from "./unit_case.ts";
import { CONCURRENT, GLOBAL, type Kind, MAINTENANCE, PROCEDURAL, SUBSCRIPTIONS } from "./unit_kinds.ts";

/** Every kind in turn. */
async function checkAll(project: Project, kinds: readonly Kind[]): Promise<void> {
  await project.query(`CREATE TABLE tally (step text); GRANT ALL ON tally TO PUBLIC;
    DO $$ BEGIN CREATE ROLE metapg_weak; EXCEPTION WHEN duplicate_object THEN END $$`);
  const [server] = await project.query("SELECT current_setting('server_version_num')::int / 10000 AS major");
  const known = kinds.filter((kind) => Number(server?.major) >= (kind.since ?? 0));
  for (const [index, kind] of known.entries()) await checkKind(project, kind, index);
}

for (const [what, kinds] of Object.entries({ CONCURRENT, MAINTENANCE, GLOBAL, PROCEDURAL })) {
  onServers(
    `${what.toLowerCase()} statements resume wherever they are broken off`,
    (project) => checkAll(project, kinds),
  );
}

/** A server cannot subscribe to itself: making the slot would wait for the statement that asks for it. */
Deno.test("subscriptions resume wherever they are broken off on PostgreSQL 14 and 18", async () => {
  const settings = { wal_level: "logical" };
  const servers = await Promise.all(
    [14, 18].map((major) => startServer({ major: major as 14 | 18, share: "own", settings })),
  );
  try {
    // That another database has a subscription of that name says nothing of ours.
    const theirs = "CREATE SUBSCRIPTION sc CONNECTION 'dbname=none' PUBLICATION none WITH (connect = false)";
    for (const server of servers) await query(server.url, theirs);
    for (const [subscriber, publisher] of [servers, servers.toReversed()]) {
      await withDatabase((from) =>
        withDatabase((to) =>
          onDatabase(to, async (project) => {
            const { hostname, port, pathname } = new URL(from);
            const source = `host=${hostname} port=${port} dbname=${
              pathname.slice(1)
            } user=postgres password=''${PASSWORD}''`;
            try {
              await checkAll(project, SUBSCRIPTIONS(source));
            } finally {
              for (const name of ["sa", "sc"]) await project.query(`DROP SUBSCRIPTION IF EXISTS ${name}`);
            }
          }), { server: subscriber! }), { server: publisher! });
    }
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
});
