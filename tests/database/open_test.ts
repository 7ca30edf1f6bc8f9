import { assert, assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { inspect } from "node:util";
import type { Database } from "../../src/core/database.ts";
import { DatabaseError } from "../../src/core/database_error.ts";
import { MigrationError } from "../../src/core/error.ts";
import type { Problem } from "../../src/core/problem.ts";
import { openDatabase, type OpenOptions } from "../../src/database/open.ts";
import { databasePlatform } from "../../src/runtime/platform.ts";
import { programCommand, runCommand } from "../support/command.ts";
import { sharedServer, withDatabase } from "../support/databases.ts";
import { PASSWORD } from "../support/server.ts";
import { open } from "./contract.ts";

const platform = databasePlatform(() => undefined);

function opened(url: string, options: Partial<OpenOptions> = {}): Database {
  return openDatabase(url, { platform, ...options });
}

async function refusal(url: string, options: Partial<OpenOptions> = {}): Promise<DatabaseError> {
  const error = await assertRejects(() => opened(url, options).connect(), DatabaseError);
  assertEquals(error.kind, "connect");
  const all = `${error.message}${error.stack}${JSON.stringify(error)}${inspect(error)}`;
  for (const secret of [PASSWORD, encodeURIComponent(PASSWORD), "wrong-password"]) assert(!all.includes(secret), all);
  assert(!error.message.includes("\n"));
  return error;
}

/** A server of TCP that does with a connection, once it was asked something, what a test wants. */
async function withListener(
  behave: (socket: Socket) => Promise<void> | void,
  body: (port: number) => Promise<void>,
): Promise<void> {
  const listener = createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", async () => {
      await behave(socket);
      socket.end();
    });
  }).listen(0, "127.0.0.1");
  await once(listener, "listening");
  try {
    await body((listener.address() as AddressInfo).port);
  } finally {
    await new Promise((resolve) => listener.close(resolve));
  }
}

Deno.test("openDatabase() returns a database as it is", () => {
  const database = opened("postgres://u@h/d");
  assertEquals(openDatabase(database, { platform }), database);
});

Deno.test("openDatabase() reads the URL at once and passes warnings on", () => {
  const warnings: Problem[] = [];
  opened("postgres://u@h/d?pgbouncer=true", { onWarning: (problem) => warnings.push(problem) });
  assertEquals(warnings.length, 1);
  opened("postgres://u@h/d?pgbouncer=true");
  assertThrows(() => opened("postgres://u@h/d?what=1"), MigrationError);
});

Deno.test("openDatabase() starts sessions with the settings that it promises", () =>
  withDatabase(async (url) => {
    await using session = await open(
      opened(`${url}?options=-c%20work_mem%3D2MB%20-c%20standard_conforming_strings%3Doff`),
    );
    const shown = async (name: string) => Object.values((await session.connection.query(`SHOW ${name}`))[0] ?? {})[0];
    assertEquals(await shown("application_name"), "metapg-migration");
    assertEquals(await shown("standard_conforming_strings"), "on");
    assertEquals(await shown("work_mem"), "2MB");
    assertEquals(await shown("search_path"), '"$user", public');
    assertEquals(await shown("client_encoding"), "UTF8");
    await using named = await open(opened(`${url}?application_name=other&keepalives=0`, { applicationName: "mine" }));
    assertEquals(await named.connection.query("SHOW application_name"), [{ application_name: "other" }]);
    await using mine = await open(opened(url, { applicationName: "mine" }));
    assertEquals(await mine.connection.query("SHOW application_name"), [{ application_name: "mine" }]);
  }));

Deno.test("openDatabase() connects over a Unix socket", async () => {
  const { socketDirectory, port } = await sharedServer();
  if (socketDirectory === undefined) return;
  const url = `postgres://postgres@${encodeURIComponent(socketDirectory)}:${port}/postgres?sslmode=require`;
  await using session = await open(opened(url));
  assertEquals(await session.connection.query("SELECT inet_server_addr()::text AS a"), [{ a: null }]);
  const missing = await refusal(`postgres://postgres@/postgres?host=${socketDirectory}/none&port=${port}`);
  assertEquals(missing.message, `Cannot connect to ${socketDirectory}/none:${port}/postgres: no such socket`);
});

