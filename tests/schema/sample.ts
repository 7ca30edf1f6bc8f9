/**
 * A schema with something of every kind in it, in statements that every supported version takes.
 *
 * @module
 */

import { TEXTS } from "./text_sample.ts";

/** Roles belong to the whole server: other tests may have made them. */
const ROLES = ["schema_owner", "schema_reader"];

const CREATE_ROLES = ROLES.map((role) => `
DO $$ BEGIN CREATE ROLE ${role}; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;`).join("");

const TYPES = `
CREATE SCHEMA app;
CREATE SCHEMA "Odd ""name" AUTHORIZATION schema_owner;
COMMENT ON SCHEMA app IS 'It''s the \\ app';
GRANT USAGE ON SCHEMA app TO schema_reader;
CREATE TYPE app.mood AS ENUM ('sad', 'it''s "ok"', 'happy');
ALTER TYPE app.mood ADD VALUE 'fine' BEFORE 'happy';
CREATE DOMAIN app.email AS text COLLATE "C" DEFAULT 'nobody' NOT NULL CONSTRAINT has_at CHECK (VALUE ~ '@');
ALTER DOMAIN app.email ADD CONSTRAINT short CHECK (length(VALUE) < 100) NOT VALID;
COMMENT ON CONSTRAINT has_at ON DOMAIN app.email IS 'at least';
COMMENT ON DOMAIN app.email IS 'an address';
CREATE TYPE app.pair AS (a integer, b text COLLATE "C", e app.email);
COMMENT ON COLUMN app.pair.b IS 'the other';
COMMENT ON TYPE app.pair IS 'two';
REVOKE USAGE ON TYPE app.pair FROM PUBLIC;
CREATE FUNCTION app.distance(double precision, double precision) RETURNS double precision
  LANGUAGE sql IMMUTABLE AS 'SELECT $1 - $2';
CREATE TYPE app.span AS RANGE (subtype = double precision, subtype_diff = app.distance, multirange_type_name = app.spans);
CREATE TYPE app.coded;
CREATE FUNCTION app.coded_in(cstring) RETURNS app.coded LANGUAGE internal IMMUTABLE STRICT AS 'int4in';
CREATE FUNCTION app.coded_out(app.coded) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int4out';
CREATE TYPE app.coded (INPUT = app.coded_in, OUTPUT = app.coded_out, LIKE = integer, CATEGORY = 'N', DEFAULT = '7');
CREATE TYPE app.later;
CREATE CAST (app.coded AS integer) WITHOUT FUNCTION AS ASSIGNMENT;
CREATE COLLATION app.posix (provider = libc, locale = 'C');
COMMENT ON COLLATION app.posix IS 'by bytes';
`;

