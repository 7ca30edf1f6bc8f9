import { assertEquals } from "@std/assert";

const PROGRAM = `
const print = console.log;
for (const name of ["Deno", "process", "Buffer", "navigator", "location", "fetch", "WebSocket", "global"]) {
  delete globalThis[name];
}
const core = await import(CORE);
const texts = {
  "001_a.sql": "CREATE TABLE a (id int); -- it's\\n-- ROLLBACK\\nDROP TABLE a;\\n",
  "002_b.sql": "-- Depends: 001_a\\nCREATE TABLE b (id int);\\n",
};
const migrations = await Promise.all(Object.entries(texts).map(([name, text]) => core.Migration.parse(name, text)));
const comparison = core.compare({ dbName: "main", migrations, records: [] });
const reader = core.memoryReader({ "m/001_a.sql": texts["001_a.sql"] });
print(JSON.stringify({
  hidden: typeof Deno + typeof process,
  pending: core.selectPending(comparison, {}).map((migration) => migration.name),
  checksum: migrations[0].checksum,
  files: await reader.list("m"),
  masked: core.maskSecrets("CREATE ROLE r PASSWORD 'x'"),
}));
`;

Deno.test("core runs without any runtime API but Web Crypto", async () => {
  const core = new URL("../../src/core/mod.ts", import.meta.url).href;
  const file = await Deno.makeTempFile({ suffix: ".mjs" });
  try {
    await Deno.writeTextFile(file, PROGRAM.replace("CORE", JSON.stringify(core)));
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-config", "--no-lock", "--no-npm", "--no-prompt", file],
    }).output();
    const printed = new TextDecoder().decode(stdout);
    if (printed === "") throw new Error(new TextDecoder().decode(stderr));
    assertEquals(JSON.parse(printed), {
      hidden: "undefinedundefined",
      pending: ["001_a", "002_b"],
      checksum: "8c4137f7efdb6a69b82282268385a1435da4950a28f58eb7d7fe1b2856a47bb2",
      files: ["001_a.sql"],
      masked: "CREATE ROLE r PASSWORD '***'",
    });
  } finally {
    await Deno.remove(file);
  }
});
