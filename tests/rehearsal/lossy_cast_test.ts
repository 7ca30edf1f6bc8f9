import { assertEquals } from "@std/assert";
import { mayLose } from "../../src/rehearsal/lossy_cast.ts";

const KEEPS: readonly (readonly [was: string, is: string])[] = [
  ["integer", "bigint"],
  ["integer", "numeric"],
  ["integer", "numeric(12,2)"],
  ["integer[]", "bigint[]"],
  ["numeric(10,2)", "numeric(12,4)"],
  ["numeric(10,2)", "numeric"],
  ["real", "double precision"],
  ["character varying(10)", "character varying(20)"],
  ["character varying(10)", "text"],
  ["text", "character varying"],
  ["character(3)", "character varying(3)"],
  ["timestamp with time zone", "text"],
  ["date", "timestamp with time zone"],
  ["timestamp(3) without time zone", "timestamp without time zone"],
  ["json", "jsonb"],
  ["public.mood", "public.feeling"],
  ["public.citext", "character varying(3)"],
  ['"App".mood[]', "text[]"],
];

const MAY_LOSE: readonly (readonly [was: string, is: string])[] = [
  ["numeric(10,2)", "integer"],
  ["numeric", "numeric(10,2)"],
  ["numeric(10,2)", "numeric(10,3)"],
  ["numeric(10,2)", "numeric(12,1)"],
  ["bigint", "integer"],
  ["bigint", "double precision"],
  ["bigint[]", "integer[]"],
  ["integer", "numeric(10,2)"],
  ["double precision", "numeric"],
  ["timestamp with time zone", "date"],
  ["timestamp with time zone", "timestamp without time zone"],
  ["timestamp with time zone", "timestamp(0) with time zone"],
  ["text", "character varying(10)"],
  ["character varying(20)", "character varying(10)"],
  ["character varying(20)", "character(10)"],
];

Deno.test("mayLose() is false where the new type holds every value, and where people made one of them", () => {
  assertEquals(KEEPS.filter(([was, is]) => mayLose(was, is)), []);
});

Deno.test("mayLose() is true where a value may be rounded, cut or refused", () => {
  assertEquals(MAY_LOSE.filter(([was, is]) => !mayLose(was, is)), []);
});
