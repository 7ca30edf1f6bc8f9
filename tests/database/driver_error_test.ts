import { assertEquals } from "@std/assert";
import { DatabaseError } from "../../src/core/database_error.ts";
import { positionOfUntranslatable, toDatabaseError } from "../../src/database/driver_error.ts";
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

function position(said: string, sql: string, sqlstate = "22P05"): number | undefined {
  return positionOfUntranslatable(new DatabaseError("server", said, { sqlstate, severity: "ERROR" }), sql);
}

Deno.test("positionOfUntranslatable() counts code points up to the first of the characters, in any language", () => {
  for (
    const said of [
      'character with byte sequence 0xf0 0x9f 0x90 0x98 in encoding "UTF8" has no equivalent in encoding "LATIN1"',
      "Zeichen mit Byte-Folge 0xf0 0x9f 0x90 0x98 in Kodierung »UTF8« hat keine Entsprechung in Kodierung »LATIN1«",
    ]
  ) {
    assertEquals(position(said, "SELECT '🦊é', '🐘', '🐘'"), 15);
  }
  assertEquals(position('character with byte sequence 0xe2 0x82 0xac in encoding "UTF8"', "--€"), 3);
  assertEquals(position('character with byte sequence 0xef 0xbb 0xbf in encoding "UTF8"', "-- \ufeff"), 4);
});

Deno.test("positionOfUntranslatable() knows no place for anything else", () => {
  assertEquals(position("0xe2 0x82 0xac", "SELECT '€'", "22021"), undefined);
  assertEquals(position("0xe2 0x82 0xad", "SELECT '€'"), undefined);
  // A function converted something.
  const context = { sqlstate: "22P05", where: "PL/pgSQL function f() line 1 at RETURN" };
  assertEquals(positionOfUntranslatable(new DatabaseError("server", "0xe2 0x82 0xac", context), "-- €"), undefined);
  assertEquals(position("unsupported Unicode escape sequence", "SELECT '€'"), undefined);
});
