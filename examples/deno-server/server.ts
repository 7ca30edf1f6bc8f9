// Applies what is pending, over the client that the program has anyway, and only then serves. Any number of replicas may
// start at once: one applies, the others wait for it and find nothing left to do.

import { formatProblem, MigrationError, MigrationRunner } from "@metapg/migration";
import { postgresDatabase } from "@metapg/migration/postgres";
import postgres from "postgres";

const stop = new AbortController();
Deno.addSignalListener("SIGINT", () => stop.abort());
Deno.addSignalListener("SIGTERM", () => stop.abort());

const sql = postgres(Deno.env.get("DATABASE_URL") ?? "", { onnotice: () => {} });

const runner = new MigrationRunner({
  database: postgresDatabase(sql),
  onEvent: (event) => console.log(JSON.stringify(event)),
});
try {
  await runner.applyPending({ signal: stop.signal });
} catch (error) {
  if (!(error instanceof MigrationError)) throw error;
  console.error(error.message);
  for (const problem of error.problems) console.error(formatProblem(problem));
  if (error.hint !== undefined) console.error(error.hint);
  Deno.exit(1);
}

const server = Deno.serve({ port: Number(Deno.env.get("PORT") ?? 8000), signal: stop.signal }, async (request) => {
  const { pathname } = new URL(request.url);
  const [visit] = await sql`INSERT INTO visits (path) VALUES (${pathname}) RETURNING id::int, path`;
  return Response.json(visit);
});
await server.finished;
await sql.end();