Deno.test("openDatabase() connects by name, to each address of it", () =>
  withDatabase(async (url) => {
    await using session = await open(opened(url.replace("127.0.0.1", "localhost")));
    assertEquals(await session.connection.query("SELECT 'on' AS lives"), [{ lives: "on" }]);
  }));

Deno.test("openDatabase() says in one line what refused a connection", () =>
  withDatabase(async (url, server) => {
    const place = new URL(url);
    const database = place.pathname.slice(1);
    place.password = "wrong-password";
    const wrong = await refusal(place.href);
    assertEquals(wrong.fields.sqlstate, "28P01");
    assertEquals(
      wrong.message,
      `Cannot connect to ${server.host}:${server.port}/${database}: password authentication failed for user "postgres"`,
    );
    const nowhere = await refusal(server.url.replace(/postgres$/, "nowhere"));
    assertEquals(nowhere.fields.sqlstate, "3D000");
    assertStringIncludes(nowhere.message, 'database "nowhere" does not exist');
    assertEquals(
      (await refusal("postgres://u:wrong-password@127.0.0.1:1/app")).message,
      "Cannot connect to 127.0.0.1:1/app: connection refused",
    );
    assertStringIncludes((await refusal("postgres://u:wrong-password@no.such.host.invalid/app")).message, "host name");
    assertStringIncludes(
      (await refusal(`${server.url}?sslmode=verify-ca&sslrootcert=/no/such/file`)).message,
      'cannot read the certificate or key "/no/such/file"',
    );
  }));

Deno.test("openDatabase() gives up on a server that does not answer", () =>
  withListener(
    () => new Promise((resolve) => setTimeout(resolve, 400)),
    async (port) => {
      const url = `postgres://u:wrong-password@127.0.0.1:${port}/d?sslmode=disable`;
      assertEquals(
        (await refusal(url, { connectTimeoutMs: 200 })).message,
        `Cannot connect to 127.0.0.1:${port}/d: timed out`,
      );
      assertStringIncludes(
        (await refusal(url.replace("disable", "require"), { connectTimeoutMs: 200 })).message,
        "timed out",
      );
    },
  ));

Deno.test("openDatabase() gives up on a server that hangs up", () =>
  withListener(() => {}, async (port) => {
    const url = `postgres://u:wrong-password@127.0.0.1:${port}/d`;
    for (const mode of ["disable", "prefer", "require"]) {
      assertStringIncludes((await refusal(`${url}?sslmode=${mode}`)).message, "closed by the server", mode);
    }
  }));

Deno.test("openDatabase() gives up on a server that is not PostgreSQL", () =>
  withListener((socket) => void socket.write("HTTP/1.1 400 Bad Request\r\n\r\n"), async (port) => {
    const url = `postgres://u:wrong-password@127.0.0.1:${port}/d?sslmode=require`;
    assertStringIncludes((await refusal(url)).message, "the server's answer is not PostgreSQL's");
  }));

Deno.test("openDatabase() tries several hosts in order, but no other after one that refused the user", () =>
  withDatabase(async (url, { host, port }) => {
    const address = `${host}:${port}`;
    await using session = await open(opened(url.replace(address, `127.0.0.1:1,${address}`)));
    assertEquals(await session.connection.query("SELECT 'on' AS lives"), [{ lives: "on" }]);

    const both = await refusal("postgres://u@127.0.0.1:1,127.0.0.1:2/d");
    assertEquals(
      both.message,
      "Cannot connect to 127.0.0.1:1,127.0.0.1:2/d: 127.0.0.1:1: connection refused; 127.0.0.1:2: connection refused",
    );
    const refused = await refusal(`postgres://postgres:wrong-password@${address},127.0.0.1:1/postgres`);
    assert(!refused.message.includes("connection refused"), refused.message);
  }));

Deno.test("openDatabase() takes only the kind of session that target_session_attrs wants", () =>
  withDatabase(async (url) => {
    for (const wanted of ["any", "read-write", "primary", "prefer-standby"]) {
      await using session = await open(opened(`${url}?target_session_attrs=${wanted}`));
      assertEquals(await session.connection.query("SELECT 'on' AS lives"), [{ lives: "on" }], wanted);
    }
    assertStringIncludes(
      (await refusal(`${url}?target_session_attrs=standby`)).message,
      "the session is on a primary, wanted standby",
    );
    assertStringIncludes(
      (await refusal(`${url}?target_session_attrs=read-only`)).message,
      "the session is read-write, wanted read-only",
    );
    const readOnly = `${url}?options=-c%20default_transaction_read_only%3Don&target_session_attrs=`;
    await using session = await open(opened(`${readOnly}read-only`));
    assertEquals(await session.connection.query("SHOW transaction_read_only"), [{ transaction_read_only: "on" }]);
    assertStringIncludes((await refusal(`${readOnly}read-write`)).message, "read-only");
  }));

