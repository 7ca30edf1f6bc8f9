import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { MigrationError } from "../../src/core/error.ts";
import { describeTarget, type PostgresTarget } from "../../src/database/target.ts";
import { parseDatabaseUrl } from "../../src/database/url.ts";

type Variables = Readonly<Record<string, string>>;

function parse(url: string, env: Variables = {}, dbName?: string): PostgresTarget {
  return read(url, env, dbName).target as PostgresTarget;
}

function read(url: string, env: Variables = {}, dbName?: string): ReturnType<typeof parseDatabaseUrl> {
  return parseDatabaseUrl(url, { env: (name) => env[name], ...(dbName === undefined ? {} : { dbName }) });
}

function refuse(url: string, env: Variables = {}): MigrationError {
  const error = assertThrows(() => read(url, env), MigrationError);
  assertEquals(error.code, "CONFIG");
  assert(!`${error.message}${error.hint}`.includes("hunter2"), error.message);
  assert(!error.message.includes("\n"));
  return error;
}

Deno.test("parseDatabaseUrl() fills libpq's defaults", () => {
  assertEquals(read("postgres://me@"), {
    target: {
      engine: "postgres",
      hosts: [{ host: "localhost", port: 5432 }],
      database: "me",
      user: "me",
      tls: { mode: "prefer", negotiation: "postgres", sni: "send" },
      settings: {},
      keepAliveSeconds: 60,
      session: "any",
    },
    warnings: [],
  });
});

Deno.test("parseDatabaseUrl() reads every key that takes effect", () => {
  const url = "postgresql://u:p@a:1,[::2]:2/d?sslmode=verify-full&sslrootcert=/ca&sslcert=/c&sslkey=/k&sslpassword=x" +
    "&sslnegotiation=direct&sslsni=0&ssl_min_protocol_version=TLSv1.2&ssl_max_protocol_version=TLSv1.3" +
    "&options=-c%20a%3Db&application_name=app&connect_timeout=7&target_session_attrs=read-write&keepalives_idle=9" +
    "&passfile=/pw&client_encoding=UTF-8&gssencmode=disable&channel_binding=disable&load_balance_hosts=disable";
  assertEquals(read(url), {
    target: {
      engine: "postgres",
      hosts: [{ host: "a", port: 1 }, { host: "::2", port: 2 }],
      database: "d",
      user: "u",
      password: "p",
      passwordFile: "/pw",
      tls: {
        mode: "verify-full",
        negotiation: "direct",
        sni: "omit",
        rootCertificate: "/ca",
        certificate: "/c",
        key: "/k",
        keyPassword: "x",
        minVersion: "TLSv1.2",
        maxVersion: "TLSv1.3",
      },
      settings: { application_name: "app", options: "-c a=b" },
      connectTimeoutMs: 7000,
      keepAliveSeconds: 9,
      session: "read-write",
    },
    warnings: [],
  });
});

Deno.test("parseDatabaseUrl() takes host, port, user, password and dbname from the query too", () => {
  const target = parse("postgres://x@y/z?host=/run/pg&port=6000&user=u&password=p&dbname=d");
  assertEquals([target.hosts, target.user, target.password, target.database], [
    [{ host: "/run/pg", port: 6000 }],
    "u",
    "p",
    "d",
  ]);
  assertEquals(parse("postgres://u@%2Frun%2Fpg/d").hosts, [{ host: "/run/pg", port: 5432 }]);
  assertEquals(parse("postgres:///d?host=a,b&port=1&user=u").hosts, [{ host: "a", port: 1 }, { host: "b", port: 1 }]);
  assertEquals(parse("postgres://u@:77/d").hosts, [{ host: "localhost", port: 77 }]);
});

