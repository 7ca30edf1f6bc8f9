import { assertEquals } from "@std/assert";
import { Output } from "../../src/cli/output.ts";
import { StopSignals } from "../../src/cli/stop_signals.ts";
import { memoryHost } from "../support/memory_host.ts";

/** Sends signals at these moments, in milliseconds; tells what was said, and whether a handler was there for each. */
function receive(moments: readonly number[]): { readonly said: string; readonly heard: readonly boolean[] } {
  const host = memoryHost();
  const signals = new StopSignals(host, new Output(host, { color: false }));
  const stop = signals.listen();
  const { now } = performance;
  try {
    const heard = moments.map((moment) => {
      performance.now = () => moment;
      return host.signal("SIGTERM");
    });
    assertEquals([signals.signal.aborted, signals.received], [true, "SIGTERM"]);
    return { said: host.err, heard };
  } finally {
    performance.now = now;
    stop();
  }
}

const FIRST = "Cancelling (SIGTERM)\n";
const STILL = "Still cleaning up: the running statement is being cancelled";
const LAST = `${STILL}; the next signal ends the program, whatever the server does\n`;

Deno.test("StopSignals takes signals that come at once for one", () => {
  assertEquals(receive([5, 6, 900]), { said: `${FIRST}${STILL}\n${STILL}\n`, heard: [true, true, true] });
});

Deno.test("StopSignals gives way to a third signal, after it said so", () => {
  assertEquals(receive([5, 1500, 1600]), { said: `${FIRST}${LAST}`, heard: [true, true, false] });
});
