/**
 * A schema to look things up in.
 *
 * @module
 */

import { objectKey, type Schema, type SchemaKind, type SchemaObject } from "../schema.ts";
import { linesOf, readParts } from "./words.ts";

/** Kinds that a name of a relation can belong to. */
const RELATIONS: readonly SchemaKind[] = ["table", "foreign table", "view", "materialized view"];

/** Finds objects that people made by key and by what they are parts of. */
export class SchemaIndex {
  readonly #objects: ReadonlyMap<string, SchemaObject>;
  readonly #parts = new Map<string, SchemaObject[]>();
  readonly #partitions = new Map<string, SchemaObject[]>();

  /** @param schema The schema. */
  constructor(schema: Schema) {
    const made = schema.objects.filter(({ origin }) => origin === undefined);
    this.#objects = new Map(made.map((object) => [objectKey(object), object]));
    for (const object of made) {
      const isTable = object.kind === "table" || object.kind === "foreign table";
      const whole = isTable ? object.attributes["partition of"] : undefined;
      if (whole !== undefined) {
        const name = readParts(whole).join("\0");
        this.#partitions.set(name, [...this.#partitions.get(name) ?? [], object]);
      }
      if (object.parent === undefined) continue;
      const parts = this.#parts.get(object.parent) ?? [];
      parts.push(object);
      this.#parts.set(object.parent, parts);
    }
  }

  /** Finds an object. */
  get(key: string): SchemaObject | undefined {
    return this.#objects.get(key);
  }

  /** Finds the parts of an object. */
  partsOf(key: string, kind: SchemaKind): readonly SchemaObject[] {
    return (this.#parts.get(key) ?? []).filter((part) => part.kind === kind);
  }

  /** Finds the columns of a relation or composite type, in order. */
  columnsOf(relation: SchemaObject): readonly SchemaObject[] {
    const columns = new Map(
      this.partsOf(objectKey(relation), "column").map((column) => [column.name.at(-1)!, column]),
    );
    return linesOf(relation.attributes["column order"]).flatMap((line) => columns.get(readParts(line)[0]!) ?? []);
  }

  /** Finds a relation by a name that stands in an attribute. */
  relation(text: string): SchemaObject | undefined {
    const name = readParts(text);
    for (const kind of RELATIONS) {
      const found = this.get(objectKey({ kind, name }));
      if (found !== undefined) return found;
    }
  }

  /** Finds the partitions of a partitioned table. */
  partitionsOf(table: SchemaObject): readonly SchemaObject[] {
    return this.#partitions.get(table.name.join("\0")) ?? [];
  }
}
