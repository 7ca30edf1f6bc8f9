import { assertEquals } from "@std/assert";
import { spreadArrayCast } from "../../src/schema/array_cast.ts";

Deno.test("spreadArrayCast() casts each text of a list, and nothing else", () => {
  assertEquals(
    spreadArrayCast("((c)::text = ANY ((ARRAY['x'::character varying, 'it''s, [y]'::character varying])::text[]))"),
    "((c)::text = ANY (ARRAY[('x'::character varying)::text, ('it''s, [y]'::character varying)::text]))",
  );
  const other = "(a = ANY ((ARRAY[1, 2])::bigint[])) AND (b = ANY (ARRAY['x'::text]))";
  assertEquals(spreadArrayCast(other), other);
});
