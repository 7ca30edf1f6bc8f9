/**
 * All commands, in the order in which help lists them.
 *
 * @module
 */

import type { CommandDefinition } from "./command.ts";
import { baseline } from "./commands/baseline.ts";
import { check } from "./commands/check.ts";
import { ci } from "./commands/ci.ts";
import { completions } from "./commands/completions.ts";
import { down } from "./commands/down.ts";
import { drift } from "./commands/drift.ts";
import { dump } from "./commands/dump.ts";
import { graph } from "./commands/graph.ts";
import { history } from "./commands/history.ts";
import { lint } from "./commands/lint.ts";
import { lock } from "./commands/lock.ts";
import { newMigration } from "./commands/new.ts";
import { plan } from "./commands/plan.ts";
import { redo } from "./commands/redo.ts";
import { rehearse } from "./commands/rehearse.ts";
import { repair } from "./commands/repair.ts";
import { show } from "./commands/show.ts";
import { status } from "./commands/status.ts";
import { sync } from "./commands/sync.ts";
import { trace } from "./commands/trace.ts";
import { up } from "./commands/up.ts";
import { validate } from "./commands/validate.ts";
import { wait } from "./commands/wait.ts";

/** All commands. */
export const COMMANDS: readonly CommandDefinition[] = [
  up,
  down,
  redo,
  sync,
  status,
  plan,
  trace,
  newMigration,
  validate,
  check,
  history,
  show,
  baseline,
  repair,
  lint,
  rehearse,
  drift,
  dump,
  ci,
  graph,
  wait,
  lock,
  completions,
];