const TABLES = `
CREATE SEQUENCE app.numbers AS integer START 5 INCREMENT 2 MINVALUE 3 MAXVALUE 999 CACHE 4 CYCLE;
COMMENT ON SEQUENCE app.numbers IS 'odd ones';
GRANT USAGE ON SEQUENCE app.numbers TO schema_reader;
CREATE SEQUENCE app.down INCREMENT -1;
CREATE TABLE app.users (
  id bigint GENERATED ALWAYS AS IDENTITY (START 100 INCREMENT 10) PRIMARY KEY,
  gone text,
  name varchar(40) COLLATE "C" NOT NULL DEFAULT 'it''s',
  email app.email,
  mood app.mood DEFAULT 'sad'::app.mood,
  moods app.mood[],
  born timestamptz DEFAULT '2020-01-02 03:04:05+00',
  upper_name text GENERATED ALWAYS AS (upper(name)) STORED,
  number integer DEFAULT nextval('app.numbers'),
  "select" numeric(10, 2),
  body text,
  CONSTRAINT known UNIQUE (name, email) DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT positive CHECK ("select" > 0) NO INHERIT
) WITH (fillfactor = 70, toast.autovacuum_enabled = false);
ALTER TABLE app.users DROP COLUMN gone;
ALTER TABLE app.users ALTER body SET STORAGE EXTERNAL, ALTER body SET STATISTICS 77, ALTER name SET (n_distinct = -0.5);
ALTER TABLE app.users ALTER body SET COMPRESSION pglz;
ALTER TABLE app.users ADD CONSTRAINT later CHECK (length(body) < 10) NOT VALID;
ALTER SEQUENCE app.numbers OWNED BY app.users.number;
COMMENT ON TABLE app.users IS E'two\\nlines';
COMMENT ON COLUMN app.users."select" IS 'odd';
COMMENT ON CONSTRAINT known ON app.users IS 'once';
GRANT SELECT, INSERT ON app.users TO schema_reader WITH GRANT OPTION;
GRANT ALL ON app.users TO schema_owner;
GRANT SELECT (name), UPDATE (name, body) ON app.users TO schema_reader;
REVOKE DELETE ON app.users FROM CURRENT_USER;
CREATE INDEX users_lower ON app.users (lower(name) DESC NULLS LAST, id) INCLUDE (mood) WITH (fillfactor = 60) WHERE id > 3;
ALTER INDEX app.users_lower ALTER COLUMN 1 SET STATISTICS 50;
COMMENT ON INDEX app.users_lower IS 'for search';
CREATE UNIQUE INDEX users_number ON app.users (number);
ALTER TABLE app.users ALTER number SET NOT NULL;
ALTER TABLE app.users REPLICA IDENTITY USING INDEX users_number;
ALTER TABLE app.users CLUSTER ON users_pkey;
CREATE STATISTICS app.users_stats (dependencies, mcv) ON name, number FROM app.users;
ALTER STATISTICS app.users_stats SET STATISTICS 30;
COMMENT ON STATISTICS app.users_stats IS 'together';
CREATE TABLE app."Posts" (
  id serial,
  author bigint CONSTRAINT by_user REFERENCES app.users ON DELETE CASCADE DEFERRABLE,
  parent integer,
  during int4range,
  total double precision,
  PRIMARY KEY (id) WITH (fillfactor = 90),
  CONSTRAINT apart EXCLUDE USING gist (during WITH &&),
  FOREIGN KEY (parent) REFERENCES app."Posts" (id) ON UPDATE SET NULL
);
ALTER TABLE app."Posts" ADD CONSTRAINT not_checked FOREIGN KEY (parent) REFERENCES app."Posts" (id) NOT VALID;
COMMENT ON INDEX app."Posts_pkey" IS 'on an index';
ALTER TABLE app."Posts" OWNER TO schema_owner;
ALTER TABLE app."Posts" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY, REPLICA IDENTITY FULL;
CREATE POLICY mine ON app."Posts" AS RESTRICTIVE FOR UPDATE TO schema_reader, schema_owner
  USING (author = 1) WITH CHECK (author > 1);
CREATE POLICY everybody ON app."Posts" USING (true);
COMMENT ON POLICY mine ON app."Posts" IS 'mine';
CREATE UNLOGGED TABLE app.scratch (a integer, PRIMARY KEY (a));
CREATE TABLE app.base (a integer NOT NULL, b text DEFAULT 'x', CONSTRAINT small CHECK (a < 10));
CREATE TABLE app.child (c integer) INHERITS (app.base);
ALTER TABLE app.child ALTER b SET DEFAULT 'y', ALTER c SET NOT NULL;
CREATE TABLE app.typed OF app.pair (PRIMARY KEY (a));
CREATE TABLE app.events (id bigint, at date NOT NULL DEFAULT '2020-01-01', kind text) PARTITION BY RANGE (at);
ALTER TABLE ONLY app.events ADD CONSTRAINT events_checked CHECK (id > -5);
CREATE TABLE app.events_2020 PARTITION OF app.events FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE TABLE app.events_rest PARTITION OF app.events DEFAULT PARTITION BY LIST (kind);
CREATE TABLE app.events_rest_a PARTITION OF app.events_rest FOR VALUES IN ('a', NULL);
CREATE TABLE app.events_2021 (kind text, at date NOT NULL DEFAULT '2021-05-05', id bigint, CHECK (id > 0), CONSTRAINT events_checked CHECK (id > -5));
ALTER TABLE app.events ATTACH PARTITION app.events_2021 FOR VALUES FROM ('2021-01-01') TO ('2022-01-01');
CREATE INDEX events_kind ON app.events (kind);
CREATE INDEX ON ONLY app.events (at);
ALTER TABLE app.events_2020 ALTER kind SET DEFAULT 'k';
CREATE TABLE app.keyed (id bigint PRIMARY KEY, name text DEFAULT 'x' NOT NULL) PARTITION BY HASH (id);
CREATE TABLE app.keyed_0 PARTITION OF app.keyed (name DEFAULT 'zero') FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE app.keyed_1 (name text DEFAULT 'one' NOT NULL, id bigint CONSTRAINT own_key PRIMARY KEY);
ALTER TABLE app.keyed ATTACH PARTITION app.keyed_1 FOR VALUES WITH (MODULUS 2, REMAINDER 1);
CREATE TABLE app.marks (event bigint REFERENCES app.keyed, at date);
ALTER TABLE app.keyed ADD CONSTRAINT self FOREIGN KEY (id) REFERENCES app."Posts" (id);
`;

