import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { isPostgresUri, splitUri, UriError } from "../../src/database/uri.ts";

const NOTHING = { user: "", password: "", hosts: [], database: "", parameters: [] };

Deno.test("isPostgresUri() knows libpq's two schemes", () => {
  assertEquals(["postgres://", "postgresql://h/d", "Postgres://", "postgresql:h", "mysql://h"].map(isPostgresUri), [
    true,
    true,
    false,
    false,
    false,
  ]);
});

Deno.test("splitUri() splits what libpq's documentation shows", () => {
  const host = (name: string, port = "") => ({ host: name, port });
  const cases: Readonly<Record<string, object>> = {
    "postgresql://": {},
    "postgresql://localhost": { hosts: [host("localhost")] },
    "postgresql://localhost:5433": { hosts: [host("localhost", "5433")] },
    "postgresql://localhost/mydb": { hosts: [host("localhost")], database: "mydb" },
    "postgresql://user@localhost": { user: "user", hosts: [host("localhost")] },
    "postgresql://user:secret@localhost": { user: "user", password: "secret", hosts: [host("localhost")] },
    "postgresql://other@localhost/otherdb?connect_timeout=10&application_name=myapp": {
      user: "other",
      hosts: [host("localhost")],
      database: "otherdb",
      parameters: [["connect_timeout", "10"], ["application_name", "myapp"]],
    },
    "postgresql://host1:123,host2:456/somedb?target_session_attrs=any": {
      hosts: [host("host1", "123"), host("host2", "456")],
      database: "somedb",
      parameters: [["target_session_attrs", "any"]],
    },
    "postgresql:///mydb?host=localhost&port=5433": {
      database: "mydb",
      parameters: [["host", "localhost"], ["port", "5433"]],
    },
    "postgresql://[2001:db8::1234]/database": { hosts: [host("2001:db8::1234")], database: "database" },
    "postgresql://[::1]:5433": { hosts: [host("::1", "5433")] },
    "postgresql://%2Fvar%2Flib%2Fpostgresql/dbname": { hosts: [host("/var/lib/postgresql")], database: "dbname" },
    "postgresql:///dbname?host=/var/lib/postgresql": {
      database: "dbname",
      parameters: [["host", "/var/lib/postgresql"]],
    },
    "postgresql://?dbname=d": { parameters: [["dbname", "d"]] },
    "postgresql://u:@h?a=b=c": { user: "u", hosts: [host("h")], parameters: [["a", "b=c"]] },
  };
  for (const [uri, parts] of Object.entries(cases)) assertEquals(splitUri(uri), { ...NOTHING, ...parts }, uri);
});

Deno.test("splitUri() decodes every part and takes + and # as they are", () => {
  assertEquals(splitUri("postgres://a%40b:p%3A%2F%3F%23%25+#ü@h/d%2Fe?options=-c%20a%3Db+c"), {
    user: "a@b",
    password: "p:/?#%+#ü",
    hosts: [{ host: "h", port: "" }],
    database: "d/e",
    parameters: [["options", "-c a=b+c"]],
  });
  assertEquals(splitUri("postgres://u:a:b?c@h").password, "a:b?c");
});

Deno.test("splitUri() says why a URI is none, without a word of it", () => {
  const cases: Readonly<Record<string, string>> = {
    "postgres://u:hunter@2@host/d": "percent-encoded",
    "postgres://u:hunter/2@host/d": "percent-encoded",
    "postgres://u:hunter%zz@host/d": "hexadecimal",
    "postgres://u:hunter%ff@host/d": "hexadecimal",
    "postgres://u:hunter%00@host/d": "%00",
    "postgres://u@::1/hunter": "brackets",
    "postgres://u@[::1/hunter": "brackets",
    "postgres://u@h/d?hunter": "key=value",
    "postgres://u@h/d?=hunter": "key=value",
  };
  for (const [uri, reason] of Object.entries(cases)) {
    const { message } = assertThrows(() => splitUri(uri), UriError);
    assertStringIncludes(message, reason, uri);
    assertEquals(message.includes("hunter"), false, uri);
  }
});
