/**
 * Every kind of statement that is sent alone, with what a test needs to break it off, to undo it and to see it done.
 *
 * @module
 */

/** How a kind is made to fail: SQL that stands in its way and SQL that mends it, too few rights, or a cancel. */
export type Breakage = { readonly sql: string; readonly mend: string } | "rights" | "cancel";

/** What resuming does if the journal does not know the end: the catalog tells, it runs again, or a person is asked. */
export type AfterCrash = "catalog" | "again" | "person";

/** One kind. */
export interface Kind {
  /** Its name. */
  readonly title: string;
  /** Runs once, before everything. */
  readonly setup?: string;
  /** A setting that the migration makes in a unit before it. */
  readonly setting?: string;
  /** The statement. */
  readonly sql: string;
  /** A condition that is true if and only if it has its effect, once. */
  readonly isDone: string;
  /** Takes its effect back; without it the effect cannot be seen. */
  readonly undo?: string;
  /** What another session holds so that it waits; without it nothing can hold it up. */
  readonly hold?: string;
  /** How it fails. */
  readonly breakage: Breakage;
  /** What resuming does. */
  readonly afterCrash: AfterCrash;
  /** Whether PostgreSQL takes it in a transaction all the same. */
  readonly inTransaction?: true;
  /** Whether it takes so long that all of it is only tried on demand. */
  readonly isCostly?: true;
  /** The first major version that has it. */
  readonly since?: number;
}

/** A write whose transaction keeps `CONCURRENTLY` waiting. */
function writeTo(table: string): string {
  return `LOCK TABLE ${table} IN ROW EXCLUSIVE MODE; SELECT pg_current_xact_id()`;
}

function renamed(kind: string, name: string): Breakage {
  const [schema, bare] = name.includes(".") ? name.split(".") : [undefined, name];
  const away = schema === undefined ? `${bare}_away` : `${schema}.${bare}_away`;
  return {
    sql: `ALTER ${kind} ${name} RENAME TO ${bare}_away`,
    mend: `ALTER ${kind} ${away} RENAME TO ${bare}`,
  };
}

function isValid(index: string): string {
  return `(SELECT count(*) = 1 FROM pg_index WHERE indexrelid = to_regclass('${index}') AND indisvalid) AND ` +
    "NOT EXISTS (SELECT FROM pg_index WHERE NOT indisvalid)";
}

const PARTITIONED = (name: string) =>
  `CREATE TABLE ${name} (id int) PARTITION BY RANGE (id);
   CREATE TABLE ${name}_1 PARTITION OF ${name} FOR VALUES FROM (0) TO (10);
   CREATE INDEX ${name}_id ON ${name} (id); INSERT INTO ${name} VALUES (1)`;

