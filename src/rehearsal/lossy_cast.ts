/**
 * Which types do not hold all that is in another one.
 *
 * @module
 */

/** Types that hold every value of a type, beside itself and text. */
const WIDER: Readonly<Record<string, readonly string[]>> = {
  smallint: ["integer", "bigint", "numeric", "real", "double precision"],
  integer: ["bigint", "numeric", "double precision"],
  bigint: ["numeric"],
  real: ["double precision"],
  date: ["timestamp without time zone", "timestamp with time zone"],
  "timestamp without time zone": ["timestamp with time zone"],
  "time without time zone": ["time with time zone", "interval"],
  cidr: ["inet"],
  json: ["jsonb"],
  jsonb: ["json"],
};

/** Digits of the longest number. */
const DIGITS: Readonly<Record<string, number>> = { smallint: 5, integer: 10, bigint: 19 };

const TEXTS: ReadonlySet<string> = new Set(["text", "character varying", "character", "bpchar", "name"]);

interface Type {
  readonly name: string;
  /** Characters, digits in all, or digits of a second: endless where nothing is said. */
  readonly size: number;
  /** Digits behind the point. */
  readonly scale: number;
  readonly array: string;
}

/**
 * Tells whether a column may lose something when it gets another type and no expression says how. What people made, as an
 * enumeration or a domain, may only have got another name.
 *
 * @param was The type that it had, as `format_type()` writes it under an empty search path.
 * @param is The type that it has.
 * @returns Whether a value may be rounded, cut or refused.
 */
export function mayLose(was: string, is: string): boolean {
  const [from, to] = [parse(was), parse(is)];
  if (from === undefined || to === undefined) return false;
  if (/^(?:text|character varying)$/.test(is)) return false;
  if (from.array !== to.array) return true;
  const isKept = from.name === to.name || TEXTS.has(from.name) && TEXTS.has(to.name) ||
    WIDER[from.name]?.includes(to.name) === true;
  return !isKept || (to.name === "numeric" ? !fits(from, to) : from.size > to.size);
}

function parse(type: string): Type | undefined {
  const parts = /^([a-z0-9_" ]+?)(?:\((\d+)(?:,(-?\d+))?\))?( with(?:out)? time zone)?((?:\[\])*)$/.exec(type);
  if (parts === null) return undefined;
  const [, name, size = Infinity, scale = Infinity, zone = "", array = ""] = parts;
  return { name: `${name}${zone}`, size: Number(size), scale: Number(scale), array };
}

function fits(from: Type, to: Type): boolean {
  if (to.size === Infinity) return true;
  const digits = DIGITS[from.name];
  const [whole, scale] = digits !== undefined
    ? [digits, 0]
    : from.size === Infinity
    ? [Infinity, Infinity]
    : [from.size - from.scale, from.scale];
  return to.size - to.scale >= whole && to.scale >= scale;
}