const CODE = `
CREATE VIEW app.names WITH (security_barrier = true) AS
  SELECT u.name, upper(u.email) AS email, (SELECT count(*) FROM app."Posts" p WHERE p.author = u.id) AS posts
  FROM app.users u WHERE u.id > 1 GROUP BY u.id, u.name, u.email ORDER BY u.name;
ALTER VIEW app.names ALTER COLUMN name SET DEFAULT 'nobody';
COMMENT ON VIEW app.names IS 'names';
COMMENT ON COLUMN app.names.posts IS 'how many';
GRANT SELECT (name) ON app.names TO schema_reader;
CREATE VIEW app.plain AS SELECT * FROM app.base WITH LOCAL CHECK OPTION;
CREATE VIEW app.joined AS
  SELECT b.a, c.c, 'FROM app.base' AS word FROM app.base b LEFT JOIN app.child c USING (a) UNION ALL SELECT 1, 2, 'three';
CREATE VIEW app.lists AS WITH few AS (SELECT name FROM app.users LIMIT 5) SELECT few.name, ARRAY[few.name] AS more FROM few;
CREATE VIEW app.numbered AS SELECT n, lag(n) OVER (ORDER BY n) FROM generate_series(1, 5) AS n WHERE n IS DISTINCT FROM 3;
CREATE MATERIALIZED VIEW app.totals WITH (fillfactor = 80) AS SELECT author, sum(total) AS total FROM app."Posts" GROUP BY author;
CREATE UNIQUE INDEX totals_author ON app.totals (author);
COMMENT ON MATERIALIZED VIEW app.totals IS 'sums';
CREATE VIEW app.top AS SELECT author FROM app.totals WHERE total > 5;
CREATE FUNCTION app.add(a integer, b integer DEFAULT 2, VARIADIC rest integer[] DEFAULT '{}', OUT total integer, OUT text text)
  LANGUAGE plpgsql STABLE STRICT SECURITY DEFINER PARALLEL SAFE COST 7 SET search_path TO app, public SET work_mem = '5MB'
  AS $body$
BEGIN
  -- $$ ' \\ and ; in a comment
  total := a + b; text := 'it''s';
END
$body$;
COMMENT ON FUNCTION app.add(integer, integer, integer[]) IS 'adds';
REVOKE EXECUTE ON FUNCTION app.add(integer, integer, integer[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.add(integer, integer, integer[]) TO schema_reader;
CREATE FUNCTION app.many() RETURNS SETOF app.users LANGUAGE sql ROWS 10 LEAKPROOF AS 'SELECT * FROM app.users';
CREATE FUNCTION app.standard(x integer) RETURNS integer LANGUAGE sql
  BEGIN ATOMIC INSERT INTO app.base (a) VALUES (x); SELECT max(base.a) FROM app.base; END;
CREATE FUNCTION app.standard_too(x integer) RETURNS integer RETURN x + 1;
CREATE PROCEDURE app.work(INOUT x integer) LANGUAGE plpgsql AS $$ BEGIN x := x + 1; END $$;
GRANT EXECUTE ON PROCEDURE app.work(integer) TO schema_reader;
CREATE FUNCTION app.state(integer, integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1 + $2';
CREATE FUNCTION app.back(integer, integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1 - $2';
CREATE AGGREGATE app.plus(integer) (SFUNC = app.state, STYPE = integer, INITCOND = '0', COMBINEFUNC = app.state, PARALLEL = SAFE,
  MSFUNC = app.state, MINVFUNC = app.back, MSTYPE = integer, MINITCOND = '0');
COMMENT ON AGGREGATE app.plus(integer) IS 'sum';
CREATE AGGREGATE app.middle(ORDER BY anyelement) (SFUNC = ordered_set_transition, STYPE = internal,
  FINALFUNC = mode_final, FINALFUNC_EXTRA);
CREATE OPERATOR app.<+> (FUNCTION = app.state, LEFTARG = integer, RIGHTARG = integer, COMMUTATOR = OPERATOR(app.<+>));
COMMENT ON OPERATOR app.<+> (integer, integer) IS 'plus';
CREATE OPERATOR FAMILY app.loose USING btree;
CREATE OPERATOR FAMILY app.hashes USING hash;
CREATE OPERATOR CLASS app.by_number FOR TYPE app.mood USING hash FAMILY app.hashes AS OPERATOR 1 pg_catalog.=(anyenum, anyenum),
  FUNCTION 1 hashenum(anyenum);
CREATE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.name := OLD.name; RETURN NEW; END $$;
CREATE TRIGGER touch BEFORE UPDATE OF name, body ON app.users FOR EACH ROW WHEN (OLD.name IS DISTINCT FROM NEW.name)
  EXECUTE FUNCTION app.touch('a', 'b');
COMMENT ON TRIGGER touch ON app.users IS 'touches';
ALTER TABLE app.users DISABLE TRIGGER touch;
CREATE CONSTRAINT TRIGGER checked AFTER INSERT ON app.users DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION app.touch();
CREATE TRIGGER cloned AFTER INSERT ON app.events FOR EACH ROW EXECUTE FUNCTION app.touch();
ALTER TABLE app.events_2020 ENABLE REPLICA TRIGGER cloned;
CREATE TRIGGER through INSTEAD OF INSERT ON app.names FOR EACH ROW EXECUTE FUNCTION app.touch();
CREATE RULE quiet AS ON DELETE TO app.base WHERE OLD.a > 5 DO INSTEAD NOTHING;
COMMENT ON RULE quiet ON app.base IS 'quiet';
CREATE RULE loud AS ON INSERT TO app.plain DO ALSO (NOTIFY loud; UPDATE app.base SET b = NEW.b WHERE a = NEW.a);
ALTER TABLE app.base DISABLE RULE quiet;
CREATE TABLE app.ring (id integer);
CREATE VIEW app.ring_view AS SELECT id FROM app.ring;
CREATE FUNCTION app.ring_value(app.ring_view) RETURNS integer LANGUAGE sql BEGIN ATOMIC SELECT ($1).id; END;
CREATE FUNCTION app.ring_next() RETURNS integer LANGUAGE sql BEGIN ATOMIC SELECT max(id) + 1 FROM app.ring; END;
ALTER TABLE app.ring ALTER id SET DEFAULT app.ring_next();
ALTER TABLE app.ring ADD CONSTRAINT sound CHECK (app.ring_value(ROW(id)) > 0);
CREATE OR REPLACE VIEW app.ring_view AS SELECT r.id FROM app.ring r WHERE app.ring_value(ROW(r.id)) > 0;
CREATE FUNCTION app.watch() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN END $$;
CREATE EVENT TRIGGER sample_watch ON ddl_command_end WHEN TAG IN ('ALTER TABLE', 'CREATE TABLE') EXECUTE FUNCTION app.watch();
COMMENT ON EVENT TRIGGER sample_watch IS 'watches';
ALTER EVENT TRIGGER sample_watch DISABLE;
`;

