import { testServer } from "./server.ts";

testServer("bun-server");