/** Indexes and partitions: what `CONCURRENTLY` does. */
export const CONCURRENT: readonly Kind[] = [
  {
    title: "CREATE INDEX CONCURRENTLY",
    setup: "CREATE TABLE ci (id int); INSERT INTO ci VALUES (1)",
    sql: "CREATE INDEX CONCURRENTLY ci_id ON ci (id)",
    isDone: isValid("ci_id"),
    undo: "DROP INDEX ci_id",
    hold: writeTo("ci"),
    breakage: renamed("TABLE", "ci"),
    afterCrash: "catalog",
  },
  {
    title: "CREATE UNIQUE INDEX CONCURRENTLY without a name",
    setup: "CREATE TABLE cu (id int); INSERT INTO cu VALUES (1)",
    sql: "CREATE UNIQUE INDEX CONCURRENTLY ON cu (id)",
    isDone: `${isValid("cu_id_idx")} AND (SELECT count(*) = 1 FROM pg_index WHERE indrelid = 'cu'::regclass)`,
    undo: "DROP INDEX cu_id_idx",
    hold: writeTo("cu"),
    breakage: { sql: "INSERT INTO cu VALUES (1)", mend: "DELETE FROM cu WHERE ctid = (SELECT min(ctid) FROM cu)" },
    afterCrash: "catalog",
  },
  {
    title: "CREATE INDEX CONCURRENTLY IF NOT EXISTS",
    setup: "CREATE TABLE ce (id int); INSERT INTO ce VALUES (1)",
    sql: "CREATE INDEX CONCURRENTLY IF NOT EXISTS ce_id ON public.ce (id)",
    isDone: isValid("ce_id"),
    undo: "DROP INDEX ce_id",
    hold: writeTo("ce"),
    breakage: "cancel",
    afterCrash: "catalog",
  },
  {
    title: "DROP INDEX CONCURRENTLY",
    setup: "CREATE TABLE di (id int); CREATE INDEX di_id ON di (id)",
    sql: "DROP INDEX CONCURRENTLY di_id",
    isDone: "to_regclass('di_id') IS NULL",
    undo: "CREATE INDEX di_id ON di (id)",
    hold: writeTo("di"),
    breakage: "cancel",
    afterCrash: "catalog",
  },
  {
    title: "REINDEX INDEX CONCURRENTLY",
    setup: "CREATE TABLE ri (id int); CREATE INDEX ri_id ON ri (id)",
    sql: "REINDEX INDEX CONCURRENTLY ri_id",
    isDone: isValid("ri_id"),
    hold: writeTo("ri"),
    breakage: renamed("INDEX", "ri_id"),
    afterCrash: "again",
  },
  {
    title: "REINDEX TABLE CONCURRENTLY, with TOAST",
    setup: "CREATE TABLE rt (id int PRIMARY KEY, long text); CREATE INDEX rt_long ON rt (long)",
    sql: "REINDEX (VERBOSE) TABLE CONCURRENTLY rt",
    isDone: isValid("rt_pkey"),
    hold: writeTo("rt"),
    breakage: "cancel",
    afterCrash: "again",
  },
  {
    title: "REINDEX SCHEMA CONCURRENTLY, with TOAST",
    setup: "CREATE SCHEMA rs; CREATE TABLE rs.a (id int PRIMARY KEY, long text)",
    sql: "REINDEX SCHEMA CONCURRENTLY rs",
    isDone: isValid("rs.a_pkey"),
    hold: writeTo("rs.a"),
    breakage: "cancel",
    afterCrash: "again",
  },
  {
    title: "REINDEX TABLE CONCURRENTLY of a partitioned table",
    setup: PARTITIONED("rp"),
    sql: "REINDEX TABLE CONCURRENTLY rp",
    isDone: isValid("rp_1_id_idx"),
    hold: writeTo("rp_1"),
    breakage: "cancel",
    afterCrash: "again",
  },
  {
    title: "ALTER TABLE … DETACH PARTITION … CONCURRENTLY",
    setup: PARTITIONED("dp"),
    sql: "ALTER TABLE dp DETACH PARTITION dp_1 CONCURRENTLY",
    isDone: "NOT EXISTS (SELECT FROM pg_inherits WHERE inhrelid = 'dp_1'::regclass)",
    undo: "ALTER TABLE dp ATTACH PARTITION dp_1 FOR VALUES FROM (0) TO (10)",
    hold: writeTo("dp"),
    breakage: renamed("TABLE", "dp_1"),
    afterCrash: "catalog",
  },
];

/** What goes over tables and rewrites them, in transactions of its own. */
export const MAINTENANCE: readonly Kind[] = [
  {
    title: "VACUUM",
    setup: "CREATE TABLE va (id int)",
    sql: "VACUUM (FREEZE) va",
    isDone: "true",
    hold: "LOCK TABLE va",
    breakage: renamed("TABLE", "va"),
    afterCrash: "again",
  },
  {
    title: "VACUUM FULL",
    setup: "CREATE TABLE vf (id int)",
    sql: "VACUUM FULL vf",
    isDone: "true",
    hold: "LOCK TABLE vf",
    breakage: "cancel",
    afterCrash: "again",
  },
  {
    title: "CLUSTER of all tables",
    setup: "CREATE TABLE cl (id int PRIMARY KEY); CLUSTER cl USING cl_pkey",
    sql: "CLUSTER",
    isDone: "true",
    hold: "LOCK TABLE cl",
    breakage: "cancel",
    afterCrash: "again",
  },
  {
    title: "CLUSTER of a table",
    setup: "CREATE TABLE cn (id int PRIMARY KEY)",
    sql: "CLUSTER cn USING cn_pkey",
    isDone: "(SELECT indisclustered FROM pg_index WHERE indexrelid = 'cn_pkey'::regclass)",
    hold: "LOCK TABLE cn",
    breakage: renamed("INDEX", "cn_pkey"),
    afterCrash: "again",
    inTransaction: true,
  },
  {
    title: "CLUSTER of a partitioned table",
    setup: PARTITIONED("cp"),
    sql: "CLUSTER cp USING cp_id",
    isDone: "(SELECT indisclustered FROM pg_index WHERE indexrelid = 'cp_1_id_idx'::regclass)",
    hold: "LOCK TABLE cp_1",
    breakage: "rights",
    afterCrash: "again",
    since: 15,
  },
  {
    title: "REINDEX SCHEMA",
    setup: "CREATE SCHEMA rw; CREATE TABLE rw.a (id int PRIMARY KEY)",
    sql: "REINDEX SCHEMA rw",
    isDone: isValid("rw.a_pkey"),
    hold: "LOCK TABLE rw.a",
    breakage: "rights",
    afterCrash: "again",
  },
  {
    title: "REINDEX of a partitioned index",
    setup: PARTITIONED("rx"),
    sql: "REINDEX INDEX rx_id",
    isDone: isValid("rx_1_id_idx"),
    hold: "LOCK TABLE rx_1",
    breakage: renamed("INDEX", "rx_id"),
    afterCrash: "again",
  },
  {
    title: "REINDEX DATABASE",
    setup: "CREATE TABLE rd (id int PRIMARY KEY)",
    sql: "REINDEX DATABASE {database}",
    isDone: isValid("rd_pkey"),
    hold: "LOCK TABLE rd",
    breakage: "rights",
    afterCrash: "again",
    isCostly: true,
  },
  {
    title: "REINDEX SYSTEM",
    sql: "REINDEX SYSTEM {database}",
    isDone: isValid("pg_catalog.pg_class_oid_index"),
    hold: "LOCK TABLE pg_catalog.pg_description IN ROW EXCLUSIVE MODE",
    breakage: "rights",
    afterCrash: "again",
    isCostly: true,
  },
];

