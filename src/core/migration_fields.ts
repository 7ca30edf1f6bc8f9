/**
 * What a migration file says, as plain data.
 *
 * @module
 */

import { checksum, tokenChecksum } from "./checksum.ts";
import { MigrationError } from "./error.ts";
import { type Finding, locateFindings } from "./finding.ts";
import type { TransactionMode } from "./header.ts";
import { fileNameHint, parseFileName } from "./name.ts";
import { formatProblem, type Problem } from "./problem.ts";
import type { Sha256 } from "./reader.ts";
import { findRefusedStatements } from "./refused_statements.ts";
import type { Section } from "./section.ts";
import { readSections, type Sections } from "./sections.ts";
import { decodeUtf8, findBadCharacters, normalizeText } from "./source_text.ts";

/** What a {@linkcode Migration} is made of. */
export interface MigrationFields {
  /** The file name without `.sql`. */
  readonly name: string;
  /** The number that the name begins with. */
  readonly version: number;
  /** `Description` of the header, else the words of the name. */
  readonly description: string;
  /** The file, as it was given. */
  readonly path: string;
  /** The whole text, without a byte order mark and with LF line ends. */
  readonly text: string;
  /** SHA-256 of the text, in hex. */
  readonly checksum: string;
  /** Checksum of the tokens of the up section. */
  readonly tokenChecksum: string;
  /** `Depends` of the header. */
  readonly dependencies: readonly string[];
  /** `Transaction` of the header. */
  readonly transaction: TransactionMode;
  /** `Lock-Timeout` of the header, in milliseconds. */
  readonly lockTimeoutMs: number | undefined;
  /** `Statement-Timeout` of the header, in milliseconds. */
  readonly statementTimeoutMs: number | undefined;
  /** The up section. */
  readonly up: Section;
  /** The rollback section; `undefined` if the file has no marker. */
  readonly rollback: Section | undefined;
  /** What is odd about the file, but does not keep it from running. */
  readonly warnings: readonly Problem[];
}

/** What ordering needs to know of a file, and what a finding about its dependencies is shown with. */
export type FileOutline = Pick<MigrationFields, "name" | "version" | "path" | "text" | "dependencies">;

/** What a file holds, or what is wrong with it. */
export interface FieldsRead {
  /** What can be said of the file even if it cannot be used; `undefined` if not even its name or its text can be read. */
  readonly outline?: FileOutline | undefined;
  /** What it says; `undefined` if any problem is an error. */
  readonly fields: MigrationFields | undefined;
  /** Errors and warnings in the order of the text. */
  readonly problems: readonly Problem[];
}

/**
 * Reads a migration file.
 *
 * @param path The file; the part behind the last `/` or `\` is its name.
 * @param content Its text or bytes.
 * @param hashing How it is hashed, and what was hashed of it.
 * @returns What it says, and all problems of it.
 */
export async function readFile(path: string, content: string | Uint8Array, hashing: Hashing = {}): Promise<FieldsRead> {
  const fileName = /[^/\\]*$/.exec(path)?.[0] ?? path;
  const file = parseFileName(fileName);
  const nameProblems = file === undefined ? [nameProblem(path, fileName)] : [];
  const text = readText(path, content);
  if (typeof text !== "string") return { fields: undefined, problems: [...nameProblems, text] };
  const sections = readSections(text);
  const problems = [...nameProblems, ...locateFindings(path, text, allFindings(text, sections))];
  if (file === undefined) return { fields: undefined, problems };
  const { name, version } = file;
  const outline = { name, version, path, text, dependencies: sections.header.dependencies };
  if (problems.some(({ severity }) => severity === "error")) return { outline, fields: undefined, problems };
  const fields = await makeFields({ ...file, path, text, sections, warnings: problems }, hashing);
  return { outline, fields, problems };
}

/** How a file is hashed. */
export interface Hashing {
  /** Hashes; Web Crypto without it. */
  readonly sha256?: Sha256 | undefined;
  /** The checksum of the text, where it is known. */
  readonly checksum?: string | undefined;
}

/**
 * Reads the text of a file.
 *
 * @param path The file.
 * @param content Its text or bytes.
 * @returns The text as it is parsed and hashed; a problem if it is not UTF-8.
 */
