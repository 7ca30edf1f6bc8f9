import { assertEquals } from "@std/assert";
import { inFolder } from "../../src/core/folder_path.ts";

Deno.test("inFolder() puts one slash between, whatever the folder ends with", () => {
  const folders = ["a", "a/", "a//", "./a/b", "/", "C:\\x\\", "C:\\", "\\\\nas\\share"];
  assertEquals(folders.map((folder) => inFolder(folder, "n.sql")), [
    "a/n.sql",
    "a/n.sql",
    "a/n.sql",
    "./a/b/n.sql",
    "/n.sql",
    "C:\\x/n.sql",
    "C:/n.sql",
    "\\\\nas\\share/n.sql",
  ]);
});
