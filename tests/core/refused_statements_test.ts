import { assertEquals } from "@std/assert";
import { copyDirection } from "../../src/core/copy.ts";
import { findRefusedStatements } from "../../src/core/refused_statements.ts";
import { splitStatements } from "../../src/core/statements.ts";

function refused(sql: string, mode: "single" | "none" = "single"): string[] {
  const findings = findRefusedStatements(splitStatements({ sql, start: 0 }), mode);
  return findings.map(({ offset, message }) => `${offset} ${message}`);
}

const STRINGS_OFF = "Cannot turn standard_conforming_strings off in a migration: the file is read with it on";
const UNLOCK = "Cannot call pg_advisory_unlock_all() in a migration: it releases the lock that keeps other runs out";

for (const mode of ["single", "none"] as const) {
  Deno.test(`findRefusedStatements() refuses what turns standard_conforming_strings off, mode ${mode}`, () => {
    for (
      const sql of [
        "SET standard_conforming_strings = off",
        "SET SESSION standard_conforming_strings TO 'no'",
        'SET LOCAL "Standard_Conforming_Strings" = f',
        "SET standard_conforming_strings = 0",
      ]
    ) assertEquals(refused(sql, mode), [`0 ${STRINGS_OFF}`], sql);
    for (
      const call of [
        "set_config('standard_conforming_strings', 'off', true)",
        "pg_catalog.set_config('STANDARD_CONFORMING_STRINGS', $$false$$, true)",
        "set_config (E'standard_conforming_strings', x, true)",
      ]
    ) {
      const at = 7 + call.indexOf("set_config");
      assertEquals(refused(`SELECT ${call}`, mode), [`${at} ${STRINGS_OFF}`], call);
    }
  });

  Deno.test(`findRefusedStatements() takes what leaves standard_conforming_strings on, mode ${mode}`, () => {
    for (
      const sql of [
        "SET standard_conforming_strings = on",
        "SET standard_conforming_strings TO DEFAULT",
        "SET standard_conforming_strings TO 'yes'",
        "SELECT set_config('standard_conforming_strings', 'on', true)",
        "SELECT current_setting('standard_conforming_strings'), set_config('x.y', 'off', true)",
        "SELECT set_config, 'standard_conforming_strings'",
        "SHOW standard_conforming_strings",
      ]
    ) assertEquals(refused(sql, mode), [], sql);
  });

  Deno.test(`findRefusedStatements() refuses pg_advisory_unlock_all(), mode ${mode}`, () => {
    assertEquals(refused("SELECT pg_advisory_unlock_all()", mode), [`7 ${UNLOCK}`]);
    assertEquals(refused('SELECT "pg_advisory_unlock_all" ( )', mode), [`7 ${UNLOCK}`]);
    assertEquals(refused("SELECT 1;DO $a$ BEGIN PERFORM PG_Advisory_Unlock_All(); END $a$", mode), [`30 ${UNLOCK}`]);
    assertEquals(refused("SELECT pg_advisory_unlock(1), 'pg_advisory_unlock_all()', pg_advisory_unlock_all", mode), []);
  });

  Deno.test(`findRefusedStatements() refuses DISCARD ALL, COPY to and from the client and #, mode ${mode}`, () => {
    assertEquals(refused("DISCARD ALL; COPY t FROM STDIN; COPY t TO STDOUT; # down", mode), [
      "0 Cannot use DISCARD ALL in a migration",
      "13 Cannot use COPY … FROM STDIN in a migration: no data is sent with it",
      "32 Cannot use COPY … TO STDOUT in a migration: nobody reads the data",
      '50 "#" does not begin a comment in SQL',
    ]);
  });
}

Deno.test("findRefusedStatements() lets DROP SUBSCRIPTION of one without a slot run in a transaction", () => {
  const message = "PostgreSQL refuses DROP SUBSCRIPTION in a transaction";
  assertEquals(refused("ALTER SUBSCRIPTION s SET (slot_name = NONE); DROP SUBSCRIPTION s"), []);
  assertEquals(refused("ALTER SUBSCRIPTION s SET (slot_name = NONE); DROP SUBSCRIPTION r"), [`45 ${message}`]);
  assertEquals(refused("DROP SUBSCRIPTION s; ALTER SUBSCRIPTION s SET (slot_name = NONE)"), [`0 ${message}`]);
});

Deno.test("findRefusedStatements() takes whole blocks without a transaction around them", () => {
  const blocks =
    "BEGIN; SAVEPOINT a; SET TRANSACTION READ WRITE; DO 'x'; RELEASE a; END; VACUUM; START TRANSACTION; COMMIT";
  assertEquals(refused(blocks, "none"), []);
});

Deno.test("copyDirection() finds where the rows come from or go to", () => {
  assertEquals(copyDirection("COPY t FROM STDIN"), "in");
  assertEquals(copyDirection('copy s.t (a, "from") from stdin with (format csv)'), "in");
  assertEquals(copyDirection("COPY t FROM STDOUT"), "in");
  assertEquals(copyDirection("COPY (SELECT a FROM t) TO STDOUT"), "out");
  assertEquals(copyDirection("COPY t TO STDIN"), "out");
  for (
    const sql of [
      "COPY t FROM '/x'",
      "COPY t FROM PROGRAM 'x'",
      "COPY t",
      "SELECT 1 FROM stdin",
      "COPY (SELECT a FROM stdin) TO '/x'",
    ]
  ) {
    assertEquals(copyDirection(sql), undefined, sql);
  }
});
