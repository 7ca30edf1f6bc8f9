/**
 * What a migration may do to its session, and how a session tells what it is like.
 *
 * @module
 */

/** Something that a migration does to its session. */
export interface Hostile {
  /** Statements; `ROLE_NAME` stands for a role without any rights. */
  readonly sql: string;
  /** Which engines have it; all without it. */
  readonly on?: "servers";
  /** Which files may hold it; all without it. */
  readonly in?: "units";
}

/** Settings that any migration may make. */
const SETTINGS: readonly string[] = [
  "search_path = nowhere",
  "lock_timeout = '77ms'",
  "statement_timeout = '7s'",
  "idle_in_transaction_session_timeout = '7s'",
  "default_transaction_read_only = on",
  "default_transaction_isolation = 'serializable'",
  "default_transaction_deferrable = on",
  "client_min_messages = error",
  "DateStyle = 'German'",
  "IntervalStyle = 'sql_standard'",
  "TimeZone = 'Asia/Tokyo'",
  "bytea_output = 'escape'",
  "extra_float_digits = 0",
  "check_function_bodies = off",
  "row_security = off",
  "xmloption = 'document'",
  "default_tablespace = 'pg_default'",
  "default_table_access_method = 'heap'",
  "default_toast_compression = 'pglz'",
  "constraint_exclusion = on",
  "quote_all_identifiers = on",
  "backslash_quote = on",
  "escape_string_warning = off",
  "transform_null_equals = on",
  "lo_compat_privileges = on",
  "session_replication_role = replica",
  "enable_seqscan = off",
  "work_mem = '1MB'",
  "application_name = 'é'",
  "my.var = 'mine'",
];

/** Everything that a migration does to its session in the tests. */
export const HOSTILE: readonly Hostile[] = [
  ...SETTINGS.flatMap((setting): Hostile[] => [
    { sql: `SET ${setting};` },
    { sql: `SET LOCAL ${setting};` },
  ]),
  { sql: "SELECT pg_catalog.set_config('search_path', '', false);" },
  { sql: "SET LOCAL search_path = pg_catalog; SET search_path = nowhere; SET LOCAL search_path = elsewhere;" },
  { sql: "SELECT set_config('standard_conforming_' || 'strings', 'off', false);" },
  { sql: "DO $$ BEGIN PERFORM set_config('standard_conforming_' || 'strings', 'off', false); END $$;" },
  { sql: "SET client_encoding = 'LATIN1';", on: "servers" },
  { sql: "SET client_encoding = 'SQL_ASCII';", on: "servers" },
  { sql: "DO $$ BEGIN PERFORM set_config('client_encoding', 'LATIN1', false); END $$;", on: "servers" },
  { sql: "SET ROLE ROLE_NAME;" },
  { sql: "SET LOCAL ROLE ROLE_NAME;" },
  { sql: "SET SESSION AUTHORIZATION ROLE_NAME;" },
  { sql: "SET ROLE ROLE_NAME; SET SESSION AUTHORIZATION ROLE_NAME;" },
  { sql: "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY;", in: "units" },
  { sql: "CREATE TEMPORARY TABLE users (id text);" },
  { sql: "CREATE TEMPORARY TABLE users (id text) ON COMMIT DELETE ROWS; INSERT INTO users VALUES ('x');" },
  { sql: "CREATE TEMPORARY TABLE users (id text) ON COMMIT DROP;" },
  { sql: "CREATE TEMPORARY TABLE metapg_migrations (id int); CREATE TEMPORARY TABLE text (id int);" },
  { sql: "CREATE TEMPORARY VIEW pg_class AS SELECT 1; CREATE TEMPORARY SEQUENCE s; SELECT nextval('s');" },
  { sql: "DECLARE c CURSOR FOR SELECT 1;" },
  { sql: "DECLARE c CURSOR WITH HOLD FOR SELECT 1;" },
  { sql: "PREPARE p AS SELECT 1;" },
  { sql: 'PREPARE p AS SELECT 2; PREPARE "ALL" AS SELECT 3; EXECUTE p;' },
  { sql: "LISTEN news;" },
  { sql: "SELECT nextval('public.numbers');" },
  { sql: "SET CONSTRAINTS ALL DEFERRED;" },
  { sql: "SELECT pg_advisory_lock(11), pg_advisory_lock(11), pg_advisory_lock_shared(-12), pg_advisory_lock(1, -2);" },
];

/** Makes a function that tells all that a migration can see of its session. */
export const STATE_SQL = `CREATE SEQUENCE public.numbers;
CREATE FUNCTION public.state() RETURNS jsonb LANGUAGE plpgsql AS $f$
DECLARE last text := 'none';
BEGIN
  BEGIN
    last := currval('public.numbers');
  EXCEPTION WHEN object_not_in_prerequisite_state THEN
    NULL;
  END;
  RETURN jsonb_build_object(
    'settings', (SELECT jsonb_object_agg(s.name, current_setting(s.name)) FROM pg_settings s),
    'custom', coalesce(current_setting('my.var', true), ''),
    'users', jsonb_build_array(session_user, current_user, current_setting('role')),
    'temporary', (SELECT count(*) FROM pg_class c WHERE c.relnamespace = pg_my_temp_schema() AND c.relkind <> 't'),
    'cursors', (SELECT count(*) FROM pg_cursors c WHERE c.name = 'c'),
    'channels', (SELECT count(*) FROM pg_listening_channels()),
    'prepared', (SELECT count(*) FROM pg_prepared_statements p WHERE p.from_sql AND p.name NOT LIKE 'metapg %'),
    'last', last
  );
END $f$;
`;