const EDGES = `
CREATE SCHEMA edge;
CREATE TYPE edge.none AS ENUM ();
CREATE TYPE edge.empty AS ();
CREATE TABLE edge.nothing ();
CREATE DOMAIN edge.small AS integer CHECK (VALUE < 9);
CREATE DOMAIN edge.smaller AS edge.small DEFAULT 3;
CREATE DOMAIN edge.list AS edge.smaller[];
CREATE TABLE edge.rows (whole app.base, list edge.list, other app.names);
CREATE TABLE edge.renamed (old_id integer GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME edge.elsewhere CACHE 3), b text);
COMMENT ON SEQUENCE edge.elsewhere IS 'behind it';
GRANT USAGE ON SEQUENCE edge.elsewhere TO schema_reader;
ALTER TABLE edge.renamed RENAME old_id TO id;
CREATE UNLOGGED TABLE edge.quick (id serial, at integer GENERATED ALWAYS AS IDENTITY);
CREATE TABLE edge.bare (id serial);
ALTER TABLE edge.bare ALTER id DROP DEFAULT;
CREATE FUNCTION edge.one() RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 1';
CREATE FUNCTION edge.with_default(a integer DEFAULT edge.one()) RETURNS TABLE (x integer, "Y" text)
  LANGUAGE sql SET datestyle TO 'ISO, DMY' SET search_path TO "$user", public AS 'SELECT 1, ''y''';
CREATE FUNCTION edge.any_of(VARIADIC anyarray) RETURNS anyelement LANGUAGE sql AS 'SELECT $1[1]';
CREATE FUNCTION edge.unset() RETURNS integer LANGUAGE sql SET search_path TO '' AS 'SELECT 1';
CREATE TABLE edge.made (a integer, b integer GENERATED ALWAYS AS (a + edge.one()) STORED, c integer DEFAULT edge.one() CHECK (c > edge.one()));
CREATE TABLE edge.parent_a (a integer, both_of integer DEFAULT 1, CHECK (a > 0));
CREATE TABLE edge.parent_b (both_of integer DEFAULT 1, b integer);
CREATE TABLE edge.child (a integer, own integer, CONSTRAINT parent_a_a_check CHECK (a > 0)) INHERITS (edge.parent_a, edge.parent_b);
ALTER TABLE edge.child ALTER both_of SET DEFAULT 2, ALTER b SET NOT NULL;
CREATE TABLE edge.grandchild () INHERITS (edge.child);
CREATE TABLE edge.unique_options (a integer, b integer, during int4range,
  UNIQUE (a) INCLUDE (b) WITH (fillfactor = 50) DEFERRABLE,
  EXCLUDE USING gist (during WITH &&) WITH (fillfactor = 60) WHERE (a > 5) DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE edge.tree (id integer, kind text, at date, PRIMARY KEY (id, kind, at), UNIQUE (at, id, kind)) PARTITION BY LIST (kind);
CREATE TABLE edge.tree_a PARTITION OF edge.tree FOR VALUES IN ('a') PARTITION BY RANGE (at);
CREATE TABLE edge.tree_a_1 PARTITION OF edge.tree_a FOR VALUES FROM (MINVALUE) TO ('2020-01-01');
CREATE TABLE edge.tree_a_2 PARTITION OF edge.tree_a FOR VALUES FROM ('2020-01-01') TO (MAXVALUE);
CREATE UNIQUE INDEX tree_a_2_only ON edge.tree_a_2 (id);
ALTER TABLE edge.tree_a_2 REPLICA IDENTITY USING INDEX tree_a_2_pkey;
CREATE TRIGGER on_tree AFTER UPDATE ON edge.tree FOR EACH ROW WHEN (OLD.id <> NEW.id) EXECUTE FUNCTION app.touch();
ALTER TABLE edge.tree DISABLE TRIGGER on_tree;
CREATE TABLE edge.leaf (tree integer, kind text, at date, FOREIGN KEY (tree, kind, at) REFERENCES edge.tree MATCH FULL);
ALTER TABLE edge.tree_a_1 ADD CONSTRAINT only_here FOREIGN KEY (id) REFERENCES edge.tree_a_2 (id);
CREATE VIEW edge.writable AS SELECT parent_a.a AS one, parent_b.b AS "Two" FROM edge.parent_a, edge.parent_b;
ALTER VIEW edge.writable RENAME one TO uno;
CREATE RULE written AS ON INSERT TO edge.writable DO INSTEAD INSERT INTO edge.parent_a (a) VALUES (NEW.uno) RETURNING a, a;
CREATE RECURSIVE VIEW edge.counted (n) AS VALUES (1) UNION ALL SELECT n + 1 FROM counted WHERE n < 5;
CREATE VIEW edge.whole AS SELECT p.*::text AS row, p.a FROM edge.parent_a p;
CREATE VIEW edge.sampled AS SELECT a FROM edge.parent_a TABLESAMPLE bernoulli (10) REPEATABLE (1);
CREATE VIEW edge.grouped AS SELECT kind, count(*) FILTER (WHERE id > 3) AS many, EXTRACT(year FROM max(at)) AS year
  FROM edge.tree WHERE EXISTS (SELECT FROM edge.leaf WHERE leaf.kind = tree.kind) GROUP BY ROLLUP (kind) HAVING count(*) > 1 ORDER BY 1 DESC;
CREATE MATERIALIZED VIEW edge.deep AS SELECT g.kind FROM edge.grouped g WITH NO DATA;
CREATE STATISTICS edge.on_expressions ON (a + 1), (a * 2) FROM edge.made;
CREATE INDEX on_expressions ON edge.made ((a + edge.one())) TABLESPACE pg_default;
CREATE AGGREGATE edge.count_all(*) (SFUNC = int8inc, STYPE = bigint, INITCOND = '0');
CREATE FUNCTION edge.pair_of(app.pair) RETURNS text LANGUAGE sql AS 'SELECT ($1).b';
CREATE CAST (app.pair AS text) WITH FUNCTION edge.pair_of(app.pair) AS IMPLICIT;
CREATE CAST (app.mood AS edge.none) WITH INOUT;
CREATE OPERATOR edge.!~! (FUNCTION = int4eq, LEFTARG = integer, RIGHTARG = integer, COMMUTATOR = OPERATOR(edge.!~!),
  NEGATOR = OPERATOR(edge.=!=), RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES);
CREATE OPERATOR edge.=!= (FUNCTION = int4ne, LEFTARG = integer, RIGHTARG = integer, NEGATOR = OPERATOR(edge.!~!));
CREATE OPERATOR edge.@@! (FUNCTION = int4um, RIGHTARG = integer);
CREATE OPERATOR CLASS edge.reversed FOR TYPE integer USING btree AS OPERATOR 1 >, OPERATOR 2 >=, OPERATOR 3 =, OPERATOR 4 <=, OPERATOR 5 <,
  FUNCTION 1 btint4cmp(integer, integer);
CREATE INDEX with_class ON edge.made (a edge.reversed);
ALTER DEFAULT PRIVILEGES REVOKE DELETE ON TABLES FROM CURRENT_USER;
CREATE FUNCTION edge."odd ""name"("Arg" text DEFAULT 'a''b') RETURNS void LANGUAGE plpgsql AS 'BEGIN /* $$ $body$ */ END;--$';
COMMENT ON FUNCTION edge."odd ""name"(text) IS E'back\\\\slash\\n\\ttab';
`;

