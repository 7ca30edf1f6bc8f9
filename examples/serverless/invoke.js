// @ts-check
// Calls the handler as the platform would, with the milliseconds that a call may take: node invoke.js 2500

import process from "node:process";
import { handler } from "./handler.js";

const deadline = Date.now() + Number(process.argv[2] ?? 30_000);
const answer = await handler({}, { getRemainingTimeInMillis: () => deadline - Date.now() });
console.log(JSON.stringify(answer));
