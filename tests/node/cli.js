// The command line as a program of one's own: in Node.js, too, from the ES modules.
import { runCli } from "@metapg/migration/cli";

await runCli();
