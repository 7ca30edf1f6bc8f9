/**
 * What a driver passes on as a notice → {@linkcode Notice}, by shape.
 *
 * @module
 */

import type { Notice } from "../core/database.ts";

/**
 * Turns a driver's notice into a {@linkcode Notice}.
 *
 * @param notice What the driver passed on.
 * @returns The notice.
 */
export function toNotice(notice: unknown): Notice {
  const shape = notice as Readonly<Record<string, unknown>>;
  const text = (name: string) => typeof shape[name] === "string" ? shape[name] as string : undefined;
  const detail = text("detail");
  const hint = text("hint");
  return {
    severity: text("severity") ?? text("severity_local") ?? "NOTICE",
    sqlstate: text("code") ?? "00000",
    message: text("message") ?? "",
    ...(detail === undefined ? {} : { detail }),
    ...(hint === undefined ? {} : { hint }),
  };
}
