/**
 * All rules.
 *
 * @module
 */

import type { Rule } from "./rule.ts";
import { BEHAVIOR_RULES } from "./rules/behavior_rules.ts";
import { COLUMN_RULES } from "./rules/column_rules.ts";
import { CONSTRAINT_RULES } from "./rules/constraint_rules.ts";
import { DATA_RULES } from "./rules/data_rules.ts";
import { DEPENDENCY_RULES } from "./rules/dependency_rules.ts";
import { DROP_RULES } from "./rules/drop_rules.ts";
import { ENUM_RULES } from "./rules/enum_rules.ts";
import { INDEX_RULES } from "./rules/index_rules.ts";
import { KEY_RULES } from "./rules/key_rules.ts";
import { LOCK_RULES } from "./rules/lock_rules.ts";
import { NOT_NULL_RULES } from "./rules/not_null_rules.ts";
import { PARTITION_RULES } from "./rules/partition_rules.ts";
import { RENAME_RULES } from "./rules/rename_rules.ts";
import { REWRITE_RULES } from "./rules/rewrite_rules.ts";
import { ROLLBACK_RULES } from "./rules/rollback_rules.ts";
import { STYLE_RULES } from "./rules/style_rules.ts";
import { SYNTAX_RULES } from "./rules/syntax_rules.ts";
import { TIMEOUT_RULES } from "./rules/timeout_rules.ts";
import { TYPE_RULES } from "./rules/type_rules.ts";

/** A comment that excuses without saying what or why. */
export const INVALID_IGNORE: Rule = {
  id: "invalid-ignore",
  level: "error",
  summary: "a comment that excuses without a rule or a reason",
};

/** A comment that excuses what is not there. */
export const UNUSED_IGNORE: Rule = {
  id: "unused-ignore",
  level: "warning",
  summary: "a comment that excuses nothing",
};

/** All rules, by what they are about. */
export const RULES: readonly Rule[] = [
  ...SYNTAX_RULES,
  ...INDEX_RULES,
  ...CONSTRAINT_RULES,
  ...KEY_RULES,
  ...NOT_NULL_RULES,
  ...COLUMN_RULES,
  ...TYPE_RULES,
  ...REWRITE_RULES,
  ...PARTITION_RULES,
  ...LOCK_RULES,
  ...TIMEOUT_RULES,
  ...RENAME_RULES,
  ...DROP_RULES,
  ...DATA_RULES,
  ...ENUM_RULES,
  ...BEHAVIOR_RULES,
  ...ROLLBACK_RULES,
  ...DEPENDENCY_RULES,
  ...STYLE_RULES,
  INVALID_IGNORE,
  UNUSED_IGNORE,
];
