/**
 * The keys that may stand after the `?` of a database URL, and what is done with each.
 *
 * @module
 */

/** Keys of libpq that take effect, each with the environment variable that fills it where the URL leaves it out. */
export const SUPPORTED = {
  host: "PGHOST",
  port: "PGPORT",
  user: "PGUSER",
  password: "PGPASSWORD",
  dbname: "PGDATABASE",
  passfile: "PGPASSFILE",
  options: "PGOPTIONS",
  application_name: "PGAPPNAME",
  connect_timeout: "PGCONNECT_TIMEOUT",
  target_session_attrs: "PGTARGETSESSIONATTRS",
  channel_binding: "PGCHANNELBINDING",
  sslmode: "PGSSLMODE",
  sslrootcert: "PGSSLROOTCERT",
  sslcert: "PGSSLCERT",
  sslkey: "PGSSLKEY",
  sslnegotiation: "PGSSLNEGOTIATION",
  sslsni: "PGSSLSNI",
  ssl_min_protocol_version: "PGSSLMINPROTOCOLVERSION",
  ssl_max_protocol_version: "PGSSLMAXPROTOCOLVERSION",
  gssencmode: "PGGSSENCMODE",
  client_encoding: "PGCLIENTENCODING",
  load_balance_hosts: "PGLOADBALANCEHOSTS",
  fallback_application_name: undefined,
  sslpassword: undefined,
  keepalives: undefined,
  keepalives_idle: undefined,
} as const;

/** A key that takes effect. */
export type SupportedKey = keyof typeof SUPPORTED;

/** Keys of libpq that would change who is trusted or what is sent: an error, for leaving them out would be one too. */
const REFUSED: ReadonlySet<string> = new Set([
  "hostaddr",
  "oauth_client_id",
  "oauth_client_secret",
  "oauth_issuer",
  "oauth_scope",
  "replication",
  "require_auth",
  "requirepeer",
  "scram_client_key",
  "scram_server_key",
  "service",
  "servicefile",
  "sslcertmode",
  "sslcrl",
  "sslcrldir",
  "sslkeylogfile",
]);

/** Keys of libpq that tune what the drivers do not let be tuned. */
const WITHOUT_EFFECT: ReadonlySet<string> = new Set([
  "gssdelegation",
  "gsslib",
  "keepalives_count",
  "keepalives_interval",
  "krbsrvname",
  "max_protocol_version",
  "min_protocol_version",
  "sslcompression",
  "tcp_user_timeout",
]);

/** Keys that other tools read from the same URL: Prisma, pgx, JDBC, golang-migrate, Rails, Doctrine, hosting services. */
const FOREIGN: ReadonlySet<string> = new Set([
  "advisory_locks",
  "ApplicationName",
  "async_fallback",
  "binary_parameters",
  "charset",
  "checkout_timeout",
  "command_timeout",
  "connection_limit",
  "connectTimeout",
  "currentSchema",
  "default_query_exec_mode",
  "description_cache_capacity",
  "encoding",
  "idle_timeout",
  "idleTimeoutMillis",
  "loggerLevel",
  "loginTimeout",
  "max",
  "max_lifetime",
  "max_overflow",
  "min",
  "pgbouncer",
  "pool",
  "pool_health_check_period",
  "pool_max_conn_idle_time",
  "pool_max_conn_lifetime",
  "pool_max_conns",
  "pool_min_conns",
  "pool_size",
  "pool_timeout",
  "prefer_simple_protocol",
  "preparedStatementCacheQueries",
  "preparedStatementCacheSizeMiB",
  "prepared_statement_cache_size",
  "prepared_statements",
  "prepareThreshold",
  "reaping_frequency",
  "reconnect",
  "reWriteBatchedInserts",
  "schema",
  "serverVersion",
  "socket_timeout",
  "socketTimeout",
  "sslaccept",
  "sslfactory",
  "sslidentity",
  "statement_cache_capacity",
  "statement_cache_mode",
  "statement_cache_size",
  "stringtype",
  "supa",
  "tcpKeepAlive",
  "uselibpqcompat",
  "workaround",
]);

/** What is done with a key. */
export type KeyUse = "supported" | "refused" | "without-effect" | "foreign" | "unknown";

/**
 * Says what is done with a key.
 *
 * @param key A key, as it stands in the URL.
 * @returns Its use.
 */
export function keyUse(key: string): KeyUse {
  if (Object.hasOwn(SUPPORTED, key)) return "supported";
  if (REFUSED.has(key)) return "refused";
  if (WITHOUT_EFFECT.has(key)) return "without-effect";
  return FOREIGN.has(key) || key.startsWith("x-") ? "foreign" : "unknown";
}
