import { assert, assertEquals } from "@std/assert";
import { DatabaseError } from "../../src/core/database_error.ts";
import { isForgotten } from "../../src/runner/prepared.ts";
import { atOnce } from "../support/at_once.ts";
import { onServers, type Project } from "./project.ts";

const COUNT = 400;
const ODD = 300;

const nameOf = (number: number) => `${String(number).padStart(3, "0")}_t`;
const NAMES = Array.from({ length: COUNT }, (_, index) => nameOf(index + 1));

const OURS = "FROM pg_prepared_statements WHERE name LIKE 'metapg %'";

/** Writes quick migrations, one of which is another; the last three write down how often what is prepared was used. */
function write({ files }: Project, odd: string): void {
  for (let number = 1; number <= COUNT; number++) {
    const sql = number === ODD ? odd : number > COUNT - 3 ? `INSERT INTO uses SELECT ${number}, ${USES};` : "SELECT 1;";
    files[`${nameOf(number)}.sql`] = `${sql}\n-- ROLLBACK\nSELECT 2;`;
  }
}

const USES = `(SELECT coalesce(sum(generic_plans + custom_plans), 0) ${OURS})`;

/** Applies all, each once, and tells how often each was used at the end. */
async function applyAll(project: Project): Promise<number> {
  await project.query("CREATE TABLE IF NOT EXISTS uses (migration int, uses bigint); TRUNCATE uses");
  assertEquals(await atOnce(() => project.runner().applyPending()), NAMES);
  const [row] = await project.query(
    `SELECT (SELECT array_agg(name ORDER BY seq) FROM metapg_migrations) = ARRAY[${
      NAMES.map((name) => `'${name}'`)
    }] AS all, (SELECT count(*)::int FROM metapg_migrations_log WHERE action = 'applied') AS entries`,
  );
  assertEquals(row, { all: true, entries: COUNT });
  const [used] = await project.query("SELECT max(uses)::int AS uses FROM uses");
  return Number(used?.uses);
}

onServers("statements that go with many migrations are prepared, anew from time to time", async (project) => {
  write(project, "SELECT 1;");
  const uses = await applyAll(project);
  // Four for each since they were last prepared.
  assert(uses > 100 && uses < 4 * 260, `used ${uses} times`);
  assertEquals((await project.runner().run({ type: "down", count: COUNT })).done.length, COUNT);
  assertEquals(await project.query(`SELECT name ${OURS}`), [], "A session was given back with statements in it");
});

const FORGETTING: Readonly<Record<string, string>> = {
  "says so": "DEALLOCATE ALL;",
  "does so out of sight": "DO $$ BEGIN EXECUTE 'DEALL' || 'OCATE ALL'; END $$;",
  "prepares some": "PREPARE mine AS SELECT 1;",
};

for (const [what, sql] of Object.entries(FORGETTING)) {
  onServers(`a migration that forgets what is prepared is applied as any other: it ${what}`, async (project) => {
    write(project, sql);
    await applyAll(project);
    assertEquals(project.events.filter(({ type }) => type === "migration:failed" || type === "migration:retry"), []);
  });
}

onServers("a history that another one wrote to meanwhile stops a step that is sent by name", async (project) => {
  write(
    project,
    `INSERT INTO metapg_migrations (name, version, seq, checksum, token_checksum, depends, source, applied_at)
    VALUES ('${nameOf(ODD + 1)}', ${ODD + 1}, 9999, 'x', 'x', '{}', '', now());`,
  );
  const error = await project.runner().applyPending().then(() => undefined, (reason) => reason);
  assertEquals(error.code, "LOCK_LOST");
  assertEquals(error.applied, NAMES.slice(0, ODD));
});

Deno.test("isForgotten() knows the tool's statements in any language of the server", () => {
  const error = (message: string) => new DatabaseError("server", message, { sqlstate: "26000" });
  assert(isForgotten(error('prepared statement "metapg lock" does not exist')));
  assert(isForgotten(error("vorbereitete Anweisung »metapg lock« existiert nicht")));
  assert(!isForgotten(error('prepared statement "mine" does not exist')));
  assert(!isForgotten(new DatabaseError("server", '"metapg lock"', { sqlstate: "42601" })));
});
