/**
 * What is known of the database at a statement: what the statements before it made.
 *
 * @module
 */

import type { CheckFacts, ColumnFacts, IndexFacts, TableFacts } from "./catalog_facts.ts";
import { DEFAULT_SCHEMA, objectName, qualify } from "./names.ts";
import {
  type Alteration,
  alterations,
  checkedColumns,
  type Column,
  columnConstraint,
  columnConstraints,
  type Constraint,
  keyColumns,
  notNullColumn,
} from "./table_parts.ts";
import { all, as, type Node, type NodeOf, type RangeVar, strings, typeFacts } from "./tree.ts";

/** Constraints of a domain that a value has to be looked at for. */
const LIMITS: ReadonlySet<string> = new Set(["CONSTR_CHECK", "CONSTR_NOTNULL"]);

/** What statements made so far. */
export class Catalog {
  #tables = new Map<string, TableFacts>();
  /** Those of the tables that may be changed: a copy shares the others. */
  #own = new Set<TableFacts>();
  #indexes = new Map<string, IndexFacts>();
  /** Names that indexes of a table have or had. */
  #indexNames = new Map<string, ReadonlySet<string>>();
  #relations = new Map<string, string>();
  #stableRoutines = new Set<string>();
  #constrainedDomains = new Set<string>();
  #schema = DEFAULT_SCHEMA;
  #by = "";

  /** Makes a catalog that says the same, and goes its own way from here, as long as this one stays as it is. */
  copy(): Catalog {
    const copy = new Catalog();
    copy.#tables = new Map(this.#tables);
    copy.#indexes = new Map(this.#indexes);
    copy.#indexNames = new Map(this.#indexNames);
    copy.#relations = new Map(this.#relations);
    copy.#stableRoutines = new Set(this.#stableRoutines);
    copy.#constrainedDomains = new Set(this.#constrainedDomains);
    copy.#schema = this.#schema;
    return copy;
  }

  /**
   * Goes on with a file.
   *
   * @param migration Its name.
   */
  begin(migration: string): void {
    this.#by = migration;
    this.#schema = DEFAULT_SCHEMA;
  }

  /** The schema of what is named without one. */
  get schema(): string {
    return this.#schema;
  }

  /**
   * Makes a name that can be compared.
   *
   * @param relation A relation.
   * @returns `schema.name`.
   */
  keyOf(relation: RangeVar | undefined): string {
    const { schemaname, relname = "" } = relation ?? {};
    return qualify(schemaname === undefined ? [relname] : [schemaname, relname], this.#schema);
  }

  /** The migration that makes a relation; `undefined` if none does. */
  creatorOf(relation: RangeVar | undefined): string | undefined {
    return this.#relations.get(this.keyOf(relation));
  }

  /** What is known of a table. */
  table(relation: RangeVar | undefined): TableFacts | undefined {
    return this.#tables.get(this.keyOf(relation));
  }

  /** What is known of an index, by its parts of name. */
  index(parts: readonly string[]): IndexFacts | undefined {
    return this.#indexes.get(qualify(parts, this.#schema));
  }

  /** Whether an index is known to be that of a partitioned table, by its parts of name. */
  isOnPartitioned(parts: readonly string[]): boolean {
    return this.#tables.get(this.index(parts)?.table ?? "")?.partitioned === true;
  }

  /** Whether a function of that name is known to be stable or immutable. */
  isStable(parts: readonly string[]): boolean {
    return this.#stableRoutines.has(qualify(parts, this.#schema));
  }

  /** Whether a type is a domain with a constraint. */
  isConstrainedDomain(parts: readonly string[]): boolean {
    return this.#constrainedDomains.has(qualify(parts, this.#schema));
  }

  /** Whether an index, that of a constraint included, begins with these columns in any order. */
  hasIndexOn(table: string, columns: readonly string[]): boolean {
    return [...this.#indexNames.get(table) ?? []].some((name) => {
      const index = this.#indexes.get(name);
      const leading = index?.columns.slice(0, columns.length) ?? [];
      return index?.table === table && index.whole && columns.every((column) => leading.includes(column));
    });
  }

