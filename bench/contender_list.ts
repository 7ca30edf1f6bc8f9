/**
 * All contenders, in the order of the tables.
 *
 * @module
 */

import type { Contender } from "./contender.ts";
import { dbmate } from "./contenders/dbmate.ts";
import { metapg } from "./contenders/metapg.ts";
import { psql, psqlOneMessage } from "./contenders/psql.ts";
import { scripts } from "./contenders/scripts.ts";

/** Name of the contender that all others are compared with. */
export const FLOOR: string = psql.name;

/** Them. */
export const CONTENDERS: readonly Contender[] = [psql, psqlOneMessage, ...scripts, ...metapg, dbmate];
