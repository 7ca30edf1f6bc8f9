import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { checkDatabaseName, checkMigrationName, fileNameHint, parseFileName, variableOf } from "../../src/core/name.ts";

Deno.test("checkDatabaseName() takes lower-case letters, digits, _ and - behind a letter", () => {
  for (const name of ["a", "main", "read-model", "db_2"]) assert(checkDatabaseName(name), name);
  for (const name of ["", "2db", "-a", "_a", "Main", "a b", "a.b", "é", "a\n"]) assert(!checkDatabaseName(name), name);
});

Deno.test("parseFileName() reads version, name and description", () => {
  assertEquals(parseFileName("002_add_users.sql"), { name: "002_add_users", version: 2, description: "add users" });
  assertEquals(parseFileName("20250131120000_x2.sql"), {
    name: "20250131120000_x2",
    version: 20250131120000,
    description: "x2",
  });
});

Deno.test("parseFileName() keeps the largest version exact", () => {
  assertEquals(parseFileName("999999999999999_z.sql")?.version, 999_999_999_999_999);
  assert(Number.isSafeInteger(parseFileName("999999999999999_z.sql")?.version));
});

/** What is no migration file, and what its hint must say. */
const WRONG: readonly (readonly [fileName: string, hint: string])[] = [
  ["001_add users.sql", '"001_add_users.sql"'],
  ["001_Add.sql", '"001_add.sql"'],
  ["001_add.SQL", '"001_add.sql"'],
  ["V1__init.sql", '"001_init.sql"'],
  ["V20250131120000__Add_users.sql", '"20250131120000_add_users.sql"'],
  ["U1__init.sql", '"-- ROLLBACK" of the file that it undoes'],
  ["000001_add_users.up.sql", '"000001_add_users.sql"; what undoes it goes behind a line "-- ROLLBACK" in it'],
  ["000001_add_users.down.sql", '"-- ROLLBACK" of the file that it undoes'],
  ["add_users.sql", '"001_add_users.sql"'],
  ["_.sql", "3 to 15 digits"],
  [".sql", '"001_description.sql"'],
  ["1_add.sql", '"001_add.sql"'],
  ["2typo.sql", '"002_typo.sql"'],
  ["Add Users.sql", '"001_add_users.sql"'],
  ["12", "End the name with .sql"],
  ["1234567890123456_add.sql", "at most 15 digits"],
  ["001.sql", '"001_add_users.sql"'],
  ["001add.sql", '"001_add.sql"'],
  ["001-add-users.sql", '"001_add_users.sql"'],
  ["001_add-users.sql", '"001_add_users.sql"'],
  ["001_add.up.sql", '"001_add.sql"'],
  ["001_add.one.sql", '"."'],
  ["001_add..sql", '"."'],
  ["001_add_.sql", "single"],
  ["001__add.sql", "single"],
  ["001_é.sql", "lower-case letters"],
  ["001_größe.sql", '"001_grosse.sql"'],
  ["001_add.txt", ".sql"],
  ["001_add.sql\n", ".sql"],
];

for (const [fileName, hint] of WRONG) {
  Deno.test(`fileNameHint() explains ${JSON.stringify(fileName)}`, () => {
    assertEquals(parseFileName(fileName), undefined);
    assertStringIncludes(fileNameHint(fileName), hint);
    const [, named] = /"([^"]+\.sql)"/.exec(fileNameHint(fileName)) ?? [];
    if (named !== undefined) assert(parseFileName(named) !== undefined, named);
  });
}

Deno.test("checkMigrationName() takes the name of a file without .sql", () => {
  assert(checkMigrationName("001_roles"));
  for (const name of ["", "001", "001_", "01_roles", "001_Roles", "001_roles.sql", "001_roles\n"]) {
    assert(!checkMigrationName(name), name);
  }
});

Deno.test("variableOf() names the variable that holds the URL of a database", () => {
  assertEquals(variableOf("default"), "DATABASE_URL");
  assertEquals(variableOf("main"), "DATABASE_URL_MAIN");
  assertEquals(variableOf("read-model_2"), "DATABASE_URL_READ_MODEL_2");
});
