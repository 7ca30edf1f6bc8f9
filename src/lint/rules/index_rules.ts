/**
 * Rules about indexes.
 *
 * @module
 */

import { fixConcurrently } from "../fix_concurrently.ts";
import { objectName, relationNamed, shown } from "../names.ts";
import type { Rule } from "../rule.ts";
import { all, as } from "../tree.ts";

const OWN_FILE = 'Make it CONCURRENTLY, in a file of its own with "-- Transaction: none"';

const ON_ONLY = "Make it ON ONLY the parent, then CONCURRENTLY on each partition, and attach those to it";

const indexNotConcurrent: Rule = {
  id: "index-not-concurrent",
  level: "error",
  summary: "an index that is built while nobody can write",
  sections: "both",
  *statement(statement, file) {
    const index = as(statement.node, "IndexStmt");
    if (index === undefined || index.concurrent === true || !file.isInUse(index.relation)) return;
    // ON ONLY a partitioned table builds nothing yet.
    if (index.relation?.inh !== true) return;
    yield {
      message: `Building this index blocks all writes to "${shown(index.relation)}" until it is done`,
      hint: file.catalog.table(index.relation)?.partitioned === true ? ON_ONLY : OWN_FILE,
      ...fixConcurrently(file),
    };
  },
};

const DROP_APART = 'Drop it CONCURRENTLY, in a file of its own with "-- Transaction: none"';
const DROP_PARTITIONED =
  "That of a partitioned table cannot be dropped CONCURRENTLY: do it at a quiet time, in a file with a transaction, " +
  "whose lock_timeout keeps the wait short";

const dropIndexNotConcurrent: Rule = {
  id: "drop-index-not-concurrent",
  level: "warning",
  summary: "an index that is dropped while nobody can read or write",
  sections: "both",
  *statement({ node }, file) {
    const drop = as(node, "DropStmt");
    if (drop?.removeType !== "OBJECT_INDEX" || drop.concurrent === true) return;
    for (const object of drop.objects ?? []) {
      const parts = objectName(object);
      const index = file.catalog.index(parts);
      if (index !== undefined && (file.isNew(index.by) || !file.isInUse(relationNamed(index.table.split("."))))) {
        continue;
      }
      yield {
        message: `Dropping "${
          parts.join(".")
        }" waits for all that use its table, and blocks reads and writes meanwhile`,
        hint: file.catalog.isOnPartitioned(parts) ? DROP_PARTITIONED : DROP_APART,
        ...fixConcurrently(file),
      };
    }
  },
};

const reindexNotConcurrent: Rule = {
  id: "reindex-not-concurrent",
  level: "error",
  summary: "an index that is rebuilt while nobody can write",
  sections: "both",
  *statement({ node }, file) {
    const reindex = as(node, "ReindexStmt");
    if (reindex === undefined || all(reindex.params, "DefElem").some(({ defname }) => defname === "concurrently")) {
      return;
    }
    if (reindex.kind === "REINDEX_OBJECT_TABLE" && !file.isInUse(reindex.relation)) return;
    yield {
      message: `Rebuilding "${
        shown(reindex.relation) || reindex.name
      }" blocks writes to the table, and reads of the index`,
      hint: 'Use REINDEX … CONCURRENTLY, in a file of its own with "-- Transaction: none"',
    };
  },
};

const wideIndex: Rule = {
  id: "wide-index",
  level: "note",
  summary: "an index of more than three columns",
  *statement({ node }) {
    const index = as(node, "IndexStmt");
    const count = index?.indexParams?.length ?? 0;
    if (index === undefined || index.unique === true || count <= 3 || index.accessMethod !== "btree") return;
    yield {
      message: `The index has ${count} columns: those behind the third seldom narrow down a search`,
      hint: "Keep the columns that narrow it down most; INCLUDE those that are only read",
    };
  },
};

const concurrentIndexBug: Rule = {
  id: "concurrent-index-corruption",
  level: "error",
  summary: "an index built CONCURRENTLY on 14.0 to 14.3, which may miss rows",
  sections: "both",
  *statement({ node }, { server }) {
    const reindex = all(as(node, "ReindexStmt")?.params, "DefElem").some(({ defname }) => defname === "concurrently");
    if (as(node, "IndexStmt")?.concurrent !== true && !reindex) return;
    if (server?.major !== 14 || server.minor === undefined || server.minor > 3) return;
    yield {
      message: `PostgreSQL 14.${server.minor} may leave rows out of an index that is built CONCURRENTLY`,
      hint: "Upgrade to 14.4 or newer first",
    };
  },
};

const concurrentlyRefused: Rule = {
  id: "concurrently-refused",
  level: "error",
  summary: "an index made or dropped CONCURRENTLY where PostgreSQL refuses it",
  sections: "both",
  *statement({ node }, { catalog }) {
    const index = as(node, "IndexStmt");
    if (index?.concurrent === true && catalog.table(index.relation)?.partitioned === true) {
      yield {
        message: `"${shown(index.relation)}" is partitioned: PostgreSQL makes no index on it CONCURRENTLY`,
        hint: ON_ONLY,
      };
    }
    const drop = as(node, "DropStmt");
    if (drop?.concurrent !== true) return;
    const names = (drop.objects ?? []).map(objectName);
    for (const parts of names.filter((name) => catalog.isOnPartitioned(name))) {
      yield {
        message: `"${parts.join(".")}" is of a partitioned table: PostgreSQL does not drop it CONCURRENTLY`,
        hint: DROP_PARTITIONED,
      };
    }
    if (names.length > 1) {
      yield {
        message: "PostgreSQL drops one index at a time CONCURRENTLY",
        hint: "Write a statement for each of them",
      };
    }
    if (drop.behavior === "DROP_CASCADE") {
      yield {
        message: "PostgreSQL refuses CASCADE with CONCURRENTLY",
        hint: "Drop what depends on it by name, before it, and leave CASCADE out",
      };
    }
  },
};

/** Rules about indexes. */
export const INDEX_RULES: readonly Rule[] = [
  indexNotConcurrent,
  dropIndexNotConcurrent,
  reindexNotConcurrent,
  concurrentIndexBug,
  concurrentlyRefused,
  wideIndex,
];
