/**
 * A long way to a server: a proxy that delays what passes, and counts how often the client waits for an answer.
 *
 * @module
 */

/** A running proxy. */
export interface SlowLink {
  /** The server's URL, through the proxy. */
  readonly url: string;
  /** How often the client sent something and the server answered, all connections together. */
  readonly roundTrips: number;
  /** Ends it and every connection through it. */
  close(): Promise<void>;
}

/**
 * Starts the proxy.
 *
 * @param target URL of the server.
 * @param delayMs How long everything takes, each way.
 * @returns The proxy.
 */
export function startSlowLink(target: string, delayMs: number): SlowLink {
  const { hostname, port } = new URL(target);
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const sockets: Deno.Conn[] = [];
  const running: Promise<unknown>[] = [];
  let roundTrips = 0;
  const serve = async () => {
    for await (const client of listener) {
      const server = await Deno.connect({ hostname, port: Number(port) });
      sockets.push(client, server);
      let last: "client" | "server" = "server";
      running.push(
        pass(client, server, delayMs, () => last = "client"),
        pass(server, client, delayMs, () => {
          if (last === "client") roundTrips++;
          last = "server";
        }),
      );
    }
  };
  const serving = serve().catch(() => undefined);
  const through = new URL(target);
  through.port = String((listener.addr as Deno.NetAddr).port);
  through.searchParams.set("sslmode", "disable");
  return {
    url: through.href,
    get roundTrips() {
      return roundTrips;
    },
    async close() {
      listener.close();
      sockets.forEach(close);
      await serving;
      await Promise.all(running);
    },
  };
}

/** Passes everything on after a while, in order. */
async function pass(from: Deno.Conn, to: Deno.Conn, delayMs: number, onData: () => void): Promise<void> {
  let sending = Promise.resolve();
  const buffer = new Uint8Array(65_536);
  try {
    for (let size = await from.read(buffer); size !== null; size = await from.read(buffer)) {
      const data = buffer.slice(0, size);
      onData();
      const due = new Promise((resolve) => setTimeout(resolve, delayMs));
      sending = sending.then(() => due).then(() => write(to, data));
    }
  } catch {
    // A reset is passed on as an end.
  }
  await sending.catch(() => undefined);
  close(to);
}

function close(socket: Deno.Conn): void {
  try {
    socket.close();
  } catch {
    // It was closed by its other end.
  }
}

async function write(to: Deno.Conn, data: Uint8Array): Promise<void> {
  for (let rest = data; rest.length > 0;) rest = rest.subarray(await to.write(rest));
}
