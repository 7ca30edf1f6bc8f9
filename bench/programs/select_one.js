// The least that a look at a server can be: import the driver, connect, ask one question.
import process from "node:process";
import postgres from "postgres";

const sql = postgres(process.env.DATABASE_URL, { max: 1 });
await sql`SELECT 1`;
await sql.end();
