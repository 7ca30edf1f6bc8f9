/**
 * PostgreSQL's own grammar, loaded when it is first needed.
 *
 * @module
 */

import type { Node, ParseResult } from "libpg-query";
import { MigrationError } from "../core/error.ts";
import type { DatabasePlatform } from "../core/platform.ts";
import { offsetOfCodePoint } from "../core/position.ts";

const PACKAGE = "libpg-query";

/** Only what `deno.json` of a program names is known to Deno by its bare name. */
const SPECIFIERS = { deno: `npm:${PACKAGE}@^18.1.5`, node: PACKAGE, "built-in": PACKAGE } as const;

/** A longer statement holds data; its tree would take many times that in memory. */
const LONGEST = 1_000_000;

/** The module, as far as it is used. */
interface GrammarModule {
  /** Compiles it. */
  loadModule(): Promise<void>;
  /** Parses SQL; throws what {@linkcode readError} understands. */
  parseSync(sql: string): ParseResult;
}

/** What the grammar makes of a statement. */
export type Parsed =
  | { readonly type: "tree"; readonly node: Node }
  /** PostgreSQL would refuse it. */
  | { readonly type: "error"; readonly message: string; readonly offset: number }
  /** It was not looked into. */
  | { readonly type: "unread"; readonly reason: string };

/** PostgreSQL's grammar. */
export interface Grammar {
  /**
   * Parses one statement.
   *
   * @param sql Its SQL.
   * @returns Its tree, or why there is none.
   */
  parse(sql: string): Parsed;
}

/**
 * Loads the grammar.
 *
 * @param platform Imports it.
 * @returns It.
 * @throws A {@linkcode MigrationError} with code `CONFIG` if the package cannot be loaded.
 */
export async function loadGrammar(
  platform: Pick<DatabasePlatform, "packages" | "importModule">,
): Promise<Grammar> {
  try {
    const module = await platform.importModule(SPECIFIERS[platform.packages]) as GrammarModule;
    await module.loadModule();
    return { parse: (sql) => parse(module, sql) };
  } catch (cause) {
    throw new MigrationError("CONFIG", `Cannot lint: the package "${PACKAGE}" cannot be loaded`, {
      hint: platform.packages === "node" ? `Install it: npm install ${PACKAGE}` : denoHint(cause),
      cause,
    });
  }
}

/** The module ends itself with a message of its own, in which the reason is only told. */
function denoHint(cause: unknown): string {
  return /--allow-read/.test(String(cause))
    ? "Let Deno read its cache: --allow-read=…,$DENO_DIR (deno info says where it is)"
    : "It is loaded from npm: check the network";
}

function parse(module: GrammarModule, sql: string): Parsed {
  if (sql.length > LONGEST) return { type: "unread", reason: `it has ${sql.length} characters` };
  try {
    const node = module.parseSync(withoutControls(sql)).stmts?.[0]?.stmt;
    return node === undefined ? { type: "unread", reason: "the grammar finds nothing in it" } : { type: "tree", node };
  } catch (error) {
    return readError(sql, error);
  }
}

/** The package prints control characters into its JSON as they are; each has a stand-in of the same length. */
function withoutControls(sql: string): string {
  // deno-lint-ignore no-control-regex -- they are what is looked for
  return sql.replaceAll(/[\f\v]/g, " ").replaceAll(/[\x01-\x08\x0e-\x1f]/g, "\x7f");
}

function readError(sql: string, error: unknown): Parsed {
  const { sqlDetails: details } = error as { readonly sqlDetails?: { message: string; cursorPosition: number } };
  if (details === undefined) return { type: "unread", reason: error instanceof Error ? error.message : String(error) };
  return { type: "error", message: details.message, offset: offsetOfCodePoint(sql, details.cursorPosition + 1) };
}
