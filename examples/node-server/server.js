// @ts-check
// Applies what is pending, over the pool that the program has anyway, and only then listens. Any number of replicas may
// start at once: one applies, the others wait for it and find nothing left to do.

import { createServer } from "node:http";
import process from "node:process";
import { formatProblem, MigrationError, MigrationRunner } from "@metapg/migration";
import { pgDatabase } from "@metapg/migration/pg";
import pg from "pg";

const stop = new AbortController();
process.once("SIGINT", () => stop.abort());
process.once("SIGTERM", () => stop.abort());

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });
pool.on("error", (error) => console.error(error));

const runner = new MigrationRunner({
  database: pgDatabase(pool),
  onEvent: (event) => console.log(JSON.stringify(event)),
});
try {
  await runner.applyPending({ signal: stop.signal });
} catch (error) {
  if (!(error instanceof MigrationError)) throw error;
  console.error(error.message);
  for (const problem of error.problems) console.error(formatProblem(problem));
  if (error.hint !== undefined) console.error(error.hint);
  process.exit(1);
}

const server = createServer(async (request, response) => {
  try {
    const { rows } = await pool.query("INSERT INTO visits (path) VALUES ($1) RETURNING id::int, path", [request.url]);
    response.setHeader("content-type", "application/json").end(JSON.stringify(rows[0]));
  } catch (error) {
    console.error(error);
    response.writeHead(500).end();
  }
});
server.on("listening", () => console.log("Listening on", server.address()));
server.on("close", () => pool.end());
server.listen({ port: Number(process.env.PORT ?? 8000), signal: stop.signal });
