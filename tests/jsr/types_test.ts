import { assertType, type Has, type IsExact } from "@std/testing/types";
import type {
  Migration,
  MigrationError,
  MigrationEvent,
  MigrationRecord,
  MigrationRunner,
  MigrationStatus,
} from "../../mod.ts";

/** What a method of the runner resolves to. */
type Result<K extends "getStatus" | "getAppliedMigrations" | "applyPending" | "applyMigration" | "rollbackMigration"> =
  Awaited<ReturnType<MigrationRunner[K]>>;

Deno.test("MigrationRunner gives names where it changes something, and records where it answers", () => {
  assertType<IsExact<Result<"getStatus">, MigrationStatus>>(true);
  assertType<IsExact<Result<"getAppliedMigrations">, MigrationRecord[]>>(true);
  assertType<IsExact<Result<"applyPending">, string[]>>(true);
  assertType<IsExact<Result<"applyMigration">, string[]>>(true);
  assertType<IsExact<Result<"rollbackMigration">, string[]>>(true);
});

Deno.test("MigrationRunner is disposed of asynchronously", () => {
  assertType<MigrationRunner extends AsyncDisposable ? true : false>(true);
});

Deno.test("Migration tells a rollback that does nothing from none", () => {
  assertType<IsExact<Migration["rollbackSql"], string | undefined>>(true);
  assertType<IsExact<Migration["version"], number>>(true);
});

Deno.test("MigrationError is matched by the union of its codes", () => {
  assertType<Has<MigrationError["code"], "LOCK_TIMEOUT">>(true);
  assertType<IsExact<MigrationError["code"], string>>(false);
});

Deno.test("MigrationEvent is told apart by its type", () => {
  type Finished = Extract<MigrationEvent, { type: "migration:done" }>;
  assertType<IsExact<Finished, never>>(false);
  assertType<IsExact<MigrationEvent["type"], string>>(false);
});