const REST = `
CREATE FOREIGN DATA WRAPPER sample_wrapper OPTIONS (debug 'true');
CREATE SERVER sample_server TYPE 'x' VERSION '1' FOREIGN DATA WRAPPER sample_wrapper OPTIONS (host 'it''s', password 'hunter2');
COMMENT ON SERVER sample_server IS 'far';
GRANT USAGE ON FOREIGN SERVER sample_server TO schema_reader;
CREATE USER MAPPING FOR PUBLIC SERVER sample_server;
CREATE USER MAPPING FOR schema_reader SERVER sample_server OPTIONS (user 'me', password 'hunter2');
CREATE FOREIGN TABLE app.far (id integer OPTIONS (column_name 'x') NOT NULL, name text) SERVER sample_server OPTIONS (t 'y\\z');
CREATE PUBLICATION sample_publication FOR TABLE app.users, ONLY app.base WITH (publish = 'insert, update');
CREATE PUBLICATION sample_all FOR ALL TABLES WITH (publish_via_partition_root = true);
CREATE TEXT SEARCH DICTIONARY app.simple (TEMPLATE = pg_catalog.simple, ACCEPT = false);
CREATE TEXT SEARCH CONFIGURATION app.words (COPY = pg_catalog.simple);
ALTER TEXT SEARCH CONFIGURATION app.words ALTER MAPPING FOR word, asciiword WITH app.simple, simple;
ALTER TEXT SEARCH CONFIGURATION app.words DROP MAPPING FOR url;
COMMENT ON TEXT SEARCH CONFIGURATION app.words IS 'words';
CREATE TEXT SEARCH TEMPLATE app.template (INIT = dsimple_init, LEXIZE = dsimple_lexize);
CREATE TEXT SEARCH PARSER app.parser (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype);
CREATE DEFAULT CONVERSION app.latin FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
CREATE LANGUAGE sample_language HANDLER plpgsql_call_handler;
COMMENT ON LANGUAGE sample_language IS 'speaks';
CREATE ACCESS METHOD sample_method TYPE INDEX HANDLER bthandler;
CREATE TRANSFORM FOR integer LANGUAGE plpgsql (FROM SQL WITH FUNCTION pg_catalog.prsd_lextype(internal));
DO $do$ BEGIN
  EXECUTE format('ALTER DATABASE %I SET work_mem TO ''9MB''', current_database());
  EXECUTE format('ALTER ROLE schema_reader IN DATABASE %I SET search_path TO app, "Odd Name"', current_database());
  EXECUTE format('COMMENT ON DATABASE %I IS ''it''''s 100%% mine''', current_database());
  EXECUTE format('GRANT CREATE ON DATABASE %I TO schema_reader', current_database());
END $do$;
ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO schema_reader;
ALTER DEFAULT PRIVILEGES FOR ROLE schema_owner REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES GRANT USAGE ON TYPES TO schema_reader WITH GRANT OPTION;
`;

/** What makes the roles that the sample names; a dump does not. */
export const SAMPLE_ROLES: string = CREATE_ROLES;

/** The statements. */
export const SAMPLE: string = [CREATE_ROLES, TYPES, TABLES, CODE, EDGES, TEXTS, REST].join("");
