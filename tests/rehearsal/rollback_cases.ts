/**
 * Rollbacks that are right and rollbacks that are wrong, of one migration each. `$` stands for a schema of its own, in which
 * there is what {@linkcode SETUP} makes.
 *
 * @module
 */

/** What every case finds. */
export const SETUP = `CREATE SCHEMA $;
CREATE TABLE $.t (id int PRIMARY KEY, a text, b int DEFAULT 5, c text);
CREATE TABLE $.child (id int, t_id int CONSTRAINT fk REFERENCES $.t);`;

/** A migration, and what undoes it and what does not. */
export interface RollbackCase {
  /** What is lost or left over. */
  readonly name: string;
  /** What else is there before it. */
  readonly setup?: string;
  /** What it does. */
  readonly up: string;
  /** What undoes it. */
  readonly right: string;
  /** What does not. */
  readonly wrong: string;
  /** What the diff must name, as kind and name. */
  readonly blamed: string;
  /** What takes away what it did outside of the schema. */
  readonly cleanup?: string;
}

const NOTHING = "SELECT 1;";

/** The cases. */
export const ROLLBACK_CASES: readonly RollbackCase[] = [
  {
    name: "a left-over index",
    up: "CREATE INDEX a_idx ON $.t (a);",
    right: "DROP INDEX $.a_idx;",
    wrong: NOTHING,
    blamed: "index $.a_idx",
  },
  {
    name: "a lost default",
    up: "ALTER TABLE $.t ALTER b DROP DEFAULT;",
    right: "ALTER TABLE $.t ALTER b SET DEFAULT 5;",
    wrong: NOTHING,
    blamed: "column $.t.b",
  },
  {
    name: "another default",
    up: "ALTER TABLE $.t ALTER b SET DEFAULT 6;",
    right: "ALTER TABLE $.t ALTER b SET DEFAULT 5;",
    wrong: "ALTER TABLE $.t ALTER b SET DEFAULT 50;",
    blamed: "column $.t.b",
  },
  {
    name: "another order of columns",
    up: "ALTER TABLE $.t DROP COLUMN b;",
    right: "ALTER TABLE $.t ADD b int DEFAULT 5, ADD c2 text; ALTER TABLE $.t DROP c; ALTER TABLE $.t RENAME c2 TO c;",
    wrong: "ALTER TABLE $.t ADD b int DEFAULT 5;",
    blamed: "table $.t",
  },
  {
    name: "a wrong type",
    up: "ALTER TABLE $.t ALTER b TYPE bigint;",
    right: "ALTER TABLE $.t ALTER b TYPE int;",
    wrong: "ALTER TABLE $.t ALTER b TYPE smallint;",
    blamed: "column $.t.b",
  },
  {
    name: "a wrong length",
    setup: "ALTER TABLE $.t ALTER c TYPE varchar(20);",
    up: "ALTER TABLE $.t ALTER c TYPE varchar(40);",
    right: "ALTER TABLE $.t ALTER c TYPE varchar(20);",
    wrong: "ALTER TABLE $.t ALTER c TYPE varchar;",
    blamed: "column $.t.c",
  },
  {
    name: "a lost comment",
    setup: "COMMENT ON TABLE $.t IS 'old';",
    up: "COMMENT ON TABLE $.t IS 'new';",
    right: "COMMENT ON TABLE $.t IS 'old';",
    wrong: "COMMENT ON TABLE $.t IS NULL;",
    blamed: "table $.t",
  },
  {
    name: "a left-over comment on a column",
    up: "COMMENT ON COLUMN $.t.a IS 'new';",
    right: "COMMENT ON COLUMN $.t.a IS NULL;",
    wrong: "COMMENT ON COLUMN $.t.a IS 'old';",
    blamed: "column $.t.a",
  },
  {
    name: "a lost grant",
    setup: "GRANT SELECT ON $.t TO metapg_case_reader;",
    up: "REVOKE SELECT ON $.t FROM metapg_case_reader;",
    right: "GRANT SELECT ON $.t TO metapg_case_reader;",
    wrong: "GRANT SELECT (a) ON $.t TO metapg_case_reader;",
    blamed: "table $.t",
  },
  {
    name: "a left-over grant",
    up: "GRANT SELECT, INSERT ON $.t TO metapg_case_reader;",
    right: "REVOKE SELECT, INSERT ON $.t FROM metapg_case_reader;",
    wrong: "REVOKE SELECT ON $.t FROM metapg_case_reader;",
    blamed: "table $.t",
  },
  {
    name: "a lost trigger",
    setup: triggerSql(),
    up: "DROP TRIGGER touch ON $.t;",
    right: "CREATE TRIGGER touch BEFORE UPDATE ON $.t FOR EACH ROW EXECUTE FUNCTION $.touch();",
    wrong: "CREATE TRIGGER touch BEFORE INSERT OR UPDATE ON $.t FOR EACH ROW EXECUTE FUNCTION $.touch();",
    blamed: "trigger $.t.touch",
  },
  {
    name: "a trigger that stays disabled",
    setup: triggerSql(),
    up: "ALTER TABLE $.t DISABLE TRIGGER touch;",
    right: "ALTER TABLE $.t ENABLE TRIGGER touch;",
    wrong: "ALTER TABLE $.t ENABLE REPLICA TRIGGER touch;",
    blamed: "trigger $.t.touch",
  },
  {
    name: "another policy",
    setup: "CREATE POLICY own ON $.t USING (id > 0);",
    up: "DROP POLICY own ON $.t;",
    right: "CREATE POLICY own ON $.t USING (id > 0);",
    wrong: "CREATE POLICY own ON $.t FOR SELECT USING (id > 0);",
    blamed: "policy $.t.own",
  },
  {
    name: "row security that stays forced",
    up: "ALTER TABLE $.t ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;",
    right: "ALTER TABLE $.t NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY;",
    wrong: "ALTER TABLE $.t DISABLE ROW LEVEL SECURITY;",
    blamed: "table $.t",
  },
  {
    name: "a left-over value of an enum",
    setup: "CREATE TYPE $.mood AS ENUM ('a', 'b');",
    up: "ALTER TYPE $.mood ADD VALUE 'c';",
    right: "DROP TYPE $.mood; CREATE TYPE $.mood AS ENUM ('a', 'b');",
    wrong: NOTHING,
    blamed: "enum $.mood",
  },
  {
    name: "another order of an enum's values",
    setup: "CREATE TYPE $.mood AS ENUM ('a', 'b');",
    up: "DROP TYPE $.mood;",
    right: "CREATE TYPE $.mood AS ENUM ('a', 'b');",
    wrong: "CREATE TYPE $.mood AS ENUM ('b', 'a');",
    blamed: "enum $.mood",
  },
  {
    name: "a sequence without its owner",
    setup: "CREATE SEQUENCE $.s OWNED BY $.t.id;",
    up: "ALTER SEQUENCE $.s OWNED BY NONE;",
    right: "ALTER SEQUENCE $.s OWNED BY $.t.id;",
    wrong: "ALTER SEQUENCE $.s OWNED BY $.t.b;",
    blamed: "sequence $.s",
  },
  {
    name: "a sequence of other steps",
    setup: "CREATE SEQUENCE $.s;",
    up: "ALTER SEQUENCE $.s INCREMENT 5 MAXVALUE 100;",
    right: "ALTER SEQUENCE $.s INCREMENT 1 NO MAXVALUE;",
    wrong: "ALTER SEQUENCE $.s INCREMENT 1;",
    blamed: "sequence $.s",
  },
  {
    name: "NOT NULL that stays",
    up: "ALTER TABLE $.t ALTER a SET NOT NULL;",
    right: "ALTER TABLE $.t ALTER a DROP NOT NULL;",
    wrong: NOTHING,
    blamed: "column $.t.a",
  },
  {
    name: "a left-over check",
    up: "ALTER TABLE $.t ADD CONSTRAINT positive CHECK (b > 0), ADD CONSTRAINT small CHECK (b < 9);",
    right: "ALTER TABLE $.t DROP CONSTRAINT positive, DROP CONSTRAINT small;",
    wrong: "ALTER TABLE $.t DROP CONSTRAINT positive;",
    blamed: "constraint $.t.small",
  },
  {
    name: "a check that stays valid",
    setup: "ALTER TABLE $.t ADD CONSTRAINT positive CHECK (b > 0) NOT VALID;",
    up: "ALTER TABLE $.t VALIDATE CONSTRAINT positive;",
    right: "ALTER TABLE $.t DROP CONSTRAINT positive, ADD CONSTRAINT positive CHECK (b > 0) NOT VALID;",
    wrong: NOTHING,
    blamed: "constraint $.t.positive",
  },
  {
    name: "a foreign key of another action",
    up:
      "ALTER TABLE $.child DROP CONSTRAINT fk, ADD CONSTRAINT fk FOREIGN KEY (t_id) REFERENCES $.t ON DELETE CASCADE;",
    right: "ALTER TABLE $.child DROP CONSTRAINT fk, ADD CONSTRAINT fk FOREIGN KEY (t_id) REFERENCES $.t;",
    wrong:
      "ALTER TABLE $.child DROP CONSTRAINT fk, ADD CONSTRAINT fk FOREIGN KEY (t_id) REFERENCES $.t DEFERRABLE INITIALLY DEFERRED;",
    blamed: "constraint $.child.fk",
  },
  {
    name: "an index in place of a unique constraint",
    setup: "ALTER TABLE $.t ADD CONSTRAINT once UNIQUE (a);",
    up: "ALTER TABLE $.t DROP CONSTRAINT once;",
    right: "ALTER TABLE $.t ADD CONSTRAINT once UNIQUE (a);",
    wrong: "CREATE UNIQUE INDEX once ON $.t (a);",
    blamed: "constraint $.t.once",
  },
  {
    name: "an index without its predicate",
    setup: "CREATE INDEX part ON $.t (a) WHERE b > 0;",
    up: "DROP INDEX $.part;",
    right: "CREATE INDEX part ON $.t (a) WHERE b > 0;",
    wrong: "CREATE INDEX part ON $.t (a);",
    blamed: "index $.part",
  },
  {
    name: "an index of another order",
    setup: "CREATE INDEX sorted ON $.t (a DESC, b);",
    up: "DROP INDEX $.sorted;",
    right: "CREATE INDEX sorted ON $.t (a DESC, b);",
    wrong: "CREATE INDEX sorted ON $.t (a, b);",
    blamed: "index $.sorted",
  },
  {
    name: "another view",
    setup: "CREATE VIEW $.v AS SELECT id, a FROM $.t;",
    up: "CREATE OR REPLACE VIEW $.v AS SELECT id, a FROM $.t WHERE b > 1;",
    right: "CREATE OR REPLACE VIEW $.v AS SELECT id, a FROM $.t;",
    wrong: "CREATE OR REPLACE VIEW $.v AS SELECT id, a FROM $.t WHERE b > 0;",
    blamed: "view $.v",
  },
  {
    name: "a view in place of a materialized one",
    setup: "CREATE MATERIALIZED VIEW $.v AS SELECT id FROM $.t;",
    up: "DROP MATERIALIZED VIEW $.v;",
    right: "CREATE MATERIALIZED VIEW $.v AS SELECT id FROM $.t;",
    wrong: "CREATE VIEW $.v AS SELECT id FROM $.t;",
    blamed: "materialized view $.v",
  },
  {
    name: "a function of another volatility",
    setup: "CREATE FUNCTION $.f(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';",
    up: "CREATE OR REPLACE FUNCTION $.f(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 2';",
    right: "CREATE OR REPLACE FUNCTION $.f(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';",
    wrong: "CREATE OR REPLACE FUNCTION $.f(int) RETURNS int LANGUAGE sql AS 'SELECT 1';",
    blamed: "function $.f(integer)",
  },
  {
    name: "a left-over overload",
    up:
      "CREATE FUNCTION $.g(text) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION $.g(int) RETURNS int LANGUAGE sql AS 'SELECT 1';",
    right: "DROP FUNCTION $.g(text), $.g(int);",
    wrong: "DROP FUNCTION $.g(int);",
    blamed: "function $.g(text)",
  },
  {
    name: "a left-over procedure",
    up: "CREATE PROCEDURE $.p() LANGUAGE sql AS 'SELECT 1';",
    right: "DROP PROCEDURE $.p();",
    wrong: NOTHING,
    blamed: "procedure $.p()",
  },
  {
    name: "a left-over aggregate",
    up: "CREATE AGGREGATE $.total(int) (SFUNC = int4pl, STYPE = int);",
    right: "DROP AGGREGATE $.total(int);",
    wrong: NOTHING,
    blamed: "aggregate $.total(integer)",
  },
  {
    name: "a domain that stays checked",
    setup: "CREATE DOMAIN $.email AS text;",
    up: "ALTER DOMAIN $.email ADD CONSTRAINT at CHECK (VALUE LIKE '%@%');",
    right: "ALTER DOMAIN $.email DROP CONSTRAINT at;",
    wrong: NOTHING,
    blamed: "domain constraint $.email.at",
  },
  {
    name: "a left-over attribute of a type",
    setup: "CREATE TYPE $.pair AS (x int);",
    up: "ALTER TYPE $.pair ADD ATTRIBUTE y int;",
    right: "ALTER TYPE $.pair DROP ATTRIBUTE y;",
    wrong: NOTHING,
    blamed: "column $.pair.y",
  },
  {
    name: "a left-over range",
    up: "CREATE TYPE $.span AS RANGE (subtype = int);",
    right: "DROP TYPE $.span;",
    wrong: NOTHING,
    blamed: "range $.span",
  },
  {
    name: "a column that stays an identity",
    up: "ALTER TABLE $.t ALTER id ADD GENERATED ALWAYS AS IDENTITY;",
    right: "ALTER TABLE $.t ALTER id DROP IDENTITY;",
    wrong: "ALTER TABLE $.t ALTER id SET GENERATED BY DEFAULT;",
    blamed: "column $.t.id",
  },
  {
    name: "a column that is no longer generated",
    setup: "ALTER TABLE $.t ADD twice int GENERATED ALWAYS AS (b * 2) STORED;",
    up: "ALTER TABLE $.t DROP COLUMN twice;",
    right: "ALTER TABLE $.t ADD twice int GENERATED ALWAYS AS (b * 2) STORED;",
    wrong: "ALTER TABLE $.t ADD twice int;",
    blamed: "column $.t.twice",
  },
  {
    name: "another storage",
    up: "ALTER TABLE $.t ALTER a SET STORAGE EXTERNAL;",
    right: "ALTER TABLE $.t ALTER a SET STORAGE EXTENDED;",
    wrong: NOTHING,
    blamed: "column $.t.a",
  },
  {
    name: "another collation",
    up: `ALTER TABLE $.t ALTER a TYPE text COLLATE "C";`,
    right: `ALTER TABLE $.t ALTER a TYPE text COLLATE "default";`,
    wrong: `ALTER TABLE $.t ALTER a TYPE text COLLATE "POSIX";`,
    blamed: "column $.t.a",
  },
  {
    name: "a setting of a table",
    up: "ALTER TABLE $.t SET (fillfactor = 70, autovacuum_enabled = false);",
    right: "ALTER TABLE $.t RESET (fillfactor, autovacuum_enabled);",
    wrong: "ALTER TABLE $.t RESET (fillfactor);",
    blamed: "table $.t",
  },
  {
    name: "left-over statistics",
    up: "CREATE STATISTICS $.st ON a, b FROM $.t;",
    right: "DROP STATISTICS $.st;",
    wrong: NOTHING,
    blamed: "statistics $.st",
  },
  {
    name: "another owner",
    up: "ALTER TABLE $.t OWNER TO metapg_case_reader;",
    right: "ALTER TABLE $.t OWNER TO CURRENT_USER;",
    wrong: NOTHING,
    blamed: "table $.t",
  },
  {
    name: "left-over default privileges",
    up: "ALTER DEFAULT PRIVILEGES IN SCHEMA $ GRANT SELECT ON TABLES TO metapg_case_reader;",
    right: "ALTER DEFAULT PRIVILEGES IN SCHEMA $ REVOKE SELECT ON TABLES FROM metapg_case_reader;",
    wrong: NOTHING,
    blamed: "default privileges ",
  },
  {
    name: "a partition that is only detached",
    setup: "CREATE TABLE $.log (day date) PARTITION BY RANGE (day);",
    up: "CREATE TABLE $.y26 PARTITION OF $.log FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');",
    right: "DROP TABLE $.y26;",
    wrong: "ALTER TABLE $.log DETACH PARTITION $.y26;",
    blamed: "table $.y26",
  },
  {
    name: "a left-over rule",
    up: "CREATE RULE quiet AS ON DELETE TO $.t DO INSTEAD NOTHING;",
    right: "DROP RULE quiet ON $.t;",
    wrong: NOTHING,
    blamed: "rule $.t.quiet",
  },
  {
    name: "a left-over event trigger",
    setup: "CREATE FUNCTION $.see() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';",
    up: "CREATE EVENT TRIGGER $_see ON ddl_command_end WHEN TAG IN ('CREATE CAST') EXECUTE FUNCTION $.see();",
    right: "DROP EVENT TRIGGER $_see;",
    wrong: "ALTER EVENT TRIGGER $_see DISABLE;",
    blamed: "event trigger $_see",
  },
  {
    name: "a left-over publication",
    up: "CREATE PUBLICATION $_pub FOR TABLE $.t;",
    right: "DROP PUBLICATION $_pub;",
    wrong: "ALTER PUBLICATION $_pub DROP TABLE $.t;",
    blamed: "publication $_pub",
  },
  {
    name: "a left-over schema",
    up: "CREATE SCHEMA $_more; CREATE TABLE $_more.x (id int);",
    right: "DROP SCHEMA $_more CASCADE;",
    wrong: "DROP TABLE $_more.x;",
    blamed: "schema $_more",
  },
  {
    name: "a table that lost its parent",
    setup: "CREATE TABLE $.heir (e int) INHERITS ($.t);",
    up: "ALTER TABLE $.heir NO INHERIT $.t;",
    right: "DROP TABLE $.heir; CREATE TABLE $.heir (e int) INHERITS ($.t);",
    wrong: NOTHING,
    blamed: "table $.heir",
  },
  {
    name: "a server of other options",
    setup: "CREATE FOREIGN DATA WRAPPER $_w; CREATE SERVER $_s FOREIGN DATA WRAPPER $_w OPTIONS (host 'a');",
    up: "ALTER SERVER $_s OPTIONS (SET host 'b', ADD port '1');",
    right: "ALTER SERVER $_s OPTIONS (SET host 'a', DROP port);",
    wrong: "ALTER SERVER $_s OPTIONS (SET host 'a');",
    blamed: "server $_s",
  },
  {
    name: "an unlogged table",
    up: "ALTER TABLE $.child SET UNLOGGED;",
    right: "ALTER TABLE $.child SET LOGGED;",
    wrong: NOTHING,
    blamed: "table $.child",
  },
  {
    name: "a function of the server that not everybody may call",
    up: "REVOKE EXECUTE ON FUNCTION pg_catalog.pg_sleep(double precision) FROM PUBLIC;",
    right: "GRANT EXECUTE ON FUNCTION pg_sleep TO PUBLIC;",
    wrong: NOTHING,
    blamed: "function pg_catalog.pg_sleep(double precision)",
    cleanup: "GRANT EXECUTE ON FUNCTION pg_sleep TO PUBLIC;",
  },
  {
    name: "a function of the server for somebody",
    up: "GRANT EXECUTE ON FUNCTION pg_read_file(text) TO metapg_case_reader;",
    right: "REVOKE EXECUTE ON FUNCTION pg_read_file(text) FROM metapg_case_reader;",
    wrong: "REVOKE EXECUTE ON FUNCTION pg_read_file(text) FROM PUBLIC;",
    blamed: "function pg_catalog.pg_read_file(text)",
    cleanup: "REVOKE EXECUTE ON FUNCTION pg_read_file(text) FROM metapg_case_reader;",
  },
  {
    name: "a view of the server that not everybody may read",
    up: "REVOKE ALL ON pg_catalog.pg_user FROM PUBLIC;",
    right: "GRANT SELECT ON pg_user TO PUBLIC;",
    wrong: "GRANT SELECT (usename) ON pg_user TO PUBLIC;",
    blamed: "view pg_catalog.pg_user",
    cleanup: "GRANT SELECT ON pg_user TO PUBLIC;",
  },
  {
    name: "a language of an extension that not everybody may use",
    up: "REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC;",
    right: "GRANT USAGE ON LANGUAGE plpgsql TO PUBLIC;",
    wrong: "GRANT USAGE ON LANGUAGE plpgsql TO CURRENT_ROLE;",
    blamed: "language plpgsql",
    cleanup: "GRANT USAGE ON LANGUAGE plpgsql TO PUBLIC;",
  },
  {
    name: "a schema of the server open to somebody",
    up: "GRANT CREATE ON SCHEMA pg_catalog TO metapg_case_reader;",
    right: "REVOKE CREATE ON SCHEMA pg_catalog FROM metapg_case_reader;",
    wrong: "REVOKE USAGE ON SCHEMA pg_catalog FROM metapg_case_reader;",
    blamed: "schema pg_catalog",
    cleanup: "REVOKE CREATE ON SCHEMA pg_catalog FROM metapg_case_reader;",
  },
  {
    name: "a renamed column",
    up: "ALTER TABLE $.t RENAME a TO name;",
    right: "ALTER TABLE $.t RENAME name TO a;",
    wrong: "ALTER TABLE $.t RENAME name TO aa;",
    blamed: "column $.t.aa",
  },
];

function triggerSql(): string {
  return `CREATE FUNCTION $.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER touch BEFORE UPDATE ON $.t FOR EACH ROW EXECUTE FUNCTION $.touch();`;
}
