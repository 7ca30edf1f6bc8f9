import { assertEquals } from "@std/assert";
import { DatabaseError } from "../../src/core/database_error.ts";
import { toDatabaseError } from "../../src/database/driver_error.ts";
import { toNotice } from "../../src/database/notice.ts";

Deno.test("toDatabaseError() reads the fields of both naming styles", () => {
  const postgresJs = {
    severity_local: "FEHLER",
    severity: "ERROR",
    code: "23505",
    message: "m",
    position: "3",
    schema_name: "s",
    table_name: "t",
    column_name: "c",
    constraint_name: "k",
    internal_position: "4",
    internal_query: "q",
    where: "w",
    detail: "d",
    hint: "h",
  };
  const pg = {
    severity: "ERROR",
    code: "23505",
    message: "m",
    position: "3",
    schema: "s",
    table: "t",
    column: "c",
    constraint: "k",
    internalPosition: "4",
    internalQuery: "q",
    where: "w",
    detail: "d",
    hint: "h",
  };
  const fields = {
    sqlstate: "23505",
    severity: "ERROR",
    detail: "d",
    hint: "h",
    position: 3,
    internalPosition: 4,
    internalQuery: "q",
    where: "w",
    schema: "s",
    table: "t",
    column: "c",
    constraint: "k",
  };
  for (const error of [postgresJs, pg]) {
    const made = toDatabaseError(error, "query", "h:1/d");
    assertEquals([made.kind, made.message, made.fields], ["server", "m", fields]);
  }
});

Deno.test("toDatabaseError() tells a refused statement from a lost session", () => {
  const kind = (error: unknown) => toDatabaseError(error, "query", "").kind;
  assertEquals(kind({ severity: "ERROR", code: "57P01", message: "raised" }), "server");
  assertEquals(kind({ severity: "ERROR", code: "08006", message: "dblink" }), "server");
  assertEquals(kind({ severity: "FATAL", code: "57P01", message: "" }), "lost");
  assertEquals(kind({ severity: "PANIC", code: "XX000", message: "" }), "lost");
  assertEquals(kind({ severity: "SCHWERWIEGEND", code: "57P01", message: "" }), "lost");
  assertEquals(kind({ severity: "SCHWERWIEGEND", code: "25P03", message: "" }), "lost");
  assertEquals(kind({ severity: "FEHLER", code: "42601", message: "" }), "server");
  assertEquals(kind({ code: "57014", message: "canceling" }), "server");
  for (const code of ["ECONNRESET", "EPIPE", "CONNECTION_CLOSED", "CONNECTION_ENDED", "CONNECTION_DESTROYED"]) {
    assertEquals(kind({ code, message: "" }), "lost", code);
  }
  assertEquals(kind(new TypeError("cannot read properties")), "lost");
  assertEquals(kind("text"), "lost");
  assertEquals(kind(null), "lost");
});

Deno.test("toDatabaseError() words what could not be reached", () => {
  const message = (error: unknown, place = "h:1/d") => toDatabaseError(error, "connect", place).message;
  assertEquals(message({ code: "ECONNREFUSED", message: "" }), "Cannot connect to h:1/d: connection refused");
  assertEquals(message({ code: "ENOTFOUND", message: "getaddrinfo" }), "Cannot connect to h:1/d: host name not found");
  assertEquals(message({ code: "EXOTIC" }, ""), "Cannot connect: EXOTIC");
  assertEquals(message({}), "Cannot connect to h:1/d: unknown reason");
  assertEquals(message({ severity: "FATAL", code: "28P01", message: "no\n way" }), "Cannot connect to h:1/d: no way");
  assertEquals(
    toDatabaseError({ code: "EPIPE" }, "query", "h:1/d").message,
    "Lost the connection to h:1/d: closed by the server",
  );
});

Deno.test("toDatabaseError() leaves its own errors alone and drops positions that are no numbers", () => {
  const error = new DatabaseError("server", "m");
  assertEquals(toDatabaseError(error, "connect", "x"), error);
  assertEquals(
    toDatabaseError({ severity: "ERROR", code: "42601", message: "m", position: "x" }, "query", "").fields.position,
    undefined,
  );
});

Deno.test("toNotice() fills what a driver leaves out", () => {
  assertEquals(toNotice({}), { severity: "NOTICE", sqlstate: "00000", message: "" });
  assertEquals(toNotice({ severity_local: "HINWEIS", code: "01000", message: "m", detail: "d", hint: "h" }), {
    severity: "HINWEIS",
    sqlstate: "01000",
    message: "m",
    detail: "d",
    hint: "h",
  });
});
