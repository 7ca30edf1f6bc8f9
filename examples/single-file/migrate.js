// @ts-check
// Applies what is pending. Bundled by build.js it is one file that needs neither the folder nor node_modules.

import { memoryReader, MigrationRunner } from "@metapg/migration";
import files from "./migrations.build.js";

const runner = new MigrationRunner({ reader: memoryReader(files) });
const applied = await runner.applyPending();
console.log(applied.length === 0 ? "Nothing to apply" : `Applied ${applied.join(", ")}`);
