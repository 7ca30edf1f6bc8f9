import { assertEquals } from "@std/assert";
import { Migration } from "../../src/core/migration.ts";
import { prove } from "../../src/rehearsal/prove.ts";
import type { Stage } from "../../src/rehearsal/stage.ts";
import { sharedServer } from "../support/databases.ts";
import { ROLLBACK_CASES, SETUP } from "./rollback_cases.ts";
import { withStage } from "./stage_setup.ts";

let version = 0;

async function migration(up: string, rollback: string): Promise<Migration> {
  return await Migration.parse(`${String(++version).padStart(4, "0")}_case.sql`, `${up}\n-- ROLLBACK\n${rollback}\n`);
}

/** Each case has a schema of its own, so that what a wrong rollback leaves beside it is in nobody's way. */
async function findWrong(stage: Stage, kind: "right" | "wrong"): Promise<Readonly<Record<string, string>>> {
  const found: Record<string, string> = {};
  for (const [index, one] of ROLLBACK_CASES.entries()) {
    const within = (sql: string) => sql.replaceAll("$", `${kind}${index}`);
    await stage.apply([{ migration: await migration(within(`${SETUP}\n${one.setup ?? ""}`), "") }]);
    const proof = await prove(stage, await migration(within(one.up), within(one[kind])), await stage.snapshot());
    await stage.apply([{ migration: await migration(within(`DROP SCHEMA $ CASCADE; ${one.cleanup ?? ""}`), "") }]);
    const blamed = proof.differences.map(({ kind, identity }) => `${kind} ${identity}`);
    const isBlamed = blamed.some((name) => name.startsWith(within(one.blamed)));
    found[one.name] = isBlamed ? proof.verdict : `${proof.verdict}: ${proof.error?.message ?? blamed.join(", ")}`;
  }
  return found;
}

function expected(verdict: string): Readonly<Record<string, string>> {
  return Object.fromEntries(ROLLBACK_CASES.map(({ name }) => [name, verdict]));
}

/** PGlite is PostgreSQL 18. */
const ENGINES = [["PGlite", undefined], ["PostgreSQL 14", 14]] as const;

for (const [engine, major] of ENGINES) {
  Deno.test(`prove() finds ${ROLLBACK_CASES.length} wrong rollbacks, and nothing in as many right ones, on ${engine}`, async () => {
    const url = major === undefined ? undefined : (await sharedServer(major)).url;
    await withStage(url, async (stage) => {
      assertEquals(await findWrong(stage, "right"), expected("reversible: "));
      assertEquals(await findWrong(stage, "wrong"), expected("rollback-differs"));
    });
  });
}
