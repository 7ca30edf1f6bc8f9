import { assertEquals } from "@std/assert";
import { type ReleaseFacts, releaseProblems } from "../../scripts/release.ts";

const CHANGELOG = `# Changelog

## [Unreleased]

## [1.2.0] - 2026-02-28

### Added

- Something.

## [1.1.0] - 2026-01-01

- Before.
`;

const GOOD: ReleaseFacts = {
  version: "1.2.0",
  productVersion: "1.2.0",
  changelog: CHANGELOG,
  tags: ["v1.2.0"],
  exports: { ".": "./mod.ts", "./core": "./src/core/mod.ts" },
  published: ["mod.ts", "src/core/mod.ts", "README.md"],
};

const problems = (facts: Partial<ReleaseFacts>) => releaseProblems({ ...GOOD, ...facts });

Deno.test("releaseProblems() finds none where everything agrees, with a tag and before it", () => {
  assertEquals(problems({}), []);
  assertEquals(problems({ tags: [] }), []);
  assertEquals(problems({ tags: ["deployed", "v1.2.0"] }), []);
  assertEquals(problems({ changelog: CHANGELOG.replace("## [Unreleased]\n\n", "") }), []);
  const next = { version: "1.3.0-rc.1", productVersion: "1.3.0-rc.1", tags: ["v1.3.0-rc.1"] };
  assertEquals(problems({ ...next, changelog: CHANGELOG.replace("[1.2.0]", "[1.3.0-rc.1]") }), []);
});

Deno.test("releaseProblems() compares versions", () => {
  assertEquals(problems({ productVersion: "1.1.0" }), ['src/cli/product.ts says "1.1.0", deno.json "1.2.0"']);
  assertEquals(problems({ tags: ["v1.2.1", "1.2.0"] }), [
    'The commit has the tag "v1.2.1", its version is "1.2.0"',
    'The commit has the tag "1.2.0", its version is "1.2.0"',
  ]);
  for (const version of ["1.2", "v1.2.0", "01.2.0", "1.2.0-", ""]) {
    const changelog = CHANGELOG.replace("1.2.0", version || "1.2.0");
    const [first] = problems({ version, productVersion: version, tags: [], changelog });
    assertEquals(first, `Version "${version}" of deno.json is not a semantic version`);
  }
});

Deno.test("releaseProblems() wants the release at the top of the changelog, with a date and entries", () => {
  const missing = ['CHANGELOG.md does not begin with "## [1.2.0] - YYYY-MM-DD"'];
  const heading = "## [1.2.0] - 2026-02-28";
  assertEquals(problems({ changelog: "" }), missing);
  for (const other of ["## [1.2.0]", "## 1.2.0 - 2026-02-28", "## [1.3.0] - 2026-02-28", "## [1.2.0] - today"]) {
    assertEquals(problems({ changelog: CHANGELOG.replace(heading, other) }), missing, other);
  }
  assertEquals(problems({ changelog: CHANGELOG.replace(heading, "## [1.2.0] - 2026-02-29") }), [
    'CHANGELOG.md dates [1.2.0] "2026-02-29", which is no date',
  ]);
  assertEquals(problems({ changelog: CHANGELOG.replace("### Added\n\n- Something.\n", "") }), [
    "CHANGELOG.md says nothing of [1.2.0]",
  ]);
  assertEquals(problems({ changelog: CHANGELOG.replace("[Unreleased]\n", "[Unreleased]\n\n- Left behind.\n") }), [
    "CHANGELOG.md has entries under [Unreleased]: move them under [1.2.0]",
  ]);
});

Deno.test("releaseProblems() wants every entry point among what is published", () => {
  assertEquals(problems({ published: ["mod.ts"] }), [
    'The entry point "./core" is "./src/core/mod.ts", which is not published',
  ]);
});
