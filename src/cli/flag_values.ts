/**
 * Values of flags and arguments: text → value.
 *
 * @module
 */

import { InvalidArgumentError } from "commander";
import { parseDuration } from "../core/duration.ts";

/**
 * Reads a whole number from 1.
 *
 * @param text The value.
 * @returns The number.
 * @throws {InvalidArgumentError} If it is none.
 */
export function readCount(text: string): number {
  const count = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (count === 0) throw new InvalidArgumentError("Expected a whole number from 1");
  return count;
}

/**
 * Reads a whole number from 0.
 *
 * @param text The value.
 * @returns The number.
 * @throws {InvalidArgumentError} If it is none.
 */
export function readNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError("Expected a whole number");
  return Number(text);
}

/**
 * Reads a duration.
 *
 * @param text The value.
 * @returns Milliseconds.
 * @throws {InvalidArgumentError} If it is none.
 */
export function readDuration(text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined) throw new InvalidArgumentError("Expected a duration as in 250ms, 3s, 5m, 1h or 0");
  return ms;
}

/**
 * Reads a duration or `forever`.
 *
 * @param text The value.
 * @returns Milliseconds, or `Infinity`.
 * @throws {InvalidArgumentError} If it is neither.
 */
export function readWait(text: string): number {
  if (text === "forever") return Infinity;
  const ms = parseDuration(text);
  if (ms === undefined) throw new InvalidArgumentError("Expected a duration as in 30s, 5m or 0, or forever");
  return ms;
}

/** A unit of a part-way migration. */
export interface UnitName {
  /** The migration. */
  readonly name: string;
  /** Which of its units, from 1. */
  readonly unit: number;
}

/**
 * Reads the name of a unit.
 *
 * @param text As in `004_index:2`.
 * @returns Migration and number.
 * @throws {InvalidArgumentError} If it is none.
 */
export function readUnit(text: string): UnitName {
  const [, name, unit] = /^(.+):(\d{1,9})$/.exec(text) ?? [];
  if (name === undefined || Number(unit) === 0) {
    throw new InvalidArgumentError("Expected NAME:N, a migration and the number of its unit");
  }
  return { name, unit: Number(unit) };
}

/**
 * Collects the values of a flag that may be given several times.
 *
 * @param value The next value.
 * @param previous Those before it.
 * @returns All of them.
 */
export function collect(value: string, previous: readonly string[] | undefined): readonly string[] {
  return [...(previous ?? []), value];
}

/**
 * Reads a list.
 *
 * @param text Values with commas between them.
 * @returns The values.
 */
export function readList(text: string): readonly string[] {
  return text.split(",").map((part) => part.trim()).filter((part) => part !== "");
}