/** What is about the whole server: databases, tablespaces, settings, prepared transactions. */
export const GLOBAL: readonly Kind[] = [
  {
    title: "CREATE DATABASE",
    sql: "CREATE DATABASE {database}_a TEMPLATE template0",
    isDone: "EXISTS (SELECT FROM pg_database WHERE datname = '{database}_a')",
    undo: "DROP DATABASE {database}_a",
    hold: "LOCK TABLE pg_catalog.pg_database IN SHARE MODE",
    breakage: "rights",
    afterCrash: "catalog",
  },
  {
    title: "CREATE TABLESPACE",
    setting: "SET allow_in_place_tablespaces = on",
    sql: "CREATE TABLESPACE metapg_kinds LOCATION ''",
    isDone: "EXISTS (SELECT FROM pg_tablespace WHERE spcname = 'metapg_kinds')",
    undo: "DROP TABLESPACE metapg_kinds",
    hold: "LOCK TABLE pg_catalog.pg_tablespace IN SHARE MODE",
    breakage: "cancel",
    afterCrash: "catalog",
  },
  {
    title: "ALTER DATABASE … SET TABLESPACE",
    sql: "ALTER DATABASE {database}_a SET TABLESPACE metapg_kinds",
    isDone:
      "EXISTS (SELECT FROM pg_database d JOIN pg_tablespace s ON s.oid = d.dattablespace WHERE d.datname = '{database}_a' AND s.spcname = 'metapg_kinds')",
    undo: "ALTER DATABASE {database}_a SET TABLESPACE pg_default",
    hold: "LOCK TABLE pg_catalog.pg_database IN SHARE MODE",
    breakage: "rights",
    afterCrash: "again",
    isCostly: true,
  },
  {
    title: "DROP DATABASE",
    sql: "DROP DATABASE {database}_a WITH (FORCE)",
    isDone: "NOT EXISTS (SELECT FROM pg_database WHERE datname = '{database}_a')",
    undo: "CREATE DATABASE {database}_a TEMPLATE template0",
    hold: "LOCK TABLE pg_catalog.pg_database IN SHARE MODE",
    breakage: "rights",
    afterCrash: "catalog",
  },
  {
    title: "DROP TABLESPACE",
    sql: "DROP TABLESPACE metapg_kinds",
    isDone: "NOT EXISTS (SELECT FROM pg_tablespace WHERE spcname = 'metapg_kinds')",
    undo: "SET allow_in_place_tablespaces = on; CREATE TABLESPACE metapg_kinds LOCATION ''",
    hold: "LOCK TABLE pg_catalog.pg_tablespace IN SHARE MODE",
    breakage: "rights",
    afterCrash: "catalog",
  },
  {
    title: "ALTER SYSTEM",
    sql: "ALTER SYSTEM SET log_min_duration_statement = '12345s'",
    isDone: "EXISTS (SELECT FROM pg_file_settings WHERE name = 'log_min_duration_statement' AND setting = '12345s')",
    undo: "ALTER SYSTEM RESET log_min_duration_statement",
    breakage: "rights",
    afterCrash: "again",
  },
  {
    title: "COMMIT PREPARED",
    setup: "CREATE TABLE pc (id int); BEGIN; INSERT INTO pc VALUES (1); PREPARE TRANSACTION '{database} c'",
    sql: "COMMIT PREPARED '{database} c'",
    isDone: "(SELECT count(*) = 1 FROM pc)",
    undo: "DELETE FROM pc; BEGIN; INSERT INTO pc VALUES (1); PREPARE TRANSACTION '{database} c'",
    breakage: "rights",
    afterCrash: "person",
  },
  {
    title: "ROLLBACK PREPARED",
    setup: "CREATE TABLE pr (id int); BEGIN; INSERT INTO pr VALUES (1); PREPARE TRANSACTION '{database} r'",
    sql: "ROLLBACK PREPARED '{database} r'",
    isDone: "NOT EXISTS (SELECT FROM pg_prepared_xacts WHERE gid = '{database} r')",
    undo: "BEGIN; INSERT INTO pr VALUES (1); PREPARE TRANSACTION '{database} r'",
    breakage: "rights",
    afterCrash: "person",
  },
];

