/**
 * Throw-away servers: a cluster of its own in a temporary folder, gone with the process that started it.
 *
 * @module
 */

import { appendFile, chmod, mkdir, mkdtemp, readFile, rm, statfs, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import process from "node:process";
import { type Binaries, findBinaries, type Major, run } from "./binaries.ts";

/** A running server. */
export interface TestServer {
  /** URL of its superuser and the database `postgres`. */
  readonly url: string;
  /** Major version. */
  readonly major: number;
  /** Host name for TCP. */
  readonly host: string;
  /** TCP port. */
  readonly port: number;
  /** Folder of its Unix socket; absent for a server that the tests did not start. */
  readonly socketDirectory?: string;
  /** Ends it: `fast` cuts sessions, `immediate` is a crash. It can be started again. */
  halt(mode: "fast" | "immediate"): Promise<void>;
  /** Starts it after {@linkcode TestServer.halt}. */
  resume(): Promise<void>;
  /** Ends it and removes its files; does nothing for a server that the tests did not start. */
  stop(): Promise<void>;
}

/** What to start. */
export interface StartOptions {
  /** Major version; any that can be had without it. */
  readonly major?: Major;
  /** Whether a server from the environment will do. A test that halts or reconfigures it needs its own. */
  readonly share?: "shared" | "own";
  /** Settings for `postgresql.conf`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Files for the data folder, by name. */
  readonly files?: Readonly<Record<string, string>>;
  /**
   * The folder that its own is made in.
   *
   * @default the system's memory where it has room, for a database is created there in a tenth of the time; else `/tmp`
   */
  readonly parent?: string;
}

const MEMORY = "/dev/shm";

/** Servers of several versions, with the databases of all tests that run at the same time. */
const NEEDED_BYTES = 4e9;

/** The superuser's password, so odd that no output holds it by chance. */
export const PASSWORD = "pw-of-the-tests/%41 x";

/**
 * Starts a server, or takes the one that `TEST_DATABASE_URL` (`TEST_DATABASE_URL_14` … for a major version) names.
 *
 * @param options What to start.
 * @returns It, ready for connections.
 * @throws If no server can be had: a suite without one fails, it does not skip.
 */
export async function startServer(options: StartOptions = {}): Promise<TestServer> {
  const { major, share = "shared" } = options;
  const url = process.env[major === undefined ? "TEST_DATABASE_URL" : `TEST_DATABASE_URL_${major}`];
  if (url !== undefined && url !== "" && share === "shared") return await runningServer(url);
  const binaries = await findBinaries(major);
  const account = await serverAccount();
  const home = await mkdtemp(`${options.parent ?? await roomyFolder()}/metapg-`);
  await createCluster(binaries, account, home, options);
  const cluster = new Cluster(binaries, account, home);
  await watch(cluster);
  await cluster.start();
  return cluster;
}

async function roomyFolder(): Promise<string> {
  return await freeBytes(MEMORY) < NEEDED_BYTES ? "/tmp" : MEMORY;
}

/**
 * Tells how much room there is.
 *
 * @param folder A folder.
 * @returns Bytes; 0 where there is no such folder.
 */
export async function freeBytes(folder: string): Promise<number> {
  return await statfs(folder).then(({ bavail, bsize }) => bavail * bsize, () => 0);
}

async function runningServer(url: string): Promise<TestServer> {
  const { default: postgres } = await import("postgres");
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  const [row] = await sql`SELECT current_setting('server_version_num')::int / 10000 AS major`;
  await sql.end();
  const { hostname, port } = new URL(url);
  const notOurs = () => Promise.reject(new Error("Cannot halt a server that the tests did not start"));
  return {
    url,
    major: row?.major,
    host: hostname,
    port: Number(port || 5432),
    halt: notOurs,
    resume: notOurs,
    stop: () => Promise.resolve(),
  };
}

/** PostgreSQL refuses to run as root: the words that run a program as somebody else, none for any other user. */
export async function serverAccount(): Promise<Account> {
  if (process.getuid?.() !== 0) return { name: undefined, prefix: [] };
  for (const name of ["postgres", "nobody"]) {
    for (const prefix of [["setpriv", "--reuid", name, "--clear-groups"], ["runuser", "-u", name, "--"]]) {
      const [program, ...args] = prefix;
      const said = await run(program!, [...args, "id", "-un"]).catch(() => "");
      if (said.trim() === name) return { name, prefix };
    }
  }
  throw new Error("Cannot start a server as root: no account postgres or nobody to run it as");
}

export interface Account {
  readonly name: string | undefined;
  readonly prefix: readonly string[];
}

async function as(account: Account, program: string, args: readonly string[]): Promise<string> {
  const [first, ...rest] = [...account.prefix, program, ...args];
  return await run(first!, rest, "/tmp");
}

async function createCluster(binaries: Binaries, account: Account, home: string, options: StartOptions): Promise<void> {
  await chmod(home, 0o755);
  await mkdir(`${home}/socket`);
  await writeFile(`${home}/password`, PASSWORD);
  if (account.name !== undefined) await run("chown", ["-R", account.name, home]);
  const data = `${home}/data`;
  const auth = ["-U", "postgres", "--pwfile", `${home}/password`, "--auth-host=scram-sha-256", "--auth-local=trust"];
  await as(account, `${binaries.directory}/initdb`, ["-D", data, "-E", "UTF8", "--locale=C", "--no-sync", ...auth]);
  const settings = Object.entries({
    listen_addresses: "127.0.0.1",
    unix_socket_directories: `${home}/socket`,
    max_connections: "200",
    max_prepared_transactions: "10",
    // What is not on disk is lost with the machine, and so are these servers. A server that is killed loses nothing by it.
    fsync: "off",
    // Tests look for what a session runs, which may be the end of a long message.
    track_activity_query_size: "32kB",
    ...options.settings,
  });
  const lines = settings.map(([name, value]) => `${name} = '${value}'\n`).join("");
  await appendFile(`${data}/postgresql.conf`, lines);
  for (const [name, text] of Object.entries(options.files ?? {})) {
    await writeFile(`${data}/${name}`, text, { mode: 0o600 });
    if (account.name !== undefined) await run("chown", [account.name, `${data}/${name}`]);
  }
}

/** Ends the server when this process is gone, however it went, and in any case after four hours. */
async function watch(cluster: Cluster): Promise<void> {
  const script = `
    count=0
    while kill -0 "$1" 2>/dev/null && [ -d "$2" ] && [ $count -lt 14400 ]; do sleep 1; count=$((count + 1)); done
    if [ -f "$2/data/postmaster.pid" ]; then kill -INT "$(head -n 1 "$2/data/postmaster.pid")"; sleep 2; fi
    rm -rf "$2"`;
  await writeFile(`${cluster.home}/watch.sh`, script);
  const background = 'nohup sh "$1" "$2" "$3" </dev/null >/dev/null 2>&1 &';
  await run("sh", ["-c", background, "sh", `${cluster.home}/watch.sh`, `${process.pid}`, cluster.home]);
}

class Cluster implements TestServer {
  readonly major: number;
  readonly host = "127.0.0.1";
  readonly socketDirectory: string;
  readonly #binaries: Binaries;
  readonly #account: Account;
  readonly home: string;
  #port = 0;

  constructor(binaries: Binaries, account: Account, home: string) {
    this.major = binaries.major;
    this.socketDirectory = `${home}/socket`;
    this.#binaries = binaries;
    this.#account = account;
    this.home = home;
  }

  get port(): number {
    return this.#port;
  }

  get url(): string {
    return `postgres://postgres:${encodeURIComponent(PASSWORD)}@${this.host}:${this.#port}/postgres`;
  }

  /** A port that is free now may be taken a moment later. */
  async start(): Promise<void> {
    for (let attempt = 1;; attempt++) {
      this.#port = await freePort();
      try {
        return await this.resume();
      } catch (error) {
        if (attempt === 5) throw new Error(`${error}\n${await this.#log()}`);
      }
    }
  }

  async resume(): Promise<void> {
    await this.#control(["start", "-w", "-t", "60", "-l", `${this.home}/log`, "-o", `-p ${this.#port}`]);
  }

  async halt(mode: "fast" | "immediate"): Promise<void> {
    await this.#control(["stop", "-w", "-t", "60", "-m", mode]);
  }

  async stop(): Promise<void> {
    await this.halt("immediate").catch(() => {});
    await rm(this.home, { recursive: true });
  }

  async #control(args: readonly string[]): Promise<void> {
    await as(this.#account, `${this.#binaries.directory}/pg_ctl`, ["-D", `${this.home}/data`, "-s", ...args]);
  }

  async #log(): Promise<string> {
    return await readFile(`${this.home}/log`, "utf8").catch(() => "");
  }
}

export async function freePort(): Promise<number> {
  const listener = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => listener.once("listening", resolve));
  const { port } = listener.address() as AddressInfo;
  await new Promise((resolve) => listener.close(resolve));
  return port;
}
