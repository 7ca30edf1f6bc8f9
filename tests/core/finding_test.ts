import { assertEquals } from "@std/assert";
import { type Finding, FindingList, locateFindings } from "../../src/core/finding.ts";

function found(offset: number, rest: Partial<Finding> = {}): Finding {
  return { code: "syntax", offset, message: 'Unmatched ")"', ...rest };
}

Deno.test("FindingList keeps a thousand of each weight and says how many more there are", () => {
  const list = new FindingList();
  for (let offset = 0; offset < 1500; offset++) list.add(found(offset, { hint: "Remove it" }));
  const all = list.list();
  assertEquals(all.length, 1001);
  assertEquals(all.at(-1), found(1000, { message: 'Unmatched ")"; 500 problems from here on are not listed' }));
});

Deno.test("FindingList hides no error behind warnings, and nothing fatal behind errors", () => {
  const list = new FindingList();
  for (let offset = 0; offset < 2000; offset++) {
    list.add(found(offset, { severity: "warning" }));
    list.add(found(offset));
  }
  list.add(found(3000, { fatal: true }));
  const all = list.list();
  assertEquals(all.filter(({ fatal }) => fatal === true).map(({ offset }) => offset), [3000]);
  assertEquals(all.filter(({ severity = "error" }) => severity === "error").length, 1002);
  const located = locateFindings("a.sql", " ".repeat(4000), all);
  assertEquals(located.find(({ column }) => column === 1001)?.severity, "warning");
  assertEquals(located.at(-1)?.column, 3001);
});