  /**
   * Takes in what a statement does.
   *
   * @param node The statement.
   */
  apply(node: Node): void {
    this.#applyCreate(node);
    for (const alteration of alterations(node)) this.#applyAlteration(alteration);
    const rename = as(node, "RenameStmt");
    if (rename !== undefined) this.#applyRename(rename);
    const drop = as(node, "DropStmt");
    for (const object of drop?.objects ?? []) {
      const key = qualify(objectName(object), this.#schema);
      for (const facts of [this.#tables, this.#indexes, this.#relations]) facts.delete(key);
    }
    const set = as(node, "VariableSetStmt");
    if (set?.name === "search_path") this.#schema = as(set.args?.[0], "A_Const")?.sval?.sval ?? DEFAULT_SCHEMA;
  }

  #applyCreate(node: Node): void {
    const made = as(node, "CreateSchemaStmt");
    for (const element of made?.schemaElts ?? []) this.#inSchema(made?.schemaname, () => this.#applyCreate(element));
    const table = as(node, "CreateStmt");
    if (table !== undefined) this.#applyTable(table);
    const other = as(node, "CreateTableAsStmt")?.into?.rel ?? as(node, "SelectStmt")?.intoClause?.rel ??
      as(node, "ViewStmt")?.view ??
      as(node, "CreateSeqStmt")?.sequence ?? as(node, "CreateForeignTableStmt")?.base?.relation;
    if (other !== undefined && !this.#relations.has(this.keyOf(other))) {
      this.#relations.set(this.keyOf(other), this.#by);
    }
    const index = as(node, "IndexStmt");
    if (index !== undefined) this.#applyIndex(index);
    const domain = as(node, "CreateDomainStmt");
    const changed = as(node, "AlterDomainStmt");
    const limits = all(domain?.constraints, "Constraint").some(({ contype }) => LIMITS.has(contype ?? ""));
    const name = limits ? domain?.domainname : changed?.subtype === "C" ? changed.typeName : undefined;
    if (name !== undefined) this.#constrainedDomains.add(qualify(strings(name), this.#schema));
    const routine = as(node, "CreateFunctionStmt");
    const volatility = all(routine?.options, "DefElem").find(({ defname }) => defname === "volatility")?.arg;
    const isStable = ["stable", "immutable"].includes(as(volatility, "String")?.sval ?? "");
    if (isStable) this.#stableRoutines.add(qualify(strings(routine?.funcname), this.#schema));
  }

  /** What `CREATE SCHEMA` makes at once is in that schema. */
  #inSchema(name: string | undefined, work: () => void): void {
    const before = this.#schema;
    this.#schema = name ?? before;
    work();
    this.#schema = before;
  }

  #applyTable({ relation, tableElts, partspec }: NodeOf<"CreateStmt">): void {
    const key = this.keyOf(relation);
    this.#relations.set(key, this.#by);
    const facts = { by: this.#by, columns: new Map(), checks: new Map(), partitioned: partspec !== undefined };
    this.#keep(key, facts);
    for (const column of all(tableElts, "ColumnDef")) this.#addColumn(key, facts, column);
    for (const constraint of all(tableElts, "Constraint")) this.#addConstraint(key, facts, constraint);
  }

  #applyIndex({ idxname, relation, indexParams, whereClause }: NodeOf<"IndexStmt">): void {
    const columns = all(indexParams, "IndexElem").map(({ name }) => name ?? "");
    this.#addIndex(idxname, "idx", {
      by: this.#by,
      table: this.keyOf(relation),
      columns,
      whole: whereClause === undefined,
    });
  }

  /** An index is in the schema of its table; one without a name gets it from PostgreSQL. */
  #addIndex(name: string | undefined, ending: "idx" | "key" | "pkey", index: IndexFacts): void {
    const [schema = this.#schema, table = ""] = index.table.split(".");
    const columns = ending === "pkey" ? [] : index.columns.map((column) => column || "expr");
    const chosen = [table, ...columns, ending].join("_");
    let key = `${schema}.${name ?? chosen}`;
    for (let more = 1; name === undefined && this.#indexes.has(key); more++) key = `${schema}.${chosen}${more}`;
    this.#keepIndex(key, index);
  }

  #keepIndex(key: string, index: IndexFacts): void {
    this.#indexes.set(key, index);
    this.#indexNames.set(index.table, new Set([...this.#indexNames.get(index.table) ?? [], key]));
  }

  /** Indexes keep their names when their table gets another one. */
  #moveIndexes(from: string, to: string): void {
    for (const name of this.#indexNames.get(from) ?? []) {
      const index = this.#indexes.get(name);
      if (index?.table === from) this.#keepIndex(name, { ...index, table: to });
    }
    this.#indexNames.delete(from);
  }

  #applyAlteration({ table, command: { subtype, name = "", def } }: Alteration): void {
    const key = this.keyOf(table);
    const facts = this.#known(key);
    const column = facts.columns.get(name);
    const constraint = as(def, "Constraint");
    const definition = as(def, "ColumnDef");
    if (subtype === "AT_AddColumn" && definition !== undefined) this.#addColumn(key, facts, definition);
    else if (subtype === "AT_AddConstraint" && constraint !== undefined) this.#addConstraint(key, facts, constraint);
    else if (subtype === "AT_DropColumn") facts.columns.delete(name);
    else if (subtype === "AT_SetNotNull") facts.columns.set(name, { type: column?.type, notNull: true });
    else if (subtype === "AT_DropNotNull" && column !== undefined) column.notNull = false;
    else if (subtype === "AT_AlterColumnType") {
      facts.columns.set(name, { type: typeFacts(definition?.typeName), notNull: column?.notNull ?? false });
    } else if (subtype === "AT_ValidateConstraint") {
      const check = facts.checks.get(name);
      if (check !== undefined) check.valid = true;
    } else if (subtype === "AT_DropConstraint") {
      facts.checks.delete(name);
      this.#indexes.delete(qualify([name], key.split(".")[0] ?? this.#schema));
    }
  }

  /** A table that no file makes is known by what files do to it. */
  #known(key: string): TableFacts {
    const known = this.#tables.get(key);
    if (known !== undefined && this.#own.has(known)) return known;
    const nothing: TableFacts = { by: undefined, columns: new Map(), checks: new Map(), partitioned: false };
    return this.#keep(key, known === undefined ? nothing : structuredClone(known));
  }

  #keep(key: string, facts: TableFacts): TableFacts {
    this.#tables.set(key, facts);
    this.#own.add(facts);
    return facts;
  }

  #addColumn(key: string, facts: TableFacts, column: Column): void {
    const notNull = columnConstraint(column, "CONSTR_NOTNULL") !== undefined ||
      columnConstraint(column, "CONSTR_PRIMARY") !== undefined;
    const added: ColumnFacts = { type: typeFacts(column.typeName), notNull };
    facts.columns.set(column.colname ?? "", added);
    for (const constraint of columnConstraints(column)) this.#addConstraint(key, facts, constraint, column);
  }

  #addConstraint(key: string, facts: TableFacts, constraint: Constraint, column?: Column): void {
    const columns = keyColumns(constraint, column);
    switch (constraint.contype) {
      case "CONSTR_PRIMARY":
      case "CONSTR_UNIQUE":
        if (constraint.contype === "CONSTR_PRIMARY") this.#setNotNull(facts, columns);
        if (constraint.indexname !== undefined) return;
        return this.#addIndex(constraint.conname, constraint.contype === "CONSTR_PRIMARY" ? "pkey" : "key", {
          by: this.#by,
          table: key,
          columns,
          whole: true,
        });
      case "CONSTR_NOTNULL":
      case "CONSTR_CHECK": {
        const check: CheckFacts = {
          valid: constraint.skip_validation !== true && constraint.is_enforced !== false,
          notNull: notNullColumn(constraint),
          columns: checkedColumns(constraint),
        };
        const [only = "", ...more] = check.columns;
        const table = key.split(".")[1] ?? "";
        const name = more.length > 0 || only === "" ? `${table}_check` : `${table}_${only}_check`;
        facts.checks.set(constraint.conname ?? name, check);
      }
    }
  }

  #setNotNull(facts: TableFacts, columns: readonly string[]): void {
    for (const name of columns) {
      const column = facts.columns.get(name);
      if (column !== undefined) column.notNull = true;
    }
  }

  #applyRename({ renameType, relation, subname, newname = "" }: NodeOf<"RenameStmt">): void {
    const key = this.keyOf(relation);
    const facts = this.#tables.get(key);
    if (renameType === "OBJECT_COLUMN") {
      const column = facts?.columns.get(subname ?? "");
      if (column !== undefined) this.#known(key).columns.set(newname, column);
    } else if (renameType === "OBJECT_TABLE") {
      const target = this.keyOf({ ...relation, relname: newname });
      if (facts !== undefined) this.#tables.set(target, facts);
      this.#relations.set(target, this.#relations.get(key) ?? "");
      this.#tables.delete(key);
      this.#relations.delete(key);
      this.#moveIndexes(key, target);
    } else if (renameType === "OBJECT_INDEX") {
      const index = this.#indexes.get(key);
      if (index === undefined) return;
      this.#indexes.delete(key);
      this.#keepIndex(this.keyOf({ ...relation, relname: newname }), index);
    }
  }
}
