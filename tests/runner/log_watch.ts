/**
 * Looks at the log after each command: what it gained, that it lost nothing, and that the history is what it says.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import type { Project } from "./project.ts";

/** An entry as the table holds it. */
export interface RawEntry {
  readonly id: number;
  readonly at: string;
  readonly run_id: string;
  readonly action: string;
  readonly name: string;
  readonly checksum: string;
  readonly duration_ms: number | null;
  readonly db_user: string;
  readonly application: string;
  readonly error: string | null;
  // deno-lint-ignore no-explicit-any -- each action has details of its own
  readonly details: any;
}

/** Who writes the log. */
export interface Writer {
  readonly db_user: string;
  readonly application: string;
}

/** What the history says of a migration. */
interface State {
  readonly checksum: string;
  readonly applied: boolean;
  readonly error: string | null;
}

/** The log of a project, command by command. */
export class LogWatch {
  readonly #project: Project;
  readonly #writer: Writer;
  #seen: readonly RawEntry[] = [];

  constructor(project: Project, writer: Writer) {
    this.#project = project;
    this.#writer = writer;
  }

  /**
   * Looks at what a command wrote. Everything that holds for every command is checked here.
   *
   * @returns The new entries.
   */
  async written(): Promise<readonly RawEntry[]> {
    const { query } = this.#project;
    const rows = await query("SELECT to_jsonb(l)::text AS value FROM metapg_migrations_log l ORDER BY l.id");
    const entries = rows.map((row) => JSON.parse(String(row.value)) as RawEntry);
    const fresh = entries.slice(this.#seen.length);
    assertEquals(entries.slice(0, this.#seen.length), this.#seen, "Earlier entries stay as they were");
    assertEquals(new Set(fresh.map((entry) => entry.run_id)).size, Math.min(fresh.length, 1), "One run, one run_id");
    assert(!this.#seen.some((entry) => entry.run_id === fresh[0]?.run_id), "Another run, another run_id");
    const times = entries.map((entry) => Date.parse(entry.at));
    assertEquals(times, times.toSorted((a, b) => a - b));
    for (const { db_user, application } of fresh) assertEquals({ db_user, application }, this.#writer);
    this.#seen = entries;
    await this.#assertHistory();
    return fresh;
  }

  /** The history, told anew from the log alone, is the history. */
  async #assertHistory(): Promise<void> {
    const rows = await this.#project.query(
      "SELECT name, checksum, applied_at IS NOT NULL AS applied, error FROM metapg_migrations ORDER BY name",
    );
    const told = [...this.#seen.reduce(tell, new Map<string, State>())].toSorted(([a], [b]) => a < b ? -1 : 1);
    assertEquals(rows.map((row) => ({ ...row })), told.map(([name, state]) => ({ name, ...state })));
  }
}

function tell(history: Map<string, State>, { action, name, checksum, error, details }: RawEntry): Map<string, State> {
  switch (action) {
    case "applied":
    case "baselined":
      return history.set(name, { checksum, applied: true, error: null });
    case "rolled_back":
    case "forgotten":
      history.delete(name);
      return history;
    case "failed":
      // A rollback that failed as a whole leaves its migration applied.
      if (details.direction === "down" && details.unit === undefined) return history;
      return history.set(name, { checksum, applied: false, error });
    case "renamed": {
      const state = history.get(name)!;
      history.delete(name);
      return history.set(details.new.name, state);
    }
    case "repaired":
      return history.set(name, {
        ...history.get(name)!,
        ...(details.new.checksum === undefined ? { error: null } : { checksum: details.new.checksum }),
      });
    default:
      throw new Error(`Unknown action ${action}`);
  }
}
