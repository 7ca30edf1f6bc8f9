import { assert, assertEquals } from "@std/assert";
import { type DelayProxy, startDelayProxy } from "../../bench/delay_proxy.ts";

/** A server that answers each chunk with as many bytes. */
async function withEcho(delayMs: number, body: (proxy: DelayProxy) => Promise<void>): Promise<void> {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const serving = (async () => {
    for await (const socket of listener) socket.readable.pipeTo(socket.writable).catch(() => {});
  })();
  const proxy = startDelayProxy((listener.addr as Deno.NetAddr).port, delayMs);
  try {
    await body(proxy);
  } finally {
    await proxy.close();
    listener.close();
    await serving;
  }
}

/** Sends texts, each after the answer to the one before it; the milliseconds that each took. */
async function converse(port: number, texts: readonly string[]): Promise<readonly number[]> {
  const socket = await Deno.connect({ hostname: "127.0.0.1", port });
  const times: number[] = [];
  for (const text of texts) {
    const start = performance.now();
    await socket.write(new TextEncoder().encode(text));
    assertEquals(await read(socket, text.length), text);
    times.push(performance.now() - start);
  }
  socket.close();
  return times;
}

async function read(socket: Deno.Conn, length: number): Promise<string> {
  const bytes = new Uint8Array(length);
  let filled = 0;
  while (filled < length) filled += await socket.read(bytes.subarray(filled)) ?? length;
  return new TextDecoder().decode(bytes);
}

Deno.test("startDelayProxy() delays each direction, and a connection by one round trip", async () => {
  await withEcho(20, async ({ port }) => {
    const [first, second, third] = await converse(port, ["a", "bc", "def"]);
    assert(first! >= 75, `${first} ms for connection and round trip`);
    assert(second! >= 38 && third! >= 38, `${second} and ${third} ms for a round trip`);
  });
});

Deno.test("startDelayProxy() counts a round trip each time that a client speaks after an answer", async () => {
  await withEcho(5, async (proxy) => {
    await converse(proxy.port, ["a", "bc", "def"]);
    await converse(proxy.port, ["ghij"]);
    assertEquals({ ...proxy.traffic }, { roundTrips: 4, connections: 2, bytesSent: 10 });
  });
});

Deno.test("startDelayProxy() delays messages that are sent in a row together, and counts them once", async () => {
  await withEcho(100, async (proxy) => {
    const socket = await Deno.connect({ hostname: "127.0.0.1", port: proxy.port });
    const start = performance.now();
    for (const letter of "abcdefghij") {
      await socket.write(new TextEncoder().encode(letter));
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    assertEquals(await read(socket, 10), "abcdefghij");
    // One after another they would take 2 s and more.
    assert(performance.now() - start < 1_500);
    assertEquals(proxy.traffic.roundTrips, 1);
    socket.close();
  });
});

Deno.test("startDelayProxy() passes on large texts whole", async () => {
  await withEcho(1, async ({ port, traffic }) => {
    const large = "x".repeat(3_000_000);
    await converse(port, [large]);
    assertEquals(traffic.bytesSent, large.length);
  });
});

Deno.test("startDelayProxy() ends connections on close()", async () => {
  let socket: Deno.Conn | undefined;
  await withEcho(1, async ({ port }) => {
    socket = await Deno.connect({ hostname: "127.0.0.1", port });
    await socket.write(new TextEncoder().encode("a"));
    await read(socket, 1);
  });
  const rest = await socket!.read(new Uint8Array(1)).catch(() => null);
  assertEquals(rest, null);
  socket!.close();
});
