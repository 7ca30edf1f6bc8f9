/**
 * How long a round trip through the delay proxy really takes: timers are coarse, and two processes share the machine.
 *
 * @module
 */

import { startDelayProxy } from "./delay_proxy.ts";
import { spreadOf } from "./statistics.ts";

const ROUND_TRIPS = 15;

/**
 * Measures it, against a listener that sends back what it gets.
 *
 * @param delayMs The delay of each direction.
 * @returns The median in milliseconds.
 */
export async function measureRoundTrip(delayMs: number): Promise<number> {
  const hostname = "127.0.0.1";
  const listener = Deno.listen({ hostname, port: 0 });
  const proxy = startDelayProxy((listener.addr as Deno.NetAddr).port, delayMs);
  const serving = (async () => {
    const server = await listener.accept();
    await server.readable.pipeTo(server.writable);
  })();
  const client = await Deno.connect({ hostname, port: proxy.port });
  const times: number[] = [];
  // The first one waits for the connection, too.
  for (let n = 0; n <= ROUND_TRIPS; n++) {
    const start = performance.now();
    await client.write(new Uint8Array(1));
    await client.read(new Uint8Array(1));
    if (n > 0) times.push(performance.now() - start);
  }
  client.close();
  await serving;
  await proxy.close();
  listener.close();
  return spreadOf(times)!.median;
}
