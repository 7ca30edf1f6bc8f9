/**
 * Databases to rehearse on that are embedded: each is an engine of its own, in memory.
 *
 * @module
 */

import type { DatabasePlatform } from "../core/platform.ts";
import { quoteIdentifier } from "../core/quote.ts";
import type { MissingExtension, ShadowSource } from "../core/shadow.ts";
import { loadExtension } from "./pglite_extensions.ts";
import { pgliteUrlDatabase } from "./pglite_url.ts";

const ON_A_SERVER = "rehearse on a server that has it with --shadow-url (library: shadowUrl)";

/**
 * Makes embedded databases.
 *
 * @param platform What the runtime gives.
 * @returns What makes them.
 */
export function pgliteShadows(platform: DatabasePlatform): ShadowSource {
  return {
    engine: "pglite",
    server: "own",
    async survey({ extensions }) {
      const found = await Promise.all(extensions.map((name) => findMissing(name, platform)));
      return { missing: found.filter((one) => one !== undefined), roles: [] };
    },
    create({ extensions }) {
      const database = pgliteUrlDatabase({ engine: "pglite" }, { platform, lockWaitMs: 0, extensions });
      return Promise.resolve({
        database,
        roles: "all",
        // What rights it has in production is not known here: it must not stand in the way.
        roleSql: (name) => `CREATE ROLE ${quoteIdentifier(name)} SUPERUSER`,
        drop: () => database.close(),
      });
    },
  };
}

async function findMissing(name: string, platform: DatabasePlatform): Promise<MissingExtension | undefined> {
  const extension = await loadExtension(name, platform);
  if (extension.type !== "missing") return undefined;
  const install = extension.package === undefined || platform.packages !== "node"
    ? ""
    : `Install it with npm install --save-dev ${extension.package}, or `;
  const hint = `${install}${ON_A_SERVER}`;
  return { name, hint: hint.charAt(0).toUpperCase() + hint.slice(1) };
}