Deno.test("openDatabase() looks a missing password up in the password file", () =>
  withDatabase(async (url, { host, port }) => {
    const line = `${host}:${port}:*:postgres:${PASSWORD.replace(/[\\:]/g, "\\$&")}\n`;
    const without = url.replace(/:[^:@]*@/, "@");
    const files: Record<string, string> = { "/home/me/.pgpass": line, "/other": line };
    const withFiles = (env: Record<string, string>) => ({
      platform: {
        ...platform,
        env: (name: string) => env[name],
        readTextFile: (path: string) =>
          path in files ? Promise.resolve(files[path]!) : Promise.reject(new Error("no such file")),
      },
    });
    const windows = { APPDATA: "C:\\Users\\me\\AppData\\Roaming", HOME: "/home/nobody" };
    files[`${windows.APPDATA}\\postgresql\\pgpass.conf`] = line.replaceAll("\n", "\r\n");
    const both = { HOME: "/home/me", APPDATA: "C:\\nobody" };
    for (const env of [{ HOME: "/home/me" }, { PGPASSFILE: "/other" }, windows, both]) {
      await using session = await open(opened(without, withFiles(env)));
      assertEquals(await session.connection.query("SELECT 'on' AS lives"), [{ lives: "on" }]);
    }
    await using session = await open(opened(`${without}?passfile=/other`, withFiles({})));
    assertEquals(await session.connection.query("SELECT 'on' AS lives"), [{ lives: "on" }]);
    assertEquals((await refusal(without, withFiles({ HOME: "/nobody" }))).fields.sqlstate, "28P01");
    assertEquals((await refusal(without, withFiles({}))).fields.sqlstate, "28P01");
  }));

Deno.test("openDatabase() takes the environment from its platform alone, whatever the driver would make of that of the process", () =>
  withDatabase(async (url) => {
    const env = { PGTARGETSESSIONATTRS: "any", PGAPPNAME: "other", PGMAX_PIPELINE: "0", PGPUBLICATIONS: "none" };
    const [program, ...args] = programCommand("url_program.ts", import.meta.url);
    const { code, out, err } = await runCommand(program, [...args, url], { env, timeoutMs: 60_000 });
    assertEquals([out, code], ['[{"name":"metapg-migration"}]\n', 0], err);
  }));

Deno.test("openDatabase() never reconnects, also not for a driver that would", () =>
  withDatabase(async (url) => {
    let sockets = 0;
    const counting = {
      ...platform,
      openSocket: (request: Parameters<typeof platform.openSocket>[0]) => {
        sockets++;
        return platform.openSocket(request);
      },
    };
    const database = opened(url, { platform: counting });
    await using session = await open(database);
    const lost = assertRejects(
      () => session.connection.query("SELECT pg_terminate_backend(pg_backend_pid())"),
      DatabaseError,
    );
    assertEquals((await lost).kind, "lost");
    await assertRejects(() => session.connection.query("SELECT 1"), DatabaseError);
    await database.close();
    assertEquals(sockets, 1);
  }));

Deno.test("openDatabase() refuses COPY with the client", () =>
  withDatabase(async (url) => {
    await using first = await open(opened(url));
    await first.connection.query("CREATE TABLE t AS SELECT repeat('x', 1000) AS x FROM generate_series(1, 1000)");
    const incoming = await assertRejects(() => first.connection.query("BEGIN; COPY t FROM STDIN"), DatabaseError);
    assertEquals([incoming.kind, incoming.message], ["server", "COPY FROM STDIN is not supported"]);
    await first.connection.query("ROLLBACK");
    assertEquals(await first.connection.query("SELECT count(*)::text AS n FROM t"), [{ n: "1000" }]);
    const outgoing = await assertRejects(() => first.connection.query("COPY t TO STDOUT; SELECT 1/0"), DatabaseError);
    assertEquals(outgoing.kind, "lost");
  }));
