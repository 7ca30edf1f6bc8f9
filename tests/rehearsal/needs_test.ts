import { assertEquals } from "@std/assert";
import { findExtensions } from "../../src/rehearsal/needs.ts";

Deno.test("findExtensions() finds extensions, also inside of DO", () => {
  const upSql = `CREATE EXTENSION IF NOT EXISTS "uuid-ossp" WITH SCHEMA ext;
create extension Citext cascade; -- CREATE EXTENSION nope
DO $do$ BEGIN
  CREATE EXTENSION hstore;
END $do$;
COMMENT ON EXTENSION citext IS 'x'; DROP EXTENSION ltree; SELECT 'create', "extension" FROM t;`;
  assertEquals(findExtensions({ upSql }), ["uuid-ossp", "citext", "hstore"]);
});
