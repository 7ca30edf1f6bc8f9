import { testServer } from "./server.ts";

testServer("deno-server");