Deno.test("parseDatabaseUrl() lets PG* variables fill only what the URL leaves out", () => {
  const env = {
    PGHOST: "env.host",
    PGPORT: "77",
    PGUSER: "env_user",
    PGPASSWORD: "env_password",
    PGDATABASE: "env_db",
    PGSSLMODE: "require",
    PGOPTIONS: "-c x=y",
    PGAPPNAME: "env_app",
    PGCONNECT_TIMEOUT: "3",
    USER: "account",
  };
  const filled = parse("postgres://", env);
  assertEquals(
    [filled.hosts, filled.user, filled.password, filled.database, filled.tls.mode, filled.connectTimeoutMs],
    [
      [{ host: "env.host", port: 77 }],
      "env_user",
      "env_password",
      "env_db",
      "require",
      3000,
    ],
  );
  assertEquals(filled.settings, { application_name: "env_app", options: "-c x=y" });
  const given = parse("postgres://u:p@h:1/d?sslmode=disable&application_name=a&connect_timeout=0", env);
  assertEquals([given.hosts, given.user, given.password, given.database, given.tls.mode, given.connectTimeoutMs], [
    [{ host: "h", port: 1 }],
    "u",
    "p",
    "d",
    "disable",
    Infinity,
  ]);
  assertEquals(parse("postgres://h/d", { LOGNAME: "account" }).user, "account");
  assertEquals(parse("postgres://u@h", { PGHOST: "" }).hosts[0]?.host, "h");
});

Deno.test("parseDatabaseUrl() never gives a named database the one of PGDATABASE", () => {
  const env = { PGDATABASE: "main_db", PGUSER: "u" };
  assertEquals(parse("postgres://h", env, "default").database, "main_db");
  assertEquals(parse("postgres://h", env, "analytics").database, "u");
});

Deno.test("parseDatabaseUrl() maps ssl=true and a root certificate as libpq does", () => {
  assertEquals(parse("postgres://u@h?ssl=true").tls.mode, "require");
  assertEquals(parse("postgres://u@h?sslmode=require&sslrootcert=/ca").tls.mode, "verify-ca");
  assertEquals(parse("postgres://u@h?sslmode=verify-full&sslrootcert=system").tls.rootCertificate, undefined);
});

Deno.test("parseDatabaseUrl() turns keep-alive packets off", () => {
  assertEquals(parse("postgres://u@h?keepalives=0&keepalives_idle=5").keepAliveSeconds, 0);
  assertEquals(parse("postgres://u@h?keepalives_idle=0").keepAliveSeconds, 60);
});

Deno.test("parseDatabaseUrl() drops the keys of other tools with a warning", () => {
  const { target, warnings } = read("postgres://u@h/d?pgbouncer=true&schema=s&x-multi-statement=1&tcp_user_timeout=3");
  assertEquals((target as PostgresTarget).settings, {});
  assertEquals(warnings.map(({ code, severity, message }) => [code, severity, message]), [
    ["url", "warning", 'The key "pgbouncer" of the database URL is another tool\'s and has no effect'],
    ["url", "warning", 'The key "schema" of the database URL is another tool\'s and has no effect'],
    ["url", "warning", 'The key "x-multi-statement" of the database URL is another tool\'s and has no effect'],
    ["url", "warning", 'The key "tcp_user_timeout" of the database URL has no effect here'],
  ]);
});

Deno.test("parseDatabaseUrl() warns that channel_binding=require is not honoured", () => {
  const { warnings } = read("postgres://u@h/d?channel_binding=require");
  assertEquals(warnings.length, 1);
  assertStringIncludes(warnings[0]?.message ?? "", "channel_binding");
});

