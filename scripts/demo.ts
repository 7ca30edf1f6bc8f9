/**
 * Applies the sample migrations of both databases to embedded PostgreSQL (PGlite) under `.data/`, and shows what is
 * there.
 *
 * @module
 */

import { deno } from "./deno.ts";

const env = {
  DATABASE_URL: "pglite:./.data/default",
  DATABASE_URL_ANALYTICS: "pglite:./.data/analytics",
};

await Deno.mkdir(new URL("../.data", import.meta.url), { recursive: true });
for (const command of ["up", "status"]) {
  const code = await deno(["run", "-A", "cli.ts", command, "--db", "default", "--db", "analytics"], { env });
  if (code !== 0) Deno.exit(code);
}
console.log(`
The data is in .data/, which git ignores; delete it to start anew.
Look at it with: deno task cli status -u pglite:./.data/default`);
