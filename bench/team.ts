/**
 * The contenders that take part in a run: installed, and seen to do what they are asked for.
 *
 * @module
 */

import type { Contender, Prepared } from "./contender.ts";
import type { Participant } from "./results.ts";

/** A contender that is ready. */
export interface Member {
  readonly contender: Contender;
  readonly prepared: Prepared;
}

/** Contenders that are ready, and those that are not. */
export interface Team {
  readonly members: readonly Member[];
  /** Why others cannot take part, by name. */
  readonly absent: Readonly<Record<string, string>>;
}

/** Picks contenders and what they are compared with: psql, and the scripts of their runtimes. */
export function pickContenders(all: readonly Contender[], names: readonly string[] | undefined): readonly Contender[] {
  if (names === undefined) return all;
  const runtimes = new Set(all.filter(({ name }) => names.includes(name)).map(({ runtime }) => `script-${runtime}`));
  return all.filter(({ name }) => names.includes(name) || name === "psql" || runtimes.has(name));
}

/**
 * Installs contenders, one after another.
 *
 * @param contenders Which.
 * @param say Receives a line on each.
 * @returns Those that are there, and why the others are not.
 */
export async function gatherTeam(contenders: readonly Contender[], say: (line: string) => void): Promise<Team> {
  const members: Member[] = [];
  const absent: Record<string, string> = {};
  for (const contender of contenders) {
    try {
      const prepared = await contender.prepare();
      members.push({ contender, prepared });
      say(`${contender.name} ${prepared.version}`);
    } catch (error) {
      absent[contender.name] = error instanceof Error ? error.message : String(error);
      say(`${contender.name} cannot take part: ${absent[contender.name]}`);
    }
  }
  return { members, absent };
}

/** What the results say of a member. */
export function participantOf({ contender, prepared }: Member): Participant {
  const { name, kind, runtime, how } = contender;
  return { name, kind, runtime, how, version: prepared.version };
}