export function readText(path: string, content: string | Uint8Array): string | Problem {
  const decoded = typeof content === "string" ? content : decodeUtf8(content);
  if (typeof decoded === "string") return normalizeText(decoded);
  const { position, hint } = decoded;
  return { code: "file-encoding", severity: "error", message: "Not UTF-8", path, ...position, hint };
}

/**
 * Reads the source of an applied migration as the history holds it. Rules that it may have been applied without are not
 * looked at.
 *
 * @param name The migration.
 * @param source The text that the history holds.
 * @returns What it says, and what makes it impossible to cut it into sections.
 */
export async function readStored(name: string, source: string): Promise<FieldsRead> {
  const path = `${name}.sql`;
  const sections = readSections(source);
  const problems = locateFindings(path, source, sections.findings.filter(({ fatal }) => fatal === true));
  if (problems.length > 0) return { fields: undefined, problems };
  const [, digits = "0", words = ""] = /^(\d*)_?(.*)$/s.exec(name) ?? [];
  const file = parseFileName(path) ?? { name, version: Number(digits), description: words.replaceAll("_", " ") };
  return { fields: await makeFields({ ...file, path, text: source, sections, warnings: [] }), problems };
}

/**
 * Takes the fields of a file that has none but warnings.
 *
 * @param path The file, as it is to be shown.
 * @param read What was read of it.
 * @returns What it says.
 * @throws A {@linkcode MigrationError} with code `FILES_INVALID` and all its problems.
 */
export function fieldsOrThrow(path: string, { fields, problems }: FieldsRead): MigrationFields {
  if (fields !== undefined) return fields;
  const errors = problems.filter(({ severity }) => severity === "error");
  const first = errors[0];
  const message = first !== undefined && errors.length === 1
    ? formatProblem(first)
    : `Cannot use "${path}": it has ${errors.length} problems`;
  throw new MigrationError("FILES_INVALID", message, { problems, hint: errors.length === 1 ? first?.hint : undefined });
}

interface Parts {
  readonly name: string;
  readonly version: number;
  readonly description: string;
  readonly path: string;
  readonly text: string;
  readonly sections: Sections;
  readonly warnings: readonly Problem[];
}

/** Property by property: to take objects apart and to spread them takes ten times the memory. */
async function makeFields(parts: Parts, hashing: Hashing = {}): Promise<MigrationFields> {
  const { header, up, rollback, upTokens } = parts.sections;
  const { sha256, checksum: known = checksum(parts.text, sha256) } = hashing;
  const tokens = upTokens?.checksum(sha256) ?? tokenChecksum(up.sql, sha256);
  const [ofText, ofTokens] = await Promise.all([known, tokens]);
  return {
    name: parts.name,
    version: parts.version,
    path: parts.path,
    description: header.description ?? parts.description,
    text: parts.text,
    checksum: ofText,
    tokenChecksum: ofTokens,
    dependencies: header.dependencies,
    transaction: header.transaction,
    lockTimeoutMs: header.lockTimeoutMs,
    statementTimeoutMs: header.statementTimeoutMs,
    up,
    rollback,
    warnings: parts.warnings,
  };
}

function allFindings(text: string, sections: Sections): Finding[] {
  const { findings, header, upStatements, rollbackStatements } = sections;
  const all = [
    ...findBadCharacters(text),
    ...findings,
    ...findRefusedStatements(upStatements, header.transaction),
    ...findRefusedStatements(rollbackStatements, header.transaction),
  ];
  if (upStatements.length === 0 && !all.some(({ code }) => code === "refused-statement" || code === "syntax")) {
    const hint = "Write the statements before the rollback section, or SELECT 1; if it is meant to do nothing";
    all.push({ code: "syntax", offset: 0, message: "The up section contains no SQL", hint });
  }
  if (sections.rollback !== undefined && rollbackStatements.length === 0 && sections.rollback.sql.trim() !== "") {
    all.push({
      code: "rollback",
      severity: "warning",
      offset: sections.rollback.start,
      message: "The rollback section has comments but no SQL: rolling back will do nothing",
      hint: "Write the statements that undo the migration, or delete everything from the marker on",
    });
  }
  return all;
}

function nameProblem(path: string, fileName: string): Problem {
  return {
    code: "file-name",
    severity: "error",
    message: `"${fileName}" is not the name of a migration file`,
    path,
    hint: fileNameHint(fileName),
  };
}
