import { assertEquals } from "@std/assert";
import { compareSchemas } from "../../src/schema/compare_schemas.ts";
import type { Schema, SchemaKind, SchemaObject } from "../../src/schema/schema.ts";

function object(
  kind: SchemaKind,
  name: string,
  attributes: Readonly<Record<string, string>> = {},
  parent?: string,
): SchemaObject {
  return { kind, name: name.split("."), attributes, requires: [], ...(parent === undefined ? {} : { parent }) };
}

function schema(...objects: readonly SchemaObject[]): Schema {
  return { server: 180000, objects };
}

const users = object("table", "app.users", { "column order": "id\nname" });
const id = object("column", "app.users.id", { type: "integer" }, "table app.users");

Deno.test("compareSchemas() tells what came, went and changed, with old and new text", () => {
  const before = schema(users, id, object("index", "app.old"));
  const after = schema(users, { ...id, attributes: { type: "bigint", comment: "key" } }, object("view", "app.fresh"));
  assertEquals(compareSchemas(before, after), [
    {
      change: "changed",
      kind: "column",
      identity: "app.users.id",
      attributes: [
        { name: "comment", before: null, after: "key" },
        { name: "type", before: "integer", after: "bigint" },
      ],
    },
    { change: "removed", kind: "index", identity: "app.old", attributes: [] },
    { change: "added", kind: "view", identity: "app.fresh", attributes: [] },
  ]);
  assertEquals(compareSchemas(before, before), []);
});

Deno.test("compareSchemas() tells of a table that went, and not of its columns", () => {
  assertEquals(compareSchemas(schema(users, id), schema()).map(({ identity }) => identity), ["app.users"]);
});

Deno.test("compareSchemas() tells another order of columns, and not a column twice that came or went", () => {
  const ordered = (order: string) => schema({ ...users, attributes: { "column order": order } });
  assertEquals(compareSchemas(ordered("id\nname"), ordered("name\nid")).length, 1);
  assertEquals(compareSchemas(ordered("id\nold\nname"), ordered("id\nname\nnew")), []);
});

Deno.test("compareSchemas() leaves out who may create in public where the versions differ in that", () => {
  const open = (server: number, privileges: string): Schema => ({
    server,
    objects: [object("schema", "public", { privileges })],
  });
  const revoked = open(140000, "GRANT USAGE TO reader\nREVOKE CREATE FROM PUBLIC");
  const usage = "GRANT USAGE TO reader";
  assertEquals(compareSchemas(revoked, open(180000, usage)), []);
  assertEquals(compareSchemas(open(180000, `GRANT CREATE TO PUBLIC\n${usage}`), open(140000, usage)), []);
  assertEquals(compareSchemas(open(140000, "REVOKE ALL FROM PUBLIC"), open(180000, "REVOKE USAGE FROM PUBLIC")), []);
  assertEquals(compareSchemas(revoked, open(140000, usage)).length, 1);
  assertEquals(compareSchemas(revoked, open(180000, "GRANT USAGE TO other")).length, 1);
});

Deno.test("compareSchemas() takes what is not listed, and was not made by people, for as it came", () => {
  const privileges = "REVOKE EXECUTE FROM PUBLIC";
  const sleep: SchemaObject = { ...object("function", "pg_catalog.pg_sleep", { privileges }), origin: "server" };
  const extension = object("extension", "citext");
  const citext: SchemaObject = {
    ...object("type", "citext", { privileges }),
    origin: "extension",
    parent: "extension citext",
  };
  const change = { change: "changed", attributes: [{ name: "privileges", before: null, after: privileges }] } as const;
  assertEquals(compareSchemas(schema(extension), schema(extension, sleep, citext)), [
    { ...change, kind: "function", identity: "pg_catalog.pg_sleep" },
    { ...change, kind: "type", identity: "citext" },
  ]);
  assertEquals(compareSchemas(schema(extension, citext), schema()).map(({ identity }) => identity), ["citext"]);
  assertEquals(compareSchemas(schema(sleep), schema(sleep)), []);
});
