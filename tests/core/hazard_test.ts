import { assertEquals } from "@std/assert";
import { findHazards } from "../../src/core/hazard.ts";

function offsets(sql: string): number[] {
  return [...findHazards(sql, 100)].map(({ offset }) => offset - 100);
}

Deno.test("findHazards() finds a call in the body of a DO, dollar-quoted at its place, quoted at the body", () => {
  const dollar = "DO $b$ BEGIN PERFORM pg_advisory_unlock_all(); END $b$";
  assertEquals(offsets(dollar), [dollar.indexOf("pg_")]);
  const quoted = "DO LANGUAGE plpgsql 'BEGIN PERFORM pg_advisory_unlock_all(); END'";
  assertEquals(offsets(quoted), [quoted.indexOf("'")]);
  const escaped = "DO E'BEGIN PERFORM \"pg_advisory_unlock\\x5fall\"(); PERFORM pg_advisory_unlock_all(); END'";
  assertEquals(offsets(escaped), [3, 3]);
});

Deno.test("findHazards() takes a name in a string that is no body for text", () => {
  assertEquals(offsets("SELECT 'pg_advisory_unlock_all()'"), []);
  assertEquals(offsets("CREATE FUNCTION f() RETURNS void LANGUAGE sql AS 'SELECT pg_advisory_unlock_all()'"), []);
});

Deno.test("findHazards() finds the setting that is turned off", () => {
  assertEquals(offsets("SET LOCAL standard_conforming_strings TO off"), [0]);
  assertEquals(offsets("SELECT set_config('standard_conforming_' \n 'strings', 'off', false)"), []);
  assertEquals(offsets("SELECT set_config(E'standard_conforming_strings', x, false)"), [7]);
  assertEquals(offsets("SET standard_conforming_strings = on"), []);
});

Deno.test("findHazards() finds more calls than fit on a stack", () => {
  assertEquals(offsets(`SELECT ${"pg_advisory_unlock_all(),".repeat(200_000)}1`).length, 200_000);
});
