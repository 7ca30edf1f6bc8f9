/**
 * Privileges as the statements that give them, beginning at what every new object has.
 *
 * @module
 */

import { quoteRole } from "./quote_role.ts";

/** One privilege as `aclexplode()` tells it: who has it (`null` is everybody), which one, whether it may be passed on. */
export type Privilege = readonly [grantee: string | null, name: string, grantable: boolean];

/** What can be given on the objects of a class, and what everybody has from the start. */
interface PrivilegeClass {
  readonly all: readonly string[];
  readonly everybody: readonly string[];
}

const RELATION: PrivilegeClass = {
  all: ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER", "MAINTAIN"],
  everybody: [],
};
const ROUTINE: PrivilegeClass = { all: ["EXECUTE"], everybody: ["EXECUTE"] };
const TYPE: PrivilegeClass = { all: ["USAGE"], everybody: ["USAGE"] };
const SEQUENCE: PrivilegeClass = { all: ["SELECT", "USAGE", "UPDATE"], everybody: [] };
const SCHEMA: PrivilegeClass = { all: ["USAGE", "CREATE"], everybody: [] };

const CLASSES: Readonly<Record<string, PrivilegeClass>> = {
  "table": RELATION,
  "view": RELATION,
  "materialized view": RELATION,
  "foreign table": RELATION,
  "column": { all: ["SELECT", "INSERT", "UPDATE", "REFERENCES"], everybody: [] },
  "sequence": SEQUENCE,
  "function": ROUTINE,
  "procedure": ROUTINE,
  "aggregate": ROUTINE,
  "type": TYPE,
  "composite type": TYPE,
  "domain": TYPE,
  "enum": TYPE,
  "range": TYPE,
  "language": TYPE,
  "schema": SCHEMA,
  "foreign-data wrapper": { all: ["USAGE"], everybody: [] },
  "server": { all: ["USAGE"], everybody: [] },
  "database": { all: ["CREATE", "CONNECT", "TEMPORARY"], everybody: ["CONNECT", "TEMPORARY"] },
  "tablespace": { all: ["CREATE"], everybody: [] },
  "parameter": { all: ["SET", "ALTER SYSTEM"], everybody: [] },
  "TABLES": RELATION,
  "SEQUENCES": SEQUENCE,
  "FUNCTIONS": ROUTINE,
  "TYPES": TYPE,
  "SCHEMAS": SCHEMA,
  "LARGE OBJECTS": { all: ["SELECT", "UPDATE"], everybody: [] },
};

/** Where privileges begin. */
export interface PrivilegeStart {
  /** Kind of the object, or class of default privileges. */
  readonly kind: string;
  /** Its owner; nobody has any privilege from the start without one. */
  readonly owner: string | undefined;
  /** The server's version. */
  readonly server: number;
  /** What there was from the start, where that is not what every new object of its kind has. */
  readonly first?: readonly Privilege[];
}

/** How far somebody has a privilege; an owner may always pass it on. */
type Hold = "none" | "held" | "grantable";

/**
 * Writes privileges as lines, each a `GRANT` or a `REVOKE` without its `ON`.
 *
 * @param privileges All that there are.
 * @param start What there was at first.
 * @returns The lines, sorted; none if nothing was given or taken.
 */
export function privilegeLines(privileges: readonly Privilege[], start: PrivilegeStart): readonly string[] {
  const kind = CLASSES[start.kind] ?? { all: [], everybody: [] };
  const all = kind.all.filter((name) => name !== "MAINTAIN" || start.server >= 170000);
  const first = start.first ?? firstOf(start.owner, all, kind.everybody);
  const grantees = new Set([...privileges, ...first].map(([grantee]) => grantee));
  const lines = [...grantees].flatMap((grantee) => {
    const hold = (list: readonly Privilege[], name: string): Hold => {
      const found = list.filter(([other, one]) => other === grantee && one === name);
      if (found.length === 0) return "none";
      return grantee !== start.owner && found.some(([, , grantable]) => grantable) ? "grantable" : "held";
    };
    const role = grantee === null ? "PUBLIC" : quoteRole(grantee);
    const line = (before: string, after: string, isMeant: (was: Hold, is: Hold) => boolean) => {
      const names = all.filter((name) => isMeant(hold(first, name), hold(privileges, name)));
      return names.length === 0 ? [] : [`${before} ${spell(names, all)} ${after}`];
    };
    return [
      ...line("GRANT", `TO ${role}`, (was, is) => was === "none" && is === "held"),
      ...line("GRANT", `TO ${role} WITH GRANT OPTION`, (was, is) => was !== "grantable" && is === "grantable"),
      ...line("REVOKE GRANT OPTION FOR", `FROM ${role}`, (was, is) => was === "grantable" && is === "held"),
      ...line("REVOKE", `FROM ${role}`, (was, is) => was !== "none" && is === "none"),
    ];
  });
  return lines.toSorted();
}

/** What every new object has. */
function firstOf(
  owner: string | undefined,
  all: readonly string[],
  everybody: readonly string[],
): readonly Privilege[] {
  if (owner === undefined) return [];
  return [
    ...all.map((name): Privilege => [owner, name, false]),
    ...everybody.map((name): Privilege => [null, name, false]),
  ];
}

/** All that a server knows is `ALL`, whose meaning grew with the versions. */
function spell(names: readonly string[], all: readonly string[]): string {
  return names.length === all.length && all.length > 1 ? "ALL" : names.join(", ");
}
