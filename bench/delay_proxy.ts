/**
 * A proxy before a server that makes it far away, and counts what goes to and fro. Each direction is delayed by the same
 * time, whatever its length; a connection takes a round trip before its first byte, as that of TCP does.
 *
 * @module
 */

/** What went through a proxy. */
export interface Traffic {
  /** How often a client sent something after an answer, its first words included; that a connection is made is not. */
  readonly roundTrips: number;
  /** How many connections came. */
  readonly connections: number;
  /** Bytes to the server. */
  readonly bytesSent: number;
}

/** A running proxy. */
export interface DelayProxy {
  /** Its port on 127.0.0.1. */
  readonly port: number;
  /** What went through it. */
  readonly traffic: Traffic;
  /** Ends it and every connection through it. */
  close(): Promise<void>;
}

/** A timer of 1 ms comes half of one late on average. */
const TIMER_LATE_MS = 0.5;

/**
 * Starts a proxy.
 *
 * @param target Port of the server on 127.0.0.1.
 * @param delayMs How long each direction is delayed.
 * @returns The proxy.
 */
export function startDelayProxy(target: number, delayMs: number): DelayProxy {
  const hostname = "127.0.0.1";
  const listener = Deno.listen({ hostname, port: 0 });
  const sockets = new Set<Deno.TcpConn>();
  const running = new Set<Promise<unknown>>();
  const traffic = { roundTrips: 0, connections: 0, bytesSent: 0 };

  const connect = async (client: Deno.TcpConn) => {
    const openAt = performance.now() + 2 * delayMs;
    const server = await Deno.connect({ hostname, port: target });
    let lastSpoke: "client" | "server" = "server";
    for (const socket of [client, server]) {
      socket.setNoDelay(true);
      sockets.add(socket);
    }
    const onSent = (bytes: number) => {
      traffic.bytesSent += bytes;
      if (lastSpoke === "server") traffic.roundTrips++;
      lastSpoke = "client";
    };
    await Promise.all([
      delayed(client, server, { delayMs, openAt, onRead: onSent, onWritten: () => {} }),
      delayed(server, client, { delayMs, openAt, onRead: () => {}, onWritten: () => lastSpoke = "server" }),
    ]);
    for (const socket of [client, server]) close(socket);
  };
  const serving = (async () => {
    for await (const client of listener) {
      traffic.connections++;
      const work = connect(client).catch(() => close(client));
      running.add(work);
      work.finally(() => running.delete(work));
    }
  })();
  const close = (socket: Deno.Conn) => {
    if (!sockets.delete(socket as Deno.TcpConn)) return;
    try {
      socket.close();
    } catch {
      // Its end was first.
    }
  };
  return {
    port: (listener.addr as Deno.NetAddr).port,
    traffic,
    async close() {
      listener.close();
      await serving;
      for (const socket of sockets) close(socket);
      await Promise.all(running);
    },
  };
}

/** How one direction is passed on. */
interface Direction {
  readonly delayMs: number;
  /** When the connection is made: nothing is on its way before. */
  readonly openAt: number;
  readonly onRead: (bytes: number) => void;
  readonly onWritten: () => void;
}

/** Passes bytes on, each a delay after it came. Reading never waits for writing, else one delay would add to another. */
async function delayed(from: Deno.Conn, to: Deno.Conn, direction: Direction): Promise<void> {
  const { delayMs, openAt, onRead, onWritten } = direction;
  const writer = to.writable.getWriter();
  let written: Promise<unknown> = Promise.resolve();
  const pass = (act: () => Promise<void>) => {
    const due = Math.max(performance.now(), openAt) + delayMs;
    written = written.then(async () => {
      const wait = due - performance.now() - TIMER_LATE_MS;
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
      await act();
    }).catch(() => undefined);
  };
  try {
    for await (const chunk of from.readable) {
      onRead(chunk.length);
      pass(async () => {
        await writer.write(chunk);
        onWritten();
      });
    }
  } catch {
    // The connection was cut: its other end learns of it below.
  }
  pass(() => writer.close());
  await written;
}
