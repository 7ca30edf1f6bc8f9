import { assertEquals } from "@std/assert";
import { findNeeds } from "../../src/rehearsal/needs.ts";

Deno.test("findNeeds() finds extensions and roles, also inside of DO", () => {
  const upSql = `CREATE EXTENSION IF NOT EXISTS "uuid-ossp" WITH SCHEMA ext;
create extension Citext cascade; -- CREATE EXTENSION nope
DO $do$ BEGIN
  CREATE EXTENSION hstore;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'app') THEN CREATE ROLE app LOGIN; END IF;
END $do$;
CREATE USER "Me"; CREATE GROUP team; CREATE USER MAPPING FOR me SERVER s;
COMMENT ON EXTENSION citext IS 'x'; DROP EXTENSION ltree; SELECT 'create', "extension" FROM t;`;
  assertEquals(findNeeds({ upSql }), {
    extensions: ["uuid-ossp", "citext", "hstore"],
    roles: ["app", "Me", "team"],
  });
});
