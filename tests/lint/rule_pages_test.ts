import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { readdirSync, readFileSync } from "node:fs";
import { DEFAULT_CONFIG } from "../../src/lint/lint_config.ts";
import { RULES } from "../../src/lint/rules.ts";
import { lintBlock } from "./linted.ts";

const FOLDER = new URL("../../docs/rules/", import.meta.url);

/** What no example can show. */
const WITHOUT_EXAMPLE: ReadonlySet<string> = new Set(["unread-statement"]);

const ROLLBACKS = " It looks into rollback sections, too.";

const LEVELS = { error: "an **error**", warning: "a **warning**", note: "a **note**", off: "**off**" };

function page(id: string): string {
  return readFileSync(new URL(`${id}.md`, FOLDER), "utf8");
}

/** The SQL blocks below a heading. */
function blocks(text: string, heading: string): readonly string[] {
  const section = text.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? "";
  return [...section.matchAll(/```sql\n([^]*?)```/g)].map(([, sql]) => sql!);
}

Deno.test("every rule has a page, and every page a rule", () => {
  const pages = readdirSync(FOLDER).filter((name) => name !== "README.md").map((name) => name.replace(/\.md$/, ""));
  assertEquals(pages.toSorted(), RULES.map(({ id }) => id).toSorted());
});

for (const { id, level, summary, sections } of RULES) {
  Deno.test(`docs/rules/${id}.md says what the rule is, fires where it says so, and is silent elsewhere`, async () => {
    const text = page(id);
    assertStringIncludes(
      text.replace(/\s+/g, " "),
      `# ${id} Finds ${summary}. By default it is ${LEVELS[level]}.${sections === "both" ? ROLLBACKS : ""} ## Why`,
    );
    const fires = blocks(text, "Fires");
    const silent = blocks(text, "Instead");
    assertEquals(fires.length > 0 && silent.length > 0, !WITHOUT_EXAMPLE.has(id));
    for (const sql of fires) {
      const rules = (await lintBlock(sql)).findings.map(({ rule }) => rule);
      assert(rules.includes(id), `silent, found only ${rules.join(", ")}: ${sql}`);
    }
    for (const sql of silent) {
      const rules = (await lintBlock(sql)).findings.map(({ rule }) => rule);
      assert(!rules.includes(id), `fires: ${sql}`);
    }
  });
}

Deno.test("what a page recommends has no error by default", async () => {
  for (const { id } of RULES) {
    for (const sql of blocks(page(id), "Instead")) {
      const { findings } = await lintBlock(sql, DEFAULT_CONFIG.levels);
      const errors = findings.filter(({ severity }) => severity === "error").map(({ rule }) => rule);
      assertEquals(errors, [], `${id}: ${sql}`);
    }
  }
});
