/**
 * A PgBouncer in front of a test server: each transaction of a client may be run by another session of the server.
 *
 * @module
 */

import { freePort, serverAccount, type TestServer } from "./server.ts";
import { run } from "./binaries.ts";

/** The program; `undefined` on a machine without it, where what needs it does not run. */
export const POOLER: string | undefined = [...(Deno.env.get("PATH") ?? "").split(":"), "/usr/sbin"]
  .filter((folder) => folder.startsWith("/"))
  .map((folder) => `${folder}/pgbouncer`)
  .find(isProgram);

/** A running pooler. */
export interface Pooler {
  /**
   * Puts the pooler into a URL.
   *
   * @param url Of a database of the server behind it.
   * @returns The same database through the pooler.
   */
  through(url: string): string;
  /** Ends it. */
  stop(): Promise<void>;
}

/**
 * Starts a pooler that gives each client a session of the server for one transaction.
 *
 * @param server The server behind it.
 * @param poolSize How many sessions of the server it may use at once, for each database.
 * @returns The pooler, ready for connections.
 */
export async function startPooler(server: TestServer, poolSize: number): Promise<Pooler> {
  const account = await serverAccount();
  const home = await Deno.makeTempDir({ dir: "/tmp", prefix: "metapg-pooler-" });
  await Deno.chmod(home, 0o755);
  const port = await freePort();
  const { username, password } = new URL(server.url);
  const quoted = (text: string) => `'${decodeURIComponent(text).replaceAll("'", "''")}'`;
  await Deno.writeTextFile(
    `${home}/pgbouncer.ini`,
    `[databases]
* = host=${server.host} port=${server.port} user=${quoted(username)} password=${quoted(password)}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = ${poolSize}
max_client_conn = 100
server_round_robin = 1
`,
  );
  const [program, ...args] = [...account.prefix, POOLER!, "-q", `${home}/pgbouncer.ini`];
  if (account.name !== undefined) await run("chown", ["-R", account.name, home]);
  // However this process goes, the pooler does not outlive it by more than four hours.
  const child = new Deno.Command("timeout", {
    args: ["14400", program!, ...args],
    cwd: "/tmp",
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  await untilListening(port);
  return {
    through: (url) => {
      const pooled = new URL(url);
      pooled.host = `127.0.0.1:${port}`;
      return pooled.href;
    },
    stop: async () => {
      child.kill("SIGTERM");
      await child.output();
      await Deno.remove(home, { recursive: true });
    },
  };
}

async function untilListening(port: number): Promise<void> {
  for (let tries = 0;; tries++) {
    try {
      (await Deno.connect({ hostname: "127.0.0.1", port })).close();
      return;
    } catch (error) {
      if (tries === 200) throw error;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
}

function isProgram(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
