/**
 * What a database holds, as text: by `pg_dump` where one is at hand that knows the server, else by its catalogs.
 *
 * @module
 */

import { query } from "./databases.ts";

const OBJECTS = `
SELECT 'class ' || c.oid::regclass || ' ' || c.relkind::text || coalesce(' ' || pg_get_viewdef(c.oid), '') AS line
  FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'v', 'S')
UNION ALL
SELECT 'column ' || a.attrelid::regclass || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || a.attnotnull::text ||
    a.attidentity::text || coalesce(' ' || pg_get_expr(d.adbin, d.adrelid), '')
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
  WHERE c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
UNION ALL
SELECT 'index ' || pg_get_indexdef(i.indexrelid) || i.indisvalid::text FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
  WHERE c.relnamespace = 'public'::regnamespace
UNION ALL
SELECT 'constraint ' || n.conrelid::regclass || ' ' || n.conname || ' ' || pg_get_constraintdef(n.oid) FROM pg_constraint n
  WHERE n.connamespace = 'public'::regnamespace
UNION ALL
SELECT 'function ' || pg_get_functiondef(p.oid) || coalesce(obj_description(p.oid, 'pg_proc'), '') FROM pg_proc p
  WHERE p.pronamespace = 'public'::regnamespace
UNION ALL
SELECT 'trigger ' || pg_get_triggerdef(t.oid) FROM pg_trigger t WHERE NOT t.tgisinternal
UNION ALL
SELECT 'type ' || t.typname || ' ' || t.typtype::text || coalesce((SELECT string_agg(e.enumlabel, ',' ORDER BY e.enumsortorder)
  FROM pg_enum e WHERE e.enumtypid = t.oid), '') FROM pg_type t WHERE t.typnamespace = 'public'::regnamespace`;

/**
 * Lists what a database holds beside the history of the tool.
 *
 * @param url The database.
 * @returns One text, the same for the same schema.
 */
export async function schemaText(url: string): Promise<string> {
  const rows = await query(url, OBJECTS);
  return rows.map((row) => String(row.line)).filter((line) => !line.includes("metapg_migrations")).toSorted().join(
    "\n",
  );
}

/**
 * Finds a client program that knows servers of a major version.
 *
 * @param program `pg_dump` or `psql`.
 * @param major The server's version.
 * @returns Its path, or `undefined`.
 */
export async function findClient(program: "pg_dump" | "psql", major: number): Promise<string | undefined> {
  const installed = await Array.fromAsync(installedPrograms(program));
  for (const path of [program, ...installed]) {
    try {
      const { stdout } = await new Deno.Command(path, { args: ["--version"] }).output();
      if (Number(/(\d+)\./.exec(new TextDecoder().decode(stdout))?.[1]) >= major) return path;
    } catch {
      // It is not there.
    }
  }
}

async function* installedPrograms(program: string): AsyncGenerator<string> {
  try {
    for await (const { name } of Deno.readDir("/usr/lib/postgresql")) {
      yield `/usr/lib/postgresql/${name}/bin/${program}`;
    }
  } catch {
    // No server was installed by a package.
  }
}

/**
 * Prints the schema by `pg_dump --schema-only`, without the history of the tool and without what differs from call to call.
 *
 * @param path The program.
 * @param url The database.
 * @returns The dump.
 */
export async function dumpSchema(path: string, url: string): Promise<string> {
  const args = ["--schema-only", "--exclude-table=metapg_migrations*", "--restrict-key=x", url];
  const dump = async (list: readonly string[]) => await new Deno.Command(path, { args: [...list] }).output();
  let output = await dump(args);
  if (!output.success) output = await dump(args.filter((arg) => !arg.startsWith("--restrict-key")));
  if (!output.success) throw new Error(new TextDecoder().decode(output.stderr));
  return new TextDecoder().decode(output.stdout).replaceAll(/^\\(un)?restrict .*$/gm, "");
}
