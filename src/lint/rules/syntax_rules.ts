/**
 * Rules about what PostgreSQL makes of a statement at all.
 *
 * @module
 */

import { Lexer } from "../../core/lexer.ts";
import { newerSyntax } from "../newer_syntax.ts";
import type { Rule } from "../rule.ts";

const syntaxError: Rule = {
  id: "syntax-error",
  level: "error",
  summary: "a statement that PostgreSQL does not understand",
  sections: "both",
  *statement({ parsed, start }) {
    if (parsed.type !== "error") return;
    yield { message: `PostgreSQL does not understand this: ${parsed.message}`, offset: start + parsed.offset };
  },
};

const unsupportedSyntax: Rule = {
  id: "unsupported-syntax",
  level: "error",
  summary: "SQL that the oldest server of the project does not understand",
  sections: "both",
  *statement({ node }, { server }) {
    if (server === undefined) return;
    for (const { what, since } of newerSyntax(node)) {
      if (since <= server.major) continue;
      yield {
        message: `${what} needs PostgreSQL ${since}, and the oldest server is ${server.major}`,
        hint: "Write it so that both understand it; the oldest server is what --server-version or serverVersion says",
      };
    }
  },
};

const unread: Rule = {
  id: "unread-statement",
  level: "note",
  summary: "a statement that is too long to be looked into",
  sections: "both",
  *statement({ parsed }) {
    if (parsed.type !== "unread") return;
    yield { message: `No rule looks into this statement: ${parsed.reason}` };
  },
};

/** Names in the catalog have at most this many bytes. */
const LONGEST = 63;

const encoder = new TextEncoder();

const longIdentifier: Rule = {
  id: "identifier-too-long",
  level: "warning",
  summary: "a name that PostgreSQL cuts off without an error",
  sections: "both",
  *statement({ sql, start }) {
    if (!/[\w\u0080-\uffff]{32}/.test(sql)) return;
    const lexer = new Lexer(sql);
    for (let token = lexer.next(); token !== undefined; token = lexer.next()) {
      if (token.kind !== "word" && token.kind !== "quoted") continue;
      const text = sql.slice(token.start, token.end);
      const name = token.kind === "word" ? text : text.slice(1, -1).replaceAll('""', '"');
      const bytes = encoder.encode(name).length;
      if (bytes <= LONGEST || /^u&/i.test(text)) continue;
      yield {
        message: `This name has ${bytes} bytes, and PostgreSQL cuts it off behind ${LONGEST}: two may become the same`,
        hint: "Shorten it",
        offset: start + token.start,
      };
    }
  },
};

/** Rules about syntax. */
export const SYNTAX_RULES: readonly Rule[] = [syntaxError, unsupportedSyntax, unread, longIdentifier];
