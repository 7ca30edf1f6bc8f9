import { assertEquals, assertStringIncludes } from "@std/assert";
import { tmpdir } from "node:os";
import { query, withDatabase } from "../support/databases.ts";
import { type Call, project } from "./project.ts";

const FILES: Readonly<Record<string, string>> = {
  "migrations/default/001_app.sql": `CREATE SCHEMA app;
CREATE TABLE app.users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text DEFAULT lower('X'), n int CHECK (n > 0));
CREATE VIEW app.emails AS SELECT email FROM app.users;
CREATE MATERIALIZED VIEW app.counts AS SELECT count(*) FROM app.users;
CREATE FUNCTION app.f(app.users) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE STATISTICS app.s ON id, n FROM app.users;
CREATE POLICY own ON app.users USING (n = 1);
CREATE RULE r AS ON DELETE TO app.emails DO INSTEAD NOTHING;
CREATE TABLE app.parts (id int) PARTITION BY RANGE (id);
CREATE TABLE app.part PARTITION OF app.parts FOR VALUES FROM (1) TO (10);
CREATE TRIGGER t BEFORE UPDATE ON app.users FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE PUBLICATION pub FOR TABLE app.users;
CREATE FOREIGN DATA WRAPPER wrapper;
CREATE SERVER other FOREIGN DATA WRAPPER wrapper;
CREATE USER MAPPING FOR postgres SERVER other OPTIONS (user 'me', password 'x');
SELECT lo_create(7);
`,
  "migrations/default/002_index.sql": `-- Transaction: none
CREATE INDEX CONCURRENTLY users_n ON app.users (n);
-- ROLLBACK
SELECT 1;
CREATE UNIQUE INDEX CONCURRENTLY users_email ON app.users (email);
`,
};

const PENDING = "ALTER TABLE app.users ADD x int;\nCREATE INDEX users_x ON app.users (x);\n";

/** What only reads, with what it needs beside the right to connect. */
const COMMANDS: readonly (readonly [needs: "nothing" | "schema" | "history" | "log", ...args: string[]])[] = [
  ["nothing", "wait"],
  ["nothing", "graph"],
  ["schema", "lock", "status"],
  ["nothing", "dump", "--url", "URL"],
  ["history", "status"],
  ["history", "plan"],
  ["history", "check"],
  ["history", "show", "001_app"],
  ["history", "drift"],
  ["history", "trace", "--url", "URL"],
  ["history", "plan", "--trace"],
  ["history", "rehearse", "--pending"],
  ["history", "up", "--dry-run"],
  ["log", "history"],
];

for (const major of [14, 18] as const) {
  Deno.test(`what only reads needs the right to connect, and to read the history, on PostgreSQL ${major}`, () =>
    withDatabase(async (url) => {
      const reader = "metapg_rights_reader";
      await query(
        url,
        `DO $$ BEGIN CREATE ROLE ${reader} LOGIN PASSWORD 'x'; EXCEPTION WHEN duplicate_object THEN NULL; END $$`,
      );
      const { runWith, files } = await project(FILES, []);
      assertEquals((await runWith({}, "up", "-u", url, "-t", "ops.history")).code, 0);
      files["migrations/default/003_more.sql"] = PENDING;
      const limited = new URL(url);
      [limited.username, limited.password] = [reader, "x"];
      limited.search = "?options=-cdefault_transaction_read_only%3Don";
      const env = { DATABASE_URL: limited.href, METAPG_CACHE: `${tmpdir()}/metapg-tests` };
      const run = (...args: readonly string[]): Promise<Call> =>
        runWith({ env }, ...args.map((arg) => arg === "URL" ? limited.href : arg), "-t", "ops.history");
      const told = async (needs: string, words: string): Promise<void> => {
        for (const [need, ...args] of COMMANDS) {
          if (need !== needs) continue;
          const { code, out, err } = await run(...args);
          const line = `${args.join(" ")}: `;
          if (words === "") assertEquals([line, code, code === 0 ? "" : out + err], [line, 0, ""]);
          else assertStringIncludes(`${line}${code} ${err}`, `${line}2 Error: Cannot use the history: ${words}`);
        }
      };
      const advice =
        ". Grant the role what it needs to read: USAGE on the schema of the history and SELECT on its table; " +
        "for the log on that, too";
      await told("nothing", "");
      await told("schema", `permission denied for schema ops (42501)${advice}`);
      await told("history", `permission denied for schema ops (42501)${advice}`);
      await query(url, `GRANT USAGE ON SCHEMA ops TO ${reader}`);
      await told("schema", "");
      await told("history", `permission denied for table history (42501)${advice}`);
      await query(url, `GRANT SELECT ON ops.history TO ${reader}`);
      await told("history", "");
      await told("log", `permission denied for table history_log (42501)${advice}`);
      await query(url, `GRANT SELECT ON ops.history_log TO ${reader}`);
      await told("log", "");
      assertEquals((await run("drift")).out, "default: no drift from 2 applied migrations\n");
      await query(url, "INSERT INTO app.users (email) VALUES ('a'), ('a')");
      assertEquals((await runWith({}, "down", "-u", url, "-t", "ops.history", "-y")).code, 5);
      assertEquals((await run("drift")).out, "default: no drift from 1 applied migration and 1 part-way\n");
    }, { major }));
}
