import { assertEquals } from "@std/assert";
import { signalNames } from "../../src/runtime/signal_names.ts";

Deno.test("signalNames() knows what Windows has instead", () => {
  assertEquals([signalNames("SIGINT", "linux"), signalNames("SIGTERM", "darwin")], [["SIGINT"], ["SIGTERM"]]);
  assertEquals([signalNames("SIGINT", "win32"), signalNames("SIGTERM", "win32")], [["SIGINT", "SIGBREAK"], []]);
});
