/**
 * Statements whose effect does not end with the database.
 *
 * @module
 */

import { decodeLiteral } from "../core/literal.ts";
import type { Section } from "../core/section.ts";
import { splitStatements, type Statement } from "../core/statements.ts";
import { TokenCursor } from "../core/token_cursor.ts";

/** A statement that concerns more than its database. */
export interface ServerWide {
  /** The statement in short, as `DROP ROLE app`. */
  readonly title: string;
  /** What it is about: the database by its name, or anything else of the server. */
  readonly concerns: "database" | "server";
  /** Whether the rest of the schema is the same without it: not of what is in a block, which does other things, too. */
  readonly weight: "idle" | "needed";
  /** Where its text begins in that of the file. */
  readonly start: number;
  /** Where it ends. */
  readonly end: number;
}

type Found = Pick<ServerWide, "title"> & Partial<ServerWide>;

/** Tells roles that are somebody's. */
type IsTheirs = (role: string) => boolean;

const KINDS: ReadonlySet<string | undefined> = new Set([
  "alter-database-tablespace",
  "alter-system",
  "create-database",
  "create-subscription",
  "create-tablespace",
  "drop-database",
  "drop-tablespace",
]);

/** Words that stand for roles that are there. */
const ALWAYS_THERE = /^(?:all|current_role|current_user|session_user)$/;

/**
 * Finds the statements of a section that concern more than its database.
 *
 * @param section The section.
 * @param roles Roles that are there already, and so are somebody's.
 * @returns The statements, in order.
 */
export function findServerWide(section: Section, roles: ReadonlySet<string>): readonly ServerWide[] {
  const isTheirs = (role: string) => roles.has(role) || ALWAYS_THERE.test(role);
  return splitStatements(section).flatMap((statement): ServerWide[] => {
    const { start, end, sql } = statement;
    const isBlock = new TokenCursor(sql).word === "do";
    const found = isBlock ? findInBlock(sql, isTheirs) : titleOf(statement, isTheirs);
    if (found === undefined) return [];
    return [{ concerns: "server", weight: "idle", ...found, ...(isBlock ? { weight: "needed" } : {}), start, end }];
  });
}

function titleOf({ sql, alone }: Statement, isTheirs: IsTheirs): Found | undefined {
  if (alone !== undefined && KINDS.has(alone.type)) {
    return { title: alone.title, weight: alone.type === "create-subscription" ? "needed" : "idle" };
  }
  const cursor = new TokenCursor(sql);
  return cursor.accept("create", "role|user|group") ? namedRole(cursor, "CREATE", isTheirs) : titleAt(cursor, isTheirs);
}

/** A block makes a role mostly where there is none; what else it says is at any place of it, and in what it executes. */
function findInBlock(sql: string, isTheirs: IsTheirs): Found | undefined {
  const cursor = new TokenCursor(sql);
  for (let token = cursor.token; token !== undefined; token = cursor.token) {
    const found = token.kind === "string" || token.kind === "dollar"
      ? findInBlock(decodeLiteral(cursor.text), isTheirs)
      : titleAt(cursor, isTheirs);
    if (found !== undefined) return found;
    if (cursor.token === token) cursor.next();
  }
  return undefined;
}

function titleAt(cursor: TokenCursor, isTheirs: IsTheirs): Found | undefined {
  const verb = cursor.word?.toUpperCase();
  if (cursor.accept("alter|drop|reassign")) {
    if (cursor.word === "database") return { title: `${verb} DATABASE`, concerns: "database" };
    if (cursor.accept("owned", "by")) {
      const owner = namesOf(cursor).find(isTheirs);
      return owner === undefined ? undefined : { title: `${verb} OWNED BY ${owner}`, weight: "needed" };
    }
    return cursor.accept("role|user|group") ? namedRole(cursor, verb!, isTheirs) : undefined;
  }
  if (cursor.accept("comment", "on")) {
    if (cursor.word === "database") return { title: "COMMENT ON DATABASE", concerns: "database" };
    return cursor.accept("role") ? namedRole(cursor, "COMMENT ON", isTheirs) : undefined;
  }
  return cursor.accept("grant|revoke") ? grant(cursor, verb!, isTheirs) : undefined;
}

function namedRole(cursor: TokenCursor, verb: string, isTheirs: IsTheirs): Found | undefined {
  if (cursor.word === "mapping") return undefined;
  cursor.accept("if", "exists");
  const other = namesOf(cursor).find(isTheirs);
  return other === undefined ? undefined : { title: `${verb} ROLE ${other}` };
}

/** A membership goes with either of its roles. */
function grant(cursor: TokenCursor, verb: string, isTheirs: IsTheirs): Found | undefined {
  cursor.accept("admin|inherit|set", "option", "for");
  const given = namesOf(cursor).find(isTheirs);
  if (cursor.accept("to|from")) {
    const taker = namesOf(cursor).find(isTheirs);
    if (given === undefined || taker === undefined) return undefined;
    return { title: `${verb} ${given} ${verb === "GRANT" ? "TO" : "FROM"} ${taker}` };
  }
  while (cursor.token !== undefined && !cursor.accept("on")) {
    if (cursor.word === "to" || cursor.word === "from" || cursor.text === ";") return undefined;
    cursor.next();
  }
  const what = cursor.word;
  if (what === undefined || !/^(?:database|parameter|tablespace)$/.test(what)) return undefined;
  cursor.next();
  if (cursor.word === "to" || cursor.word === "from" || cursor.identifier() === undefined) return undefined;
  return { title: `${verb} ON ${what.toUpperCase()}`, concerns: what === "database" ? "database" : "server" };
}

function namesOf(cursor: TokenCursor): readonly string[] {
  const names: string[] = [];
  do {
    const name = cursor.identifier();
    if (name !== undefined) names.push(name);
  } while (cursor.acceptSymbol(","));
  return names;
}
