import { assertEquals } from "@std/assert";
import { sharedServer } from "../support/databases.ts";
import { rehearseFiles } from "./stage_setup.ts";

const SETUP = `CREATE EXTENSION citext;
CREATE TYPE mood AS ENUM ('ok');
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE SCHEMA app;
CREATE TYPE app.kind AS ENUM ('x');
CREATE TABLE app.t (id int);
CREATE TABLE m (id int PRIMARY KEY, mood mood, name citext, size positive, kind app.kind, old mood);
CREATE TABLE child (id int PRIMARY KEY, m_id int REFERENCES m ON DELETE CASCADE);
CREATE TABLE "Grand.child" (id int REFERENCES child, self int UNIQUE REFERENCES "Grand.child" (self));
CREATE TABLE c (a numeric(10,2), b timestamptz, c varchar(20), d int, e varchar(20), f numeric(4,2), g mood);
CREATE TABLE part (id int, a mood, b int GENERATED ALWAYS AS (id + 1) STORED) PARTITION BY RANGE (id);
CREATE TABLE part_1 PARTITION OF part FOR VALUES FROM (0) TO (9);
CREATE TABLE r (id int, a int, b int);
CREATE TYPE app."Size" AS (w int, h int);
CREATE TYPE loose AS (a int, b int);
CREATE TABLE boxes (id int, sizes app."Size"[]);
CREATE TABLE hidden (id int);
CREATE VIEW v AS SELECT id FROM hidden;
CREATE FUNCTION wipe() RETURNS void LANGUAGE plpgsql AS 'BEGIN DELETE FROM r; IF false THEN PERFORM wipe(); END IF; END';
CREATE FUNCTION look() RETURNS int STABLE LANGUAGE plpgsql AS 'DECLARE q text := ''SELECT 1''; BEGIN EXECUTE q; RETURN 1; END';
CREATE FUNCTION run(q text) RETURNS void LANGUAGE plpgsql AS 'BEGIN EXECUTE q; END';
CREATE PROCEDURE tidy() LANGUAGE sql AS 'UPDATE r SET a = 1';
`;

/** What sections lose that their words do not say, and what only looks like a loss. */
const CASES: readonly { readonly up: string; readonly rollback?: string; readonly losses: readonly string[] }[] = [
  {
    up: "TRUNCATE m CASCADE;",
    losses: ["up truncate m:1", "up truncate Grand.child:1", "up truncate child:1"],
  },
  { up: "DELETE FROM m;\nDELETE FROM public.child;", losses: ["up delete m:1", "up delete public.child:2"] },
  { up: "DELETE FROM m;", losses: ["up delete m:1", "up delete child:1"] },
  { up: "ALTER TYPE mood RENAME TO feeling;\nALTER TABLE m RENAME old TO older;", losses: [] },
  { up: "DROP EXTENSION citext CASCADE;", losses: ["up drop-column m.name:null"] },
  { up: "DROP DOMAIN positive CASCADE;", losses: ["up drop-column m.size:null"] },
  {
    up: 'ALTER TYPE app."Size" DROP ATTRIBUTE h;\nALTER TYPE app."Size" RENAME ATTRIBUTE w TO width;',
    losses: ["up drop-column app.Size.h:null"],
  },
  { up: "ALTER TYPE loose DROP ATTRIBUTE b;", losses: [] },
  {
    up: "DROP SCHEMA app CASCADE;",
    losses: ["up drop-schema app:1", "up drop-column boxes.sizes:null", "up drop-column m.kind:null"],
  },
  {
    up: "ALTER TABLE m DROP mood;\nDROP TYPE feeling CASCADE;",
    losses: [
      "up drop-column m.mood:1",
      "up drop-column c.g:null",
      "up drop-column m.older:null",
      "up drop-column part.a:null",
    ],
  },
  {
    up: "ALTER TABLE c ALTER a TYPE int, ALTER b TYPE date, ALTER c TYPE varchar(10);",
    losses: ["up convert c.a:null", "up convert c.b:null", "up convert c.c:null"],
  },
  {
    up: "ALTER TABLE c ALTER d TYPE bigint, ALTER e TYPE text, ALTER f TYPE numeric(6,3);",
    rollback: "ALTER TABLE c ALTER d TYPE int, ALTER e TYPE varchar(20) USING e, ALTER f TYPE numeric(4,2);",
    losses: ["rollback convert c.e:3", "rollback convert c.d:null", "rollback convert c.f:null"],
  },
  {
    up: "CREATE TYPE made AS ENUM ('x');\nALTER TABLE r ADD made made;",
    rollback: "DROP TYPE made CASCADE;",
    losses: [],
  },
  {
    up:
      "ALTER TABLE r RENAME TO r_old;\nCREATE TABLE r (id int, a int);\nDROP TABLE r_old;\nALTER TABLE c RENAME d TO dd;",
    losses: ["up drop-table r_old:3"],
  },
  { up: "ALTER TABLE c RENAME e TO ee;\nALTER TABLE c DROP ee;", losses: ["up drop-column c.ee:2"] },
  { up: "ALTER TABLE c RENAME TO cc;\nALTER TABLE cc DROP f;", losses: ["up drop-column cc.f:2"] },
  {
    up: "DO $$ BEGIN EXECUTE format('DROP TABLE %I CASCADE', 'hidden'); END $$;",
    losses: ["up drop-table hidden:null"],
  },
  { up: "DO $$ BEGIN PERFORM wipe(); END $$;", losses: ["up delete r:1"] },
  { up: "SELECT wipe(), look() FROM r;", losses: ["up delete r:1"] },
  { up: "SELECT look();", losses: [] },
  { up: "SELECT run('SELECT 1');", losses: ["up run-code run():1"] },
  { up: "CALL tidy();", losses: ["up overwrite r.a:1"] },
  { up: "DROP FUNCTION look(), wipe();", losses: [] },
  { up: "ALTER TABLE part DROP b;", losses: ["up drop-column part.b:1"] },
  { up: "DROP TABLE part;", losses: ["up drop-table part:1"] },
];

for (const major of [undefined, 14] as const) {
  const server = major === undefined ? "PGlite" : `PostgreSQL ${major}`;
  Deno.test(`rehearse() tells losses that only the schemas and the code that is called show on ${server}`, async () => {
    const url = major === undefined ? undefined : (await sharedServer(major)).url;
    const files = CASES.map(({ up, rollback }, index) => [
      `${String(index + 100)}_case.sql`,
      `${up}\n${rollback === undefined ? "" : `-- ROLLBACK\n${rollback}\n`}`,
    ]);
    const { migrations } = await rehearseFiles({ "001_setup.sql": SETUP, ...Object.fromEntries(files) }, url);
    const [setup, ...others] = migrations;
    assertEquals([setup!.verdict, setup!.losses], ["irreversible", []]);
    const told = others.map(({ verdict, error, losses }, index) => ({
      up: CASES[index]!.up,
      verdict,
      error: error?.message,
      losses: losses.map(({ section, action, object, line }) => `${section} ${action} ${object}:${line}`),
    }));
    assertEquals(
      told,
      CASES.map(({ up, rollback, losses }) => ({
        up,
        verdict: rollback === undefined ? "irreversible" : "reversible",
        error: undefined,
        losses: [...losses],
      })),
    );
  });
}
