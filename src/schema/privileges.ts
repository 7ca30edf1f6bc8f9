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
  /** What everybody has from the start, where that is not what the kind says. */
  readonly everybody?: readonly string[];
}

/**
 * Writes privileges as lines, each a `GRANT` or a `REVOKE` without its `ON`.
 *
 * @param privileges All that there are.
 * @param start What a new object of its kind has.
 * @returns The lines, sorted; none if nothing was given or taken.
 */
export function privilegeLines(privileges: readonly Privilege[], start: PrivilegeStart): readonly string[] {
  const kind = CLASSES[start.kind] ?? { all: [], everybody: [] };
  const all = kind.all.filter((name) => name !== "MAINTAIN" || start.server >= 170000);
  const grantees = [...new Set(privileges.map(([grantee]) => grantee)), null, start.owner ?? null];
  const lines = [...new Set(grantees)].flatMap((grantee) => {
    const theirs = privileges.filter(([other]) => other === grantee);
    const isOwner = grantee !== null && grantee === start.owner;
    const byDefault = isOwner
      ? all
      : grantee === null && start.owner !== undefined
      ? start.everybody ?? kind.everybody
      : [];
    const has = (grantable: boolean) => new Set(theirs.filter((one) => one[2] === grantable).map(([, name]) => name));
    const [plain, passable] = [has(false), has(true)];
    const given = all.filter((name) => plain.has(name) && !byDefault.includes(name));
    const passed = isOwner ? [] : all.filter((name) => passable.has(name));
    const taken = byDefault.filter((name) => !plain.has(name) && !passable.has(name));
    const role = grantee === null ? "PUBLIC" : quoteRole(grantee);
    return [
      ...(given.length === 0 ? [] : [`GRANT ${spell(given, all)} TO ${role}`]),
      ...(passed.length === 0 ? [] : [`GRANT ${spell(passed, all)} TO ${role} WITH GRANT OPTION`]),
      ...(taken.length === 0 ? [] : [`REVOKE ${spell(taken, all)} FROM ${role}`]),
    ];
  });
  return lines.toSorted();
}

/** All that a server knows is `ALL`, whose meaning grew with the versions. */
function spell(names: readonly string[], all: readonly string[]): string {
  return names.length === all.length && all.length > 1 ? "ALL" : names.join(", ");
}
