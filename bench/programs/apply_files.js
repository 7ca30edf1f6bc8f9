// The least that applying migrations can be: send each file, which is a transaction, and look at nothing.
import { readdirSync, readFileSync } from "node:fs";
import process from "node:process";
import postgres from "postgres";

const sql = postgres(process.env.DATABASE_URL, { max: 1, fetch_types: false, onnotice: () => {} });
await Promise.all(readdirSync("up").sort().map((name) => sql.unsafe(readFileSync(`up/${name}`, "utf8")).simple()));
await sql.end();
