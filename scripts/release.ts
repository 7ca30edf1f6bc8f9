/**
 * Whether all that names a release names the same one.
 *
 * @module
 */

/** What is said of a release, and where. */
export interface ReleaseFacts {
  /** The version in `deno.json`. */
  readonly version: string;
  /** The version that the program prints. */
  readonly productVersion: string;
  /** Text of `CHANGELOG.md`. */
  readonly changelog: string;
  /** Tags of the commit. */
  readonly tags: readonly string[];
  /** Entry points, by sub-path. */
  readonly exports: Readonly<Record<string, string>>;
  /** Paths of the files that are published. */
  readonly published: readonly string[];
}

/**
 * Finds what does not agree.
 *
 * @param facts What is said of the release.
 * @returns One line for each problem; none if it can be released.
 */
export function releaseProblems(facts: ReleaseFacts): readonly string[] {
  const { version, productVersion } = facts;
  return [
    ...(isVersion(version) ? [] : [`Version "${version}" of deno.json is not a semantic version`]),
    ...(productVersion === version ? [] : [`src/cli/product.ts says "${productVersion}", deno.json "${version}"`]),
    ...changelogProblems(facts.changelog, version),
    ...tagProblems(facts.tags, version),
    ...exportProblems(facts),
  ];
}

function isVersion(text: string): boolean {
  return /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?$/.test(text);
}

/** The newest release stands first, below what is not released, which is then empty. */
function changelogProblems(changelog: string, version: string): readonly string[] {
  const sections = changelog.split(/^## /m).slice(1).map((section) => {
    const [heading = "", ...body] = section.split("\n");
    return { heading: heading.trim(), body: body.join("\n").trim() };
  });
  const unreleased = sections.filter(({ heading }) => heading === "[Unreleased]");
  const newest = sections.find(({ heading }) => heading !== "[Unreleased]");
  const left = unreleased.some(({ body }) => body !== "")
    ? [`CHANGELOG.md has entries under [Unreleased]: move them under [${version}]`]
    : [];
  const match = /^\[(.+)\] - (\d{4}-\d\d-\d\d)$/.exec(newest?.heading ?? "");
  if (match?.[1] !== version) {
    return [...left, `CHANGELOG.md does not begin with "## [${version}] - YYYY-MM-DD"`];
  }
  return [
    ...left,
    ...(isDate(match[2]!) ? [] : [`CHANGELOG.md dates [${version}] "${match[2]}", which is no date`]),
    ...(newest!.body === "" ? [`CHANGELOG.md says nothing of [${version}]`] : []),
  ];
}

function isDate(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

function tagProblems(tags: readonly string[], version: string): readonly string[] {
  return tags.filter((tag) => /^v?\d/.test(tag) && tag !== `v${version}`).map((tag) =>
    `The commit has the tag "${tag}", its version is "${version}"`
  );
}

function exportProblems({ exports, published }: ReleaseFacts): readonly string[] {
  return Object.entries(exports).filter(([, path]) => !published.includes(path.replace(/^\.\//, ""))).map((
    [name, path],
  ) => `The entry point "${name}" is "${path}", which is not published`);
}
