/**
 * Findings of a lint as SARIF 2.1.0, which code hosts and editors read.
 *
 * @module
 */

import type { LintFinding } from "../lint/finding.ts";
import type { Fields } from "./json.ts";

/** A rule, as far as readers want to know of it. */
export interface SarifRule {
  /** Its name. */
  readonly id: string;
  /** What becomes of it by default. */
  readonly level: string;
  /** What it finds. */
  readonly summary: string;
}

/** Who found it. */
export interface SarifTool {
  /** The program. */
  readonly name: string;
  /** Its version. */
  readonly version: string;
  /** All rules. */
  readonly rules: readonly SarifRule[];
}

/**
 * Makes the document.
 *
 * @param findings The findings of all databases.
 * @param tool Who found them.
 * @returns The value to print as JSON.
 */
export function sarifLog(findings: readonly LintFinding[], { name, version, rules }: SarifTool): Fields {
  const listed = [...rules, ...otherRules(findings, rules)];
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [{
      tool: {
        driver: {
          name,
          semanticVersion: version,
          informationUri: "https://jsr.io/@metapg/migration",
          rules: listed.map((rule) => describeRule(rule, rules.includes(rule) ? `rules/${rule.id}.md` : "format.md")),
        },
      },
      columnKind: "unicodeCodePoints",
      results: findings.map((finding) => describeResult(finding, listed)),
    }],
  };
}

/** What the file format has against a file is no rule of the lint, but a finding. */
function otherRules(findings: readonly LintFinding[], rules: readonly SarifRule[]): readonly SarifRule[] {
  const known = new Set(rules.map(({ id }) => id));
  const others = new Set(findings.map(({ rule }) => rule).filter((rule) => !known.has(rule)));
  return [...others].map((id) =>
    id === "changed"
      ? { id, level: "warning", summary: "a file that was edited after it may have been applied" }
      : { id, level: "error", summary: "a file that cannot be used as it is" }
  );
}

function describeRule({ id, level, summary }: SarifRule, page: string): Fields {
  const configuration = level === "off" ? { enabled: false } : { level };
  return {
    id,
    shortDescription: { text: `Finds ${summary}` },
    help: { text: `docs/${page} says why, and what to do instead` },
    defaultConfiguration: configuration,
  };
}

function describeResult(finding: LintFinding, rules: readonly SarifRule[]): Fields {
  const { rule, severity, message, hint, path, name, line, column, endLine, endColumn } = finding;
  return {
    ruleId: rule,
    ruleIndex: rules.findIndex(({ id }) => id === rule),
    level: severity,
    message: { text: hint === undefined ? message : `${message}. ${hint}` },
    locations: [{
      physicalLocation: {
        artifactLocation: { uri: uriOf(path) },
        region: { startLine: line, startColumn: column, endLine, endColumn },
      },
      logicalLocations: [{ name, kind: "module" }],
    }],
  };
}

function uriOf(path: string): string {
  const parts = path.replaceAll("\\", "/").split("/").map(encodeURIComponent);
  // A drive of Windows keeps its colon.
  if (/^[A-Za-z]%3A$/.test(parts[0] ?? "")) return `file:///${parts.join("/").replace("%3A", ":")}`;
  return path.startsWith("/") ? `file://${parts.join("/")}` : parts.join("/");
}
