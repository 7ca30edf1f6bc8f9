/**
 * A query that a statement carries as a text. A server reads a statement as a whole before it runs any of it: what asks
 * a table that may not be there can only be asked so, or in a second message.
 *
 * @module
 */

import { quoteLiteral } from "../core/quote.ts";

const ESCAPES: Readonly<Record<string, string>> = { "&lt;": "<", "&gt;": ">", "&amp;": "&", "&#x0d;": "\r" };

/**
 * Writes an expression for what a query says, if a condition holds; otherwise the server does not even read the query.
 *
 * @param condition An expression.
 * @param query A query for one row with one text in it, which is named `value`.
 * @returns An expression for a text, which {@linkcode readConditional} reads.
 */
export function conditionalSql(condition: string, query: string): string {
  return `CASE WHEN ${condition} THEN pg_catalog.query_to_xml(${
    quoteLiteral(query)
  }, true, false, '')::pg_catalog.text END`;
}

/**
 * Reads what {@linkcode conditionalSql} asked for.
 *
 * @param answer What the server says.
 * @returns The text; `undefined` if the condition did not hold, or the query said nothing.
 */
export function readConditional(answer: unknown): string | undefined {
  const xml = answer === null || answer === undefined ? "" : String(answer);
  const start = xml.indexOf("<value>");
  if (start < 0) return undefined;
  const text = xml.slice(start + "<value>".length, xml.lastIndexOf("</value>"));
  return text.replace(/&(?:lt|gt|amp|#x0d);/g, (escape) => ESCAPES[escape]!);
}
