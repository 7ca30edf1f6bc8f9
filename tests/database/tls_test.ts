import { assertEquals, assertStringIncludes } from "@std/assert";
import { DatabaseError } from "../../src/core/database_error.ts";
import { openDatabase } from "../../src/database/open.ts";
import { databasePlatform } from "../../src/runtime/platform.ts";
import { AUTHORITY, CLIENT_CERTIFICATE, CLIENT_KEY, SERVER_CERTIFICATE, SERVER_KEY } from "../support/certificates.ts";
import { query, sharedServer } from "../support/databases.ts";
import { startServer } from "../support/server.ts";
import { cancelUntilOver, failure, open } from "./contract.ts";

const files: Readonly<Record<string, string>> = { "/ca": AUTHORITY, "/crt": CLIENT_CERTIFICATE, "/key": CLIENT_KEY };

const platform = {
  ...databasePlatform(() => undefined),
  readTextFile: (path: string) =>
    path in files ? Promise.resolve(files[path]!) : Promise.reject(new Error("no such file")),
};

/** `true` or `false` for an encrypted or a plain session, else the error's message. */
async function attempt(url: string): Promise<string> {
  try {
    await using session = await open(openDatabase(url, { platform }));
    const [row] = await session.connection.query("SELECT ssl::text FROM pg_stat_ssl WHERE pid = pg_backend_pid()");
    const slept = failure(session.connection, "SELECT pg_sleep(60)");
    await cancelUntilOver(session.connection, slept);
    assertEquals((await slept).fields.sqlstate, "57014");
    return String(row?.ssl);
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    return error.message;
  }
}

Deno.test("openDatabase() encrypts and checks as sslmode says", async () => {
  const server = await startServer({
    share: "own",
    settings: { ssl: "on", ssl_ca_file: "root.crt" },
    files: {
      "server.crt": SERVER_CERTIFICATE,
      "server.key": SERVER_KEY,
      "root.crt": AUTHORITY,
      "pg_hba.conf": [
        "hostssl all guest all cert",
        "hostnossl all guest all reject",
        "hostnossl all plain all trust",
        "host all plain all reject",
        "host all all all scram-sha-256",
      ].join("\n") + "\n",
    },
  });
  try {
    await query(server.url, "CREATE ROLE guest LOGIN; CREATE ROLE plain LOGIN");
    const named = server.url.replace("127.0.0.1", "localhost");
    assertEquals(await attempt(server.url), "true");
    assertEquals(await attempt(`${server.url}?sslmode=disable`), "false");
    assertEquals(await attempt(`${server.url}?sslmode=allow`), "false");
    assertEquals(await attempt(`${server.url}?sslmode=prefer`), "true");
    assertEquals(await attempt(`${server.url}?sslmode=require`), "true");
    assertEquals(
      await attempt(
        `${server.url}?sslmode=require&sslsni=0&ssl_min_protocol_version=TLSv1.2&ssl_max_protocol_version=TLSv1.3`,
      ),
      "true",
    );
    assertEquals(await attempt(`${server.url}?sslmode=verify-ca&sslrootcert=/ca`), "true");
    assertEquals(await attempt(`${named}?sslmode=verify-full&sslrootcert=/ca`), "true");
    assertStringIncludes(await attempt(`${server.url}?sslmode=verify-ca`), "certificate");
    assertStringIncludes(await attempt(`${server.url}?sslmode=verify-full&sslrootcert=/ca`), "does not match");

    const guest = named.replace(/\/\/.*@/, "//guest@");
    assertEquals(await attempt(`${guest}?sslmode=require&sslcert=/crt&sslkey=/key&sslpassword=none`), "true");
    assertStringIncludes(await attempt(`${guest}?sslmode=require`), "certificate");

    const plain = named.replace(/\/\/.*@/, "//plain@");
    assertEquals(await attempt(plain), "false");
    assertStringIncludes(await attempt(`${plain}?sslmode=require`), "pg_hba.conf");
    assertEquals(await attempt(`${guest}?sslmode=allow&sslcert=/crt&sslkey=/key`), "true");
  } finally {
    await server.stop();
  }
});

Deno.test("openDatabase() speaks to a server without TLS only where sslmode lets it", async () => {
  const server = await startServer({ share: "own" });
  try {
    for (const mode of ["disable", "allow", "prefer"]) {
      assertEquals(await attempt(`${server.url}?sslmode=${mode}`), "false", mode);
    }
    for (const mode of ["require", "verify-ca", "verify-full"]) {
      assertStringIncludes(await attempt(`${server.url}?sslmode=${mode}`), "the server does not offer TLS", mode);
    }
  } finally {
    await server.stop();
  }
});

Deno.test("openDatabase() starts with TLS at once where sslnegotiation is direct", async () => {
  const server = await startServer({
    share: "own",
    major: 18,
    settings: { ssl: "on" },
    files: { "server.crt": SERVER_CERTIFICATE, "server.key": SERVER_KEY },
  });
  try {
    assertEquals(await attempt(`${server.url}?sslmode=require&sslnegotiation=direct`), "true");
  } finally {
    await server.stop();
  }
  const { url } = await sharedServer();
  assertStringIncludes(await attempt(`${url}?sslmode=require&sslnegotiation=direct`), "Cannot connect");
});