Deno.test("parseDatabaseUrl() refuses what it does not know or support", () => {
  const cases: Readonly<Record<string, string>> = {
    "postgres://u:hunter2@h/d?wrong=1": 'unknown key "wrong"',
    "postgres://u:hunter2@h/d?search_path=x": 'unknown key "search_path"',
    "postgres://u:hunter2@h/d?hunter2%20x=1": "unknown key",
    "postgres://u:hunter2@h/d?replication=database": '"replication" is not supported',
    "postgres://u:hunter2@h/d?hostaddr=1.2.3.4": '"hostaddr" is not supported',
    "postgres://u:hunter2@h/d?require_auth=none": '"require_auth" is not supported',
    "postgres://u:hunter2@h/d?gssencmode=require": '"gssencmode=require" is not supported',
    "postgres://u:hunter2@h/d?gssencmode=x": '"gssencmode" must be one of prefer, disable, require',
    "postgres://u:hunter2@h/d?sslmode=no-verify": '"sslmode" must be one of prefer',
    "postgres://u:hunter2@h/d?sslnegotiation=direct": "needs sslmode=require",
    "postgres://u:hunter2@h/d?sslcert=/c": '"sslcert" and "sslkey" belong together',
    "postgres://u:hunter2@h/d?ssl_min_protocol_version=1": "TLSv1, TLSv1.1, TLSv1.2, TLSv1.3",
    "postgres://u:hunter2@h/d?client_encoding=LATIN1": '"client_encoding" must be UTF8',
    "postgres://u:hunter2@h/d?connect_timeout=soon": '"connect_timeout" must be a number',
    "postgres://u:hunter2@h/d?load_balance_hosts=random": '"load_balance_hosts" must be one of disable',
    "postgres://u:hunter2@h/d?sslpassword=a&keepalives=x": '"keepalives" must be one of 1, 0',
    "postgres://u:hunter2@h:0/d": "the port must be a number from 1 to 65535",
    "postgres://u:hunter2?user=x": "the port must be a number from 1 to 65535",
    "postgres://u:hunter2@h:70000/d": "the port must be",
    "postgres://u:hunter2@a,b,c/d?port=1,2": "as many as hosts",
    "postgres://u:hunter2@a%20b/d": "invalid host",
    "postgres://u:hunter@2@h/d": "percent-encoded",
    "mysql://u:hunter2@h/d": "must begin with",
    "hunter2": "must begin with",
    "": "must begin with",
    "pglite://folder": "pglite:./folder",
    "pglite:idb://x": "pglite:./folder",
  };
  for (const [url, reason] of Object.entries(cases)) assertStringIncludes(refuse(url).message, reason, url);
  assertStringIncludes(refuse("postgres://h/d").message, "names no user");
  assertStringIncludes(refuse("postgres://u@h", { PGSSLMODE: "x" }).hint ?? "", "PGSSLMODE");
});

Deno.test("parseDatabaseUrl() reads the folder of PGlite as it stands", () => {
  const folders = [
    "pglite:",
    "pglite:memory://",
    "pglite:./a b/",
    "pglite:/abs",
    "pglite:/",
    "pglite:a%20b",
    "pglite:C:\\data\\",
    "pglite:C:/",
    "pglite:\\\\nas\\x",
  ].map((
    url,
  ) => read(url).target);
  assertEquals(folders, [
    { engine: "pglite" },
    { engine: "pglite" },
    { engine: "pglite", folder: "./a b" },
    { engine: "pglite", folder: "/abs" },
    { engine: "pglite", folder: "/" },
    { engine: "pglite", folder: "a%20b" },
    { engine: "pglite", folder: "C:\\data" },
    { engine: "pglite", folder: "C:/" },
    { engine: "pglite", folder: "\\\\nas\\x" },
  ]);
});

Deno.test("describeTarget() shows where to, on one line and without secrets", () => {
  const describe = (url: string) => describeTarget(read(url).target);
  assertEquals(describe("postgres://u:hunter2@h:1,[::1]:2/d?passfile=/x"), "h:1,[::1]:2/d");
  assertEquals(describe("postgres://u@%2Frun%2Fpg/d%0Ae%E2%80%A8f"), "/run/pg:5432/d?e?f");
  assertEquals(describe("pglite:./x"), "pglite:./x");
  assertEquals(describe("pglite:"), "pglite:");
});
