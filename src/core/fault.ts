/**
 * Puts faults of the graph into words, with the places in the headers that they are about.
 *
 * @module
 */

import type { GraphFault } from "./graph.ts";
import type { FileOutline } from "./migration_fields.ts";
import { nearestName } from "./nearest.ts";
import { Locator, type Position } from "./position.ts";
import type { Problem } from "./problem.ts";

/**
 * How many different unknown names are compared with those that there are. Where nearly all are unknown, the files are of
 * another database: advice on each would help nobody, and take its square in time.
 */
const MOST_COMPARED = 20;

/** What {@linkcode describeFaults} knows beside the faults. */
export interface FaultContext {
  /** Names that a dependency may have been meant to be. */
  readonly names: readonly string[];
  /**
   * The lowest version of the files, if no history was at hand: a dependency below it is then only warned of.
   *
   * @default {"a history is at hand"}
   */
  readonly lowest?: number;
}

/**
 * Puts faults of the graph into words.
 *
 * @param faults The faults.
 * @param context What else is known.
 * @returns A finding for each, with the line of the header that it is about.
 */
export function describeFaults(faults: readonly GraphFault<FileOutline>[], context: FaultContext): Problem[] {
  const describer = new FaultDescriber(context);
  return faults.map((fault) => describer.describe(fault));
}

class FaultDescriber {
  readonly #names: readonly string[];
  readonly #lowest: number | undefined;
  /** Unknown name → the known one that is nearest to it. */
  readonly #nearest = new Map<string, string | undefined>();
  #header: DependencyLine | undefined;

  constructor({ names, lowest }: FaultContext) {
    this.#names = names;
    this.#lowest = lowest;
  }

  describe(fault: GraphFault<FileOutline>): Problem {
    switch (fault.type) {
      case "self": {
        const { name } = fault.node;
        return this.#problem(fault.node, name, `Migration "${name}" depends on itself`, {
          hint: "Remove its own name from Depends",
        });
      }
      case "cycle": {
        const path = [...fault.path, fault.path[0]!].map((node) => node.name);
        return this.#problem(fault.path[0]!, path[1]!, `Dependencies form a cycle: ${path.join(" -> ")}`, {
          hint: "Remove one of these dependencies",
        });
      }
      case "unknown":
        return this.#unknown(fault.node, fault.dependency);
    }
  }

  #unknown(node: FileOutline, dependency: string): Problem {
    const message = `Unknown dependency "${dependency}"`;
    if (Number.parseInt(dependency, 10) < (this.#lowest ?? 0)) {
      const hint = "It is older than every file here: it must be applied in the database already";
      return this.#problem(node, dependency, message, { severity: "warning", hint });
    }
    const nearest = this.#nearestTo(dependency, node.name);
    const history = this.#lowest === undefined ? ", and none was applied" : "";
    const hint = nearest === undefined ? `There is no file of that name${history}` : `Did you mean "${nearest}"?`;
    return this.#problem(node, dependency, message, { hint });
  }

  #nearestTo(dependency: string, own: string): string | undefined {
    const isKnown = this.#nearest.has(dependency);
    if (!isKnown && this.#nearest.size === MOST_COMPARED) return undefined;
    const found = this.#nearest.get(dependency);
    if (isKnown && found !== own) return found;
    const nearest = nearestName(dependency, this.#names.filter((name) => name !== own));
    if (!isKnown) this.#nearest.set(dependency, nearest);
    return nearest;
  }

  #problem(
    node: FileOutline,
    dependency: string,
    message: string,
    options: { readonly severity?: Problem["severity"]; readonly hint: string },
  ): Problem {
    if (this.#header?.file !== node) this.#header = new DependencyLine(node);
    return {
      code: "dependency",
      severity: options.severity ?? "error",
      message,
      path: node.path,
      name: node.name,
      ...this.#header.placeOf(dependency),
      hint: options.hint,
    };
  }
}

/** The line of a file that declares the dependencies. It may hold very many: it is read once for all of them. */
class DependencyLine {
  readonly file: FileOutline;
  readonly #locator: Locator;
  readonly #offsets = new Map<string, number>();
  #start = 0;

  constructor(file: FileOutline) {
    this.file = file;
    this.#locator = new Locator(file.text);
    const line = /^[ \t]*--[ \t]*depends[ \t]*:.*$/im.exec(file.text);
    if (line === null) return;
    this.#start = line.index;
    const names = /[^\s,]+/g;
    names.lastIndex = line[0].indexOf(":") + 1;
    for (let found = names.exec(line[0]); found !== null; found = names.exec(line[0])) {
      if (!this.#offsets.has(found[0])) this.#offsets.set(found[0], line.index + found.index);
    }
  }

  /** Where a name stands; the line, or the start of a file without one, if it is not there. */
  placeOf(name: string): Position {
    return this.#locator.at(this.#offsets.get(name) ?? this.#start);
  }
}
