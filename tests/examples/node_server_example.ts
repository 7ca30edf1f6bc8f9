import { testServer } from "./server.ts";

testServer("node-server");
