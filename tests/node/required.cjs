// Loads every entry point from CommonJS, which Node.js lets a program do since 20.19; before, it says that it does not.

const assert = require("node:assert/strict");

const names = {
  "": "MigrationRunner",
  "/cli": "runCli",
  "/core": "Migration",
  "/pg": "pgDatabase",
  "/pglite": "pgliteDatabase",
  "/postgres": "postgresDatabase",
};
for (const [path, name] of Object.entries(names)) {
  const load = () => require(`@metapg/migration${path}`);
  if (process.features.require_module || process.versions.bun) assert.equal(typeof load()[name], "function");
  else assert.throws(load, { code: "ERR_REQUIRE_ESM" });
}
