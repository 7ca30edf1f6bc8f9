import { assert, assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { memoryReader, MigrationError, MigrationRunner } from "../../mod.ts";
import { main } from "../../src/cli/main.ts";
import { quoteLiteral } from "../../src/core/quote.ts";
import { openDatabase } from "../../src/database/open.ts";
import { openShadows } from "../../src/database/shadow.ts";
import { databasePlatform } from "../../src/runtime/platform.ts";
import { query, withDatabase } from "../support/databases.ts";
import { memoryHost } from "../support/memory_host.ts";
import { tries } from "./tally.ts";

/** Odd enough that no output holds it by chance. */
const password = fc.string({ unit: "binary", minLength: 8, maxLength: 24 }).map((text) => `pw${text}wp`)
  .filter((text) => text.isWellFormed() && !text.includes("\0"));

/** Every form in which a password may be printed. */
function formsOf(secret: string): ReadonlySet<string> {
  const bytes = new TextEncoder().encode(secret);
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0"));
  const base64 = btoa(String.fromCharCode(...bytes)).replaceAll("=", "");
  return new Set([
    secret,
    encodeURIComponent(secret),
    encodeURI(secret),
    hex.map((pair) => `%${pair}`).join(""),
    hex.map((pair) => `%${pair.toUpperCase()}`).join(""),
    hex.join(""),
    JSON.stringify(secret).slice(1, -1),
    JSON.stringify(JSON.stringify(secret)).slice(3, -3),
    Deno.inspect(secret).slice(1, -1),
    secret.replaceAll("'", "''"),
    quoteLiteral(secret).slice(2, -1),
    base64,
    base64.replaceAll("+", "-").replaceAll("/", "_"),
    ...decoded(secret),
  ]);
}

/** What is left of a password that was put into a URL as it is. */
function decoded(secret: string): readonly string[] {
  try {
    return [decodeURIComponent(secret)];
  } catch {
    return [];
  }
}

function assertHidden(secret: string, shown: readonly unknown[], what: string): void {
  assert(shown.length > 0);
  const text = shown.map((one) =>
    typeof one === "string" ? one : `${Deno.inspect(one, { depth: 9, showHidden: true })}\n${JSON.stringify(one)}`
  ).join("\n");
  for (const form of formsOf(secret)) assert(!text.includes(form), `${what}: ${JSON.stringify(form)} in ${text}`);
}

/** An error as anybody may print it, with all that it holds. */
function partsOf(error: unknown): readonly unknown[] {
  const parts: unknown[] = [];
  for (let one = error; one !== undefined && one !== null && parts.length < 50; one = (one as Error).cause) {
    const { message, stack, hint, problems } = one as MigrationError;
    parts.push(one, String(one), message, stack ?? "", hint ?? "", problems ?? [], Object.values(one));
  }
  return parts;
}

/** How a password reaches the tool: a URL, and what else is set. */
interface Way {
  readonly url: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly passwordFile?: string;
}

const inFile = (secret: string) => `#:\n*:*:*:*:${secret.replaceAll(/[\\:]/g, "\\$&")}\n`;

const WAYS: Readonly<Record<string, (secret: string, tail: string) => Way>> = {
  "in the URL": (secret, tail) => ({ url: `postgres://me:${encodeURIComponent(secret)}@127.0.0.1:1/app?${tail}` }),
  "as it is": (secret, tail) => ({ url: `postgres://me:${secret}@127.0.0.1:1/app?${tail}` }),
  "for several hosts": (secret, tail) => ({
    url: `postgresql://me:${encodeURIComponent(secret)}@127.0.0.1:1,[::1]:1,localhost:1/app?${tail}`,
  }),
  "in the query": (secret, tail) => ({
    url: `postgres://me@127.0.0.1:1/app?password=${encodeURIComponent(secret)}&${tail}`,
  }),
  "in the query, as it is": (secret, tail) => ({ url: `postgres://me@127.0.0.1:1/app?${tail}&password=${secret}` }),
  "for the key": (secret, tail) => ({
    url: `postgres://me@127.0.0.1:1/app?sslmode=require&sslcert=/no/c&sslkey=/no/k&sslpassword=${
      encodeURIComponent(secret)
    }&${tail}`,
  }),
  "for a key without a certificate": (secret, tail) => ({
    url: `postgres://me@127.0.0.1:1/app?sslkey=/no/k&sslpassword=${encodeURIComponent(secret)}&${tail}`,
  }),
  "in PGPASSWORD": (secret, tail) => ({ url: `postgres://me@127.0.0.1:1/app?${tail}`, env: { PGPASSWORD: secret } }),
  "in PGPASSFILE": (secret, tail) => ({
    url: `postgres://me@127.0.0.1:1/app?${tail}`,
    env: { PGPASSFILE: "/pass" },
    passwordFile: inFile(secret),
  }),
  "in .pgpass": (secret, tail) => ({
    url: `postgres://me@127.0.0.1:1/app?${tail}`,
    env: { HOME: "/home/me" },
    passwordFile: inFile(secret),
  }),
  "without a scheme": (secret) => ({ url: `me:${secret}@127.0.0.1:1/app` }),
  "behind another scheme": (secret) => ({ url: `jdbc:postgresql://me:${secret}@127.0.0.1:1/app` }),
  "in a connection string": (secret) => ({ url: `host=127.0.0.1 port=1 user=me password=${secret}` }),
  "with a broken port": (secret) => ({ url: `postgres://me:${encodeURIComponent(secret)}@127.0.0.1:x1/app` }),
  "with a broken address": (secret) => ({ url: `postgres://me:${encodeURIComponent(secret)}@::1/app` }),
  "with a broken escape": (secret) => ({ url: `postgres://me:${secret}%zz@127.0.0.1:1/app` }),
};

const way = fc.constantFrom(...Object.entries(WAYS));

const tail = fc.constantFrom(
  "",
  "sslmode=nonsense",
  "unknown=1",
  "connect_timeout=x",
  "pgbouncer=true",
  "host=/no/where",
  "sslmode=require",
  "channel_binding=require",
  "application_name=%zz",
  "target_session_attrs=standby",
);

Deno.test("no form of a password reaches an error, a warning or an event", async () => {
  await fc.assert(
    fc.asyncProperty(password, way, tail, async (secret, [what, make], tail) => {
      const { url, env = {}, passwordFile } = make(secret, tail);
      const shown: unknown[] = [];
      const platform = databasePlatform((name) => env[name]);
      const readTextFile = passwordFile === undefined ? platform.readTextFile : () => Promise.resolve(passwordFile);
      try {
        const database = openDatabase(url, {
          platform: { ...platform, readTextFile },
          onWarning: (problem) => shown.push(problem),
        });
        const runner = new MigrationRunner({ database, onEvent: (event) => shown.push(event) });
        shown.push(database, runner);
        await runner.getAppliedMigrations();
      } catch (error) {
        shown.push(...partsOf(error));
      }
      assertHidden(secret, shown, `${what} ${tail}`);
    }),
    { numRuns: tries(300, 6000) },
  );
});

/** Arguments in which a URL stands where it belongs, and where it does not. */
const ARGUMENTS: readonly ((url: string) => readonly string[])[] = [
  (url) => ["up", "--url", url],
  (url) => ["status", `--url=${url}`],
  (url) => ["history", "-u", url],
  (url) => ["lock", "status", `-vu${url}`],
  (url) => ["down", "-y", "-u", url],
  (url) => ["rehearse", "--shadow-url", url],
  (url) => ["rehearse", "--pending", "-u", url],
  (url) => ["drift", "-u", url, `--shadow-url=${url}`],
  (url) => ["rehearse", url],
  (url) => ["up", url],
  (url) => [url],
  (url) => ["--db", url, "up"],
  (url) => ["--root", url, "status"],
  (url) => ["--dir", url, "validate"],
  (url) => ["-t", url, "-u", url, "up"],
  (url) => ["up", "--to", url],
  (url) => ["--env-file", url, "up"],
  (url) => [`--ulr=${url}`, "up"],
  (url) => ["--role", url, "up"],
  (url) => ["--lock-wait", url, "up"],
  (url) => ["graph", "--format", url],
  (url) => ["help", url],
  (url) => ["new", url],
  (url) => ["rehearse", "--shadow-url", url],
  (url) => ["rehearse", url],
];

const FORMATS = fc.constantFrom<readonly string[]>([], ["-v"], ["--json"], ["--ndjson"], ["--json", "-v"]);

/** What a call of the program wrote, files and their names included. */
async function outputOf(host: ReturnType<typeof memoryHost>): Promise<readonly string[]> {
  await main(host, { openDatabase, openShadows: (url, options) => Promise.resolve(openShadows(url, options)) });
  return [host.out, host.err, ...host.disk.keys()];
}

const MIGRATION = { "migrations/default/001_a.sql": "SELECT 1;" };

Deno.test("no form of a password reaches what the program writes, wherever its URL stands among the arguments", async () => {
  await fc.assert(
    fc.asyncProperty(
      password,
      way,
      fc.constantFrom(...ARGUMENTS),
      FORMATS,
      async (secret, [what, make], place, format) => {
        const { url, env = {} } = make(secret, "");
        // Where no URL is expected, nothing tells this one from a word.
        if (what === "without a scheme" && !/-\w*u|--url/.test(`${place("")}`)) return;
        const args = [...format, ...place(url)];
        assertHidden(secret, await outputOf(memoryHost({ args, env, files: MIGRATION })), `${what}: ${place("URL")}`);
      },
    ),
    { numRuns: tries(300, 6000) },
  );
});

Deno.test("no form of a password reaches what the program writes of its environment", async () => {
  await fc.assert(
    fc.asyncProperty(password, way, FORMATS, fc.boolean(), async (secret, [what, make], format, isFile) => {
      const { url, env = {} } = make(secret, "");
      const variables = { DATABASE_URL: url, ...env };
      const lines = Object.entries(variables).map(([name, value]) => `${name}=${value}\n`).join("");
      const host = isFile
        ? memoryHost({ args: [...format, "--env-file", ".env", "up"], files: { ...MIGRATION, ".env": lines } })
        : memoryHost({ args: [...format, "up"], env: variables, files: MIGRATION });
      const written = (await outputOf(host)).slice(0, 2);
      assertHidden(secret, written, `${what} ${isFile ? "in a file" : ""}`);
    }),
    { numRuns: tries(150, 3000) },
  );
});

Deno.test("no form of a password reaches what is said and written where it is right, or wrong", async () => {
  await withDatabase(async (base) => {
    const role = `secrets_${crypto.randomUUID().slice(0, 8)}`;
    await query(base, `CREATE ROLE ${role} LOGIN; GRANT CREATE ON SCHEMA public TO ${role}`);
    try {
      const secrets = fc.sample(password, { numRuns: tries(4, 60), seed: 1 });
      for (const [index, secret] of secrets.entries()) {
        await query(base, `ALTER ROLE ${role} PASSWORD ${quoteLiteral(secret)}`);
        const shown: unknown[] = [];
        const call = async (given: string, sql: string) => {
          const url = new URL(base);
          url.username = role;
          url.password = "";
          const runner = new MigrationRunner({
            database: url.href.replace(`${role}@`, `${role}:${encodeURIComponent(given)}@`),
            migrationsDir: "m",
            reader: memoryReader({ "m/001_a.sql": sql }),
            table: `h${index}`,
            onEvent: (event) => shown.push(event),
          });
          try {
            shown.push(await runner.applyPending());
          } catch (error) {
            shown.push(...partsOf(error));
            return (error as MigrationError).code;
          }
        };
        assertEquals(await call(`${secret}x`, "SELECT 1;"), "CONNECTION_FAILED");
        const failed = await call(secret, "SELECT nothing;");
        // A password that the driver and the server prepare differently is refused: that is one of the errors to look at.
        if (failed !== "CONNECTION_FAILED") {
          assertEquals([failed, await call(secret, "SELECT 1;")], ["SQL_FAILED", undefined]);
          shown.push(...await query(base, `SELECT to_json(h)::text FROM h${index} h`));
          shown.push(...await query(base, `SELECT to_json(h)::text FROM h${index}_log h`));
        }
        assertHidden(secret, shown, "server");
      }
    } finally {
      await query(base, `DROP OWNED BY ${role}; DROP ROLE ${role}`);
    }
  }, { major: 18 });
});

Deno.test("a URL that is taken for the name of a database is not shown", async () => {
  const make = () => Promise.resolve(new MigrationRunner("postgres://me:hunter2@localhost/app"));
  const error = await assertRejects(async () => void await make(), MigrationError) as MigrationError;
  assertEquals([error.code, error.message], ["CONFIG", "Invalid database name: it is a database URL"]);
  assertHidden("hunter2", partsOf(error), "name");
});
