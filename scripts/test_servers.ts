/**
 * Starts the servers that a test run shares.
 *
 * @module
 */

import type { Major } from "../tests/support/binaries.ts";
import { startServer, type TestServer } from "../tests/support/server.ts";

/** Servers and what the tests are told of them. */
export interface TestServers {
  /** Environment variables for `deno test`: `TEST_DATABASE_URL` (the first one) and `TEST_DATABASE_URL_<major>`. */
  readonly env: Readonly<Record<string, string>>;
  /** Ends them. */
  stop(): Promise<void>;
}

/**
 * Starts one server per major version, at the same time. One that the environment names already is taken as it is.
 *
 * @param majors The major versions; none means one server of any version.
 * @returns The servers.
 * @throws If one cannot be had; the others are ended.
 */
export async function startTestServers(majors: readonly Major[]): Promise<TestServers> {
  const wanted = majors.length === 0 ? [undefined] : majors;
  const results = await Promise.allSettled(wanted.map((major) => startServer(major === undefined ? {} : { major })));
  const servers = results.filter((result) => result.status === "fulfilled").map((result) => result.value);
  const stop = async () => void await Promise.all(servers.map((server) => server.stop()));
  const failure = results.find((result) => result.status === "rejected");
  if (failure !== undefined) {
    await stop();
    throw failure.reason;
  }
  return { env: environment(servers), stop };
}

function environment(servers: readonly TestServer[]): Record<string, string> {
  const env: Record<string, string> = {};
  for (const server of servers) env[`TEST_DATABASE_URL_${server.major}`] = server.url;
  const first = Deno.env.get("TEST_DATABASE_URL") ?? servers[0]?.url;
  if (first !== undefined) env.TEST_DATABASE_URL = first;
  return env;
}

/** Run as `deno run -A scripts/test_servers.ts 14 18 -- COMMAND …`: the command gets the variables. */
if (import.meta.main) {
  const split = Deno.args.indexOf("--");
  const majors = Deno.args.slice(0, split).map((text) => Number(text) as Major);
  const [program, ...args] = Deno.args.slice(split + 1);
  if (split === -1 || program === undefined) {
    console.error("Usage: test_servers.ts [MAJOR …] -- COMMAND …");
    Deno.exit(2);
  }
  const servers = await startTestServers(majors);
  const { code } = await new Deno.Command(program, { args, env: { ...servers.env } }).spawn().status;
  await servers.stop();
  Deno.exit(code);
}