/** What may end transactions itself: only a person can tell how far it came. */
export const PROCEDURAL: readonly Kind[] = [
  {
    title: "DO",
    setup: "CREATE TABLE d1 (id int)",
    sql: "DO $$ BEGIN INSERT INTO d1 VALUES (1); END $$",
    isDone: "(SELECT count(*) = 1 FROM d1)",
    undo: "TRUNCATE d1",
    hold: "LOCK TABLE d1",
    breakage: renamed("TABLE", "d1"),
    afterCrash: "person",
    inTransaction: true,
  },
  {
    title: "DO with COMMIT",
    setup: "CREATE TABLE d2 (id int); CREATE TABLE d3 (id int)",
    sql:
      "DO $$ BEGIN INSERT INTO d2 SELECT 1 WHERE NOT EXISTS (SELECT FROM d2); COMMIT; INSERT INTO d3 VALUES (1); END $$",
    isDone: "(SELECT count(*) = 1 FROM d2) AND (SELECT count(*) = 1 FROM d3)",
    undo: "TRUNCATE d2, d3",
    hold: "LOCK TABLE d3",
    breakage: renamed("TABLE", "d3"),
    afterCrash: "person",
  },
  {
    title: "CALL with COMMIT",
    setup: `CREATE TABLE p1 (id int); CREATE TABLE p2 (id int);
      CREATE PROCEDURE p() LANGUAGE plpgsql AS $$ BEGIN INSERT INTO p1 SELECT 1 WHERE NOT EXISTS (SELECT FROM p1); COMMIT; INSERT INTO p2 VALUES (1); END $$`,
    sql: "CALL p()",
    isDone: "(SELECT count(*) = 1 FROM p1) AND (SELECT count(*) = 1 FROM p2)",
    undo: "TRUNCATE p1, p2",
    hold: "LOCK TABLE p2",
    breakage: renamed("TABLE", "p2"),
    afterCrash: "person",
  },
];

/** What speaks to a publisher, whose connection string is given. */
export function SUBSCRIPTIONS(publisher: string): readonly Kind[] {
  const create = (name: string) =>
    `CREATE SUBSCRIPTION ${name} CONNECTION '${publisher}' PUBLICATION none, nothing WITH (slot_name = '{database}_${name}')`;
  const drop = (name: string) => `DROP SUBSCRIPTION ${name}`;
  const isThere = (name: string) =>
    `EXISTS (SELECT FROM pg_subscription s JOIN pg_database d ON d.oid = s.subdbid
      WHERE subname = '${name}' AND datname = current_database())`;
  const publications = (...names: readonly string[]) =>
    `(SELECT subpublications @> '{${names}}' AND cardinality(subpublications) = ${names.length} FROM pg_subscription WHERE subname = 'sa')`;
  return [
    {
      title: "CREATE SUBSCRIPTION",
      sql: create("sc"),
      isDone: isThere("sc"),
      undo: drop("sc"),
      breakage: "rights",
      afterCrash: "catalog",
    },
    {
      title: "DROP SUBSCRIPTION",
      sql: drop("sc"),
      isDone: `NOT ${isThere("sc")}`,
      undo: create("sc"),
      breakage: "rights",
      afterCrash: "catalog",
    },
    {
      title: "ALTER SUBSCRIPTION … REFRESH PUBLICATION",
      setup: create("sa"),
      sql: "ALTER SUBSCRIPTION sa REFRESH PUBLICATION",
      isDone: "true",
      breakage: "rights",
      afterCrash: "person",
    },
    {
      title: "ALTER SUBSCRIPTION … SET PUBLICATION",
      sql: "ALTER SUBSCRIPTION sa SET PUBLICATION other",
      isDone: publications("other"),
      undo: "ALTER SUBSCRIPTION sa SET PUBLICATION none, nothing",
      breakage: "rights",
      afterCrash: "person",
    },
    {
      title: "ALTER SUBSCRIPTION … ADD PUBLICATION",
      sql: "ALTER SUBSCRIPTION sa ADD PUBLICATION more",
      isDone: publications("other", "more"),
      undo: "ALTER SUBSCRIPTION sa SET PUBLICATION other",
      breakage: "rights",
      afterCrash: "person",
    },
    {
      title: "ALTER SUBSCRIPTION … DROP PUBLICATION",
      sql: "ALTER SUBSCRIPTION sa DROP PUBLICATION more",
      isDone: publications("other"),
      undo: "ALTER SUBSCRIPTION sa ADD PUBLICATION more",
      breakage: "rights",
      afterCrash: "person",
    },
  ];
}
