import { assertEquals } from "@std/assert";
import { compareErrors } from "../../scripts/package_types.ts";

const PROGRAM = `good();
wrong(); // TS2322
`;

Deno.test("compareErrors() is content with the errors that are wanted", () => {
  assertEquals(compareErrors(PROGRAM, "x.mts(2,7): error TS2322: Type …\n  more of it\n"), []);
});

Deno.test("compareErrors() finds a mistake that the compiler lets through", () => {
  assertEquals(compareErrors(PROGRAM, ""), ["line 2 TS2322 was not found"]);
});

Deno.test("compareErrors() finds an error of another line or another kind", () => {
  assertEquals(compareErrors(PROGRAM, "x.mts(1,1): error TS2322: …\nx.mts(2,7): error TS2345: …\n"), [
    "line 1 TS2322 is not expected",
    "line 2 TS2345 is not expected",
    "line 2 TS2322 was not found",
  ]);
});
