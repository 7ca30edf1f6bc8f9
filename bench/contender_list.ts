/**
 * All contenders, in the order of the tables.
 *
 * @module
 */

import type { Contender } from "./contender.ts";
import { dbmate } from "./contenders/dbmate.ts";
import { graphileMigrate } from "./contenders/graphile_migrate.ts";
import { knex } from "./contenders/knex.ts";
import { libraries } from "./contenders/libraries.ts";
import { metapg } from "./contenders/metapg.ts";
import { nodePgMigrate } from "./contenders/node_pg_migrate.ts";
import { psql, psqlOneMessage } from "./contenders/psql.ts";
import { scripts } from "./contenders/scripts.ts";
import { sqitch } from "./contenders/sqitch.ts";
import { sqlMigrate } from "./contenders/sql_migrate.ts";

/** Name of the contender that all others are compared with. */
export const FLOOR: string = psql.name;

/** Them. */
export const CONTENDERS: readonly Contender[] = [
  psql,
  psqlOneMessage,
  ...scripts,
  ...metapg,
  dbmate,
  sqlMigrate,
  nodePgMigrate,
  graphileMigrate,
  knex,
  ...libraries,
  sqitch,
];
