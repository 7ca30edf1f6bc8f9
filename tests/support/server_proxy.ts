/**
 * A proxy before a server that refuses some connections.
 *
 * @module
 */

/** How a proxy works. */
export interface ServerProxyOptions {
  /** Whether to close a connection at once, by its number from 1. */
  readonly refuses: (connection: number) => boolean;
}

/** A running proxy. */
export interface ServerProxy {
  /** The server's URL, through the proxy. */
  readonly url: string;
  /** How many connections came. */
  readonly connections: number;
  /** Ends it and every connection through it. */
  close(): Promise<void>;
}

/**
 * Starts a proxy.
 *
 * @param target URL of the server.
 * @param options Which connections it refuses.
 * @returns The proxy.
 */
export function startServerProxy(target: string, { refuses }: ServerProxyOptions): ServerProxy {
  const { hostname, port } = new URL(target);
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const sockets: Deno.Conn[] = [];
  const running: Promise<unknown>[] = [];
  let connections = 0;
  const serve = async () => {
    for await (const client of listener) {
      if (refuses(++connections)) {
        client.close();
        continue;
      }
      const server = await Deno.connect({ hostname, port: Number(port) });
      sockets.push(client, server);
      const ends = [client.readable.pipeTo(server.writable), server.readable.pipeTo(client.writable)];
      running.push(...ends.map((end) => end.catch(() => undefined)));
    }
  };
  const serving = serve().catch(() => undefined);
  const through = new URL(target);
  through.port = String((listener.addr as Deno.NetAddr).port);
  through.searchParams.set("sslmode", "disable");
  return {
    url: through.href,
    get connections() {
      return connections;
    },
    async close() {
      listener.close();
      for (const socket of sockets) {
        try {
          socket.close();
        } catch {
          // It was closed by its end.
        }
      }
      await serving;
      await Promise.all(running);
    },
  };
}
