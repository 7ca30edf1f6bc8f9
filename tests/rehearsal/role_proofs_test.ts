import { assertEquals } from "@std/assert";
import { Migration } from "../../src/core/migration.ts";
import { requestOf } from "../../src/rehearsal/needs.ts";
import { prove } from "../../src/rehearsal/prove.ts";
import { sharedServer } from "../support/databases.ts";
import { withStage } from "./stage_setup.ts";

/** What a migration does to its server, what undoes it and what does not, and what must be blamed. */
const CASES: Readonly<Record<string, { readonly up: string; readonly right: string; readonly blamed: string }>> = {
  "a role": { up: "CREATE ROLE $a LOGIN;", right: "DROP ROLE $a;", blamed: "added role $a" },
  "a role of a block": {
    up: "DO $$ BEGIN EXECUTE format('CREATE ROLE %I', '$a'); EXCEPTION WHEN duplicate_object THEN NULL; END $$;",
    right: "DROP ROLE IF EXISTS $a;",
    blamed: "added role $a",
  },
  "a setting of a role": {
    up: "ALTER ROLE $old SET statement_timeout = '5s';",
    right: "ALTER ROLE $old RESET statement_timeout;",
    blamed: "changed role $old settings",
  },
  "an attribute of a role": {
    up: "ALTER ROLE $old CREATEDB CONNECTION LIMIT 3;",
    right: "ALTER ROLE $old NOCREATEDB CONNECTION LIMIT -1;",
    blamed: "changed role $old connection limit,create database",
  },
  "a membership": {
    up: "GRANT $old TO $other WITH ADMIN OPTION;",
    right: "REVOKE $old FROM $other;",
    blamed: "changed role $other member of",
  },
  "a setting of a missing role": {
    up: "ALTER ROLE $missing SET search_path = app;",
    right: "ALTER ROLE $missing RESET ALL;",
    blamed: "changed role $missing settings",
  },
  "what a missing role had": {
    up: "ALTER ROLE $missing NOLOGIN CREATEROLE; REVOKE $old FROM $missing;",
    right: "ALTER ROLE $missing LOGIN NOCREATEROLE; GRANT $old TO $missing;",
    blamed: "changed role $missing create role",
  },
  "a comment on a role": {
    up: "COMMENT ON ROLE $old IS 'x';",
    right: "COMMENT ON ROLE $old IS NULL;",
    blamed: "changed role $old comment",
  },
};

/** All of the server is the embedded database's. */
const OF_SERVER: typeof CASES = {
  "a database": { up: "CREATE DATABASE $a;", right: "DROP DATABASE $a;", blamed: "added database $a" },
  "a system setting": {
    up: "ALTER SYSTEM SET work_mem = '8MB';",
    right: "ALTER SYSTEM RESET work_mem;",
    blamed: "added system setting work_mem",
  },
  "a setting of another database": {
    up: "ALTER DATABASE template1 SET work_mem = '8MB';",
    right: "ALTER DATABASE template1 RESET ALL;",
    blamed: "changed database template1 settings",
  },
  "a setting of all roles": {
    up: "ALTER ROLE ALL SET work_mem = '8MB';",
    right: "ALTER ROLE ALL RESET work_mem;",
    blamed: 'added role "ALL"',
  },
  "a tablespace": {
    up: "SET allow_in_place_tablespaces = on; CREATE TABLESPACE $a LOCATION '';",
    right: "DROP TABLESPACE $a;",
    blamed: "added tablespace $a",
  },
  "a right to a parameter": {
    up: "GRANT SET ON PARAMETER log_statement TO $old;",
    right: "REVOKE SET ON PARAMETER log_statement FROM $old;",
    blamed: "added parameter log_statement",
  },
};

let version = 0;

async function parse(sql: string, mode: "single" | "none" = "single"): Promise<Migration> {
  const header = mode === "none" ? "-- Transaction: none\n" : "";
  return await Migration.parse(`${String(++version).padStart(4, "0")}_case.sql`, `${header}${sql}\n`);
}

/** Each case has roles of its own, so that what a wrong rollback leaves of them is in nobody's way. */
async function told(
  cases: typeof CASES,
  kind: "right" | "wrong",
  url: string | undefined,
): Promise<Readonly<Record<string, string>>> {
  const prefix = `metapg_${kind}`;
  const migrations = await Promise.all(
    Object.entries(cases).map(async ([title, { up, right }], index) => {
      const within = (sql: string) => sql.replace(/\$(a|old|other|missing)\b/g, `${prefix}${index}_$1`);
      const mode = /CREATE DATABASE|SYSTEM|TABLESPACE/.test(up) ? "none" : "single";
      return {
        title,
        setup: await parse(within("CREATE ROLE $old;\nCREATE ROLE $other;")),
        one: await parse(`${within(up)}\n-- ROLLBACK\n${kind === "right" ? within(right) : "SELECT 1;"}`, mode),
      };
    }),
  );
  const found: Record<string, string> = {};
  await withStage(url, async (stage) => {
    for (const { title, setup, one } of migrations) {
      await stage.apply([{ migration: setup }]);
      const { verdict, differences, error } = await prove(stage, one, await stage.snapshot());
      const blamed = differences.map(({ change, kind, identity, attributes }) =>
        [change, kind, identity, attributes.map(({ name }) => name).join()].join(" ").trim()
      );
      const words = [verdict, ...blamed, ...(error === null ? [] : [error.message])].join(": ");
      found[title] = words.replace(new RegExp(String.raw`${prefix}\d+_`, "g"), "$");
    }
  }, requestOf(migrations.flatMap(({ setup, one }) => [setup, one])));
  return found;
}

function expected(cases: typeof CASES, of: (one: { readonly blamed: string }) => string) {
  return Object.fromEntries(Object.entries(cases).map(([title, one]) => [title, of(one)]));
}

for (const major of [undefined, 14, 18] as const) {
  const cases = major === undefined ? { ...CASES, ...OF_SERVER } : CASES;
  const place = major === undefined ? "PGlite" : `PostgreSQL ${major}`;
  Deno.test(`prove() finds what a rollback leaves of roles on ${place}, and nothing where it leaves nothing`, async () => {
    const url = major === undefined ? undefined : (await sharedServer(major)).url;
    assertEquals(await told(cases, "right", url), expected(cases, () => "reversible"));
    assertEquals(await told(cases, "wrong", url), expected(cases, ({ blamed }) => `rollback-differs: ${blamed}`));
  });
}
