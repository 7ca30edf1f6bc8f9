// Applies what is pending to the database that DATABASE_URL names, and only then serves. The runner opens a connection of
// its own for that and closes it; the requests use Bun's client, which reads the same variable.

import process from "node:process";
import { formatProblem, MigrationError, MigrationRunner } from "@metapg/migration";

const stop = new AbortController();
process.once("SIGINT", () => stop.abort());
process.once("SIGTERM", () => stop.abort());

try {
  await new MigrationRunner().applyPending({
    signal: stop.signal,
    onEvent: (event) => console.log(JSON.stringify(event)),
  });
} catch (error) {
  if (!(error instanceof MigrationError)) throw error;
  console.error(error.message);
  for (const problem of error.problems) console.error(formatProblem(problem));
  if (error.hint !== undefined) console.error(error.hint);
  process.exit(1);
}

const server = Bun.serve({
  port: Number(process.env.PORT ?? 8000),
  async fetch(request) {
    const { pathname } = new URL(request.url);
    const [visit] = await Bun.sql`INSERT INTO visits (path) VALUES (${pathname}) RETURNING id::int, path`;
    return Response.json(visit);
  },
});
console.log(`Listening on ${server.url}`);

stop.signal.addEventListener("abort", async () => {
  await server.stop();
  await Bun.sql.end();
});
