import { assertEquals } from "@std/assert";
import {
  failedGuard,
  lockGuard,
  placeInMessage,
  readClosing,
  rowGuard,
  settingsSql,
  transactionMessage,
} from "../../src/runner/transaction.ts";
import { parseHistoryTable } from "../../src/runner/history_table.ts";

const section = { sql: "-- 🐘\nSELECT 1;\nSELECT 2", start: 10 };
const message = transactionMessage({
  before: ["SELECT '🐘';", "SET a = 1; SET b = 2;"],
  section,
  resetSql: "RESET ALL; RESET ROLE;",
  records: "INSERT INTO h VALUES (1);",
});

Deno.test("transactionMessage() keeps the section as it is", () => {
  assertEquals(
    message.sql,
    "BEGIN;\nSELECT '🐘';\nSET a = 1; SET b = 2;\n-- 🐘\nSELECT 1;\nSELECT 2\n;\nRESET ALL; RESET ROLE;\n" +
      "INSERT INTO h VALUES (1);\nCOMMIT;\nSELECT E'metapg:done' AS value, (SELECT NULL)::pg_catalog.text AS answer",
  );
});

Deno.test("transactionMessage() begins with its title, which cannot end the comment that it is in", () => {
  const { sql, before } = transactionMessage({ title: "up a*/ DROP TABLE x; /*", before: [], records: "" });
  assertEquals([sql.startsWith(before), before], [true, "/* up a DROP TABLE x;  */ BEGIN;\n"]);
});

Deno.test("placeInMessage() maps a position in code points to the section", () => {
  const position = [...message.sql.slice(0, message.sql.indexOf("SELECT 2"))].length + 1;
  assertEquals(placeInMessage(message, { position }), { type: "section", offset: section.sql.indexOf("SELECT 2") });
  assertEquals(placeInMessage(message, { position: 1 }), { type: "before" });
  assertEquals(placeInMessage(message, { position: position + 20 }), { type: "after" });
  const end = { type: "section", offset: section.sql.length } as const;
  assertEquals([8, 9].map((by) => placeInMessage(message, { position: position + by })), [end, end]);
  assertEquals(placeInMessage(message, { position: position + 10 }), { type: "after" });
  const body = [...message.body].length;
  assertEquals(placeInMessage(message, { position: body }), { type: "after" });
  assertEquals(placeInMessage(message, { position: body + 1 }), { type: "committed" });
});

Deno.test("placeInMessage() counts completed statements where there is no position", () => {
  const at = (completed: number) => placeInMessage(message, { completed });
  assertEquals(at(2), { type: "before" });
  assertEquals(at(4), { type: "section", offset: section.sql.indexOf("SELECT 1") });
  assertEquals(at(5), { type: "section", offset: section.sql.indexOf("SELECT 2") });
  assertEquals(at(6), { type: "after" });
  assertEquals(at(9), { type: "commit" });
  assertEquals(at(10), { type: "committed" });
});

Deno.test("placeInMessage() knows the statement without any count if there is only one", () => {
  const one = transactionMessage({ before: [], section: { sql: "-- x\nSELECT 1", start: 0 }, records: "" });
  assertEquals(placeInMessage(one, {}), { type: "section", offset: 5 });
  assertEquals(placeInMessage(message, {}), { type: "section", offset: undefined });
  assertEquals(placeInMessage(transactionMessage({ before: [], records: "" }), { position: 3 }), { type: "before" });
});

Deno.test("readClosing() asks for the closing row and reads its answer", () => {
  const closing = { value: "metapg:done", answer: "1.5" };
  assertEquals([readClosing([closing]), readClosing([{ ...closing, answer: null }])], ["1.5", ""]);
  assertEquals([readClosing([]), readClosing([{ value: 1 }])], [undefined, undefined]);
});

Deno.test("failedGuard() tells the guards from other errors", () => {
  assertEquals(failedGuard('invalid input syntax for type integer: "metapg:lock"'), "lock");
  assertEquals(failedGuard('invalid input syntax for type integer: "metapg:row"'), "row");
  assertEquals(failedGuard("ungültige Eingabesyntax für Typ integer: »metapg:lock«"), "lock");
  assertEquals(failedGuard('invalid input syntax for type integer: "x"'), undefined);
  assertEquals(lockGuard(1n).includes("pg_try_advisory_xact_lock(1)"), true);
  assertEquals(rowGuard(parseHistoryTable(), { name: "a'b", expected: { type: "pending" } }).includes("E'a''b'"), true);
});

Deno.test("settingsSql() writes only what is set", () => {
  const none = { lockTimeoutMs: undefined, statementTimeoutMs: undefined, session: [], role: undefined };
  assertEquals(settingsSql(none, "LOCAL"), []);
  const all = { lockTimeoutMs: 0, statementTimeoutMs: 1500, session: ["SET x.y = 1"], role: 'o"wner' };
  assertEquals(settingsSql(all, "SESSION"), [
    "SET SESSION lock_timeout = 0;",
    "SET SESSION statement_timeout = 1500;",
    "SET x.y = 1\n;",
    'SET SESSION ROLE "o""wner";',
  ]);
});
