/**
 * A proxy between a runner and a server that cuts the connection at a chosen message.
 *
 * @module
 */

/** Where to cut: before the server gets the message, or after it got it and before its answer comes back. */
export type CutPlace = "before" | "after";

/** When to cut. */
export interface Cut {
  /** Number of the query message over all connections, from 1; `Infinity` for never. */
  readonly message: number;
  /** On which side of it. */
  readonly place: CutPlace;
}

/** A running proxy. */
export interface CutProxy {
  /** The server's URL, through the proxy. */
  readonly url: string;
  /** How many query messages came. */
  readonly messages: number;
  /** Whether it has cut. */
  readonly hasCut: boolean;
  /** Ends it and every connection through it. */
  close(): Promise<void>;
}

/** Type of a query message. */
const QUERY = "Q".charCodeAt(0);

/**
 * Starts a proxy.
 *
 * @param target URL of the server.
 * @param cut When to cut.
 * @returns The proxy.
 */
export function startCutProxy(target: string, cut: Cut): CutProxy {
  const url = new URL(target);
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const sockets = new Set<Deno.Conn>();
  const running: Promise<void>[] = [];
  const state = { messages: 0, hasCut: false };
  const closeAll = () => {
    for (const socket of sockets) {
      try {
        socket.close();
      } catch {
        // The other side was first.
      }
    }
    sockets.clear();
  };
  /** Forwards whole messages; the first one of a connection has no type. */
  const forward = async (client: Deno.Conn, server: Deno.Conn) => {
    const writer = server.writable.getWriter();
    let pending = new Uint8Array();
    let started = false;
    for await (const chunk of client.readable) {
      pending = concat(pending, chunk);
      for (let size = sizeOf(pending, started); size !== undefined; size = sizeOf(pending, started)) {
        const message = pending.slice(0, size);
        pending = pending.slice(size);
        const isCut = started && message[0] === QUERY && ++state.messages === cut.message;
        started = true;
        if (!isCut || cut.place === "after") await writer.write(message);
        if (!isCut) continue;
        state.hasCut = true;
        return closeAll();
      }
    }
  };
  const serve = async () => {
    for await (const client of listener) {
      const server = await Deno.connect({ hostname: url.hostname, port: Number(url.port) });
      sockets.add(client).add(server);
      const ends = [forward(client, server), server.readable.pipeTo(client.writable)];
      running.push(
        Promise.race(ends.map((end) => end.catch(() => undefined))).then(() => {
          for (const socket of [client, server]) {
            sockets.delete(socket);
            try {
              socket.close();
            } catch {
              // It is closed.
            }
          }
        }),
      );
      running.push(...ends.map((end) => end.catch(() => undefined)));
    }
  };
  const serving = serve().catch(() => undefined);
  const { port } = listener.addr as Deno.NetAddr;
  const through = new URL(target);
  through.port = String(port);
  // A request for encryption is a second message without a type.
  through.searchParams.set("sslmode", "disable");
  return {
    url: through.href,
    get messages() {
      return state.messages;
    },
    get hasCut() {
      return state.hasCut;
    },
    async close() {
      listener.close();
      closeAll();
      await serving;
      await Promise.all(running);
    },
  };
}

function concat(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

/** Length of the first message of some bytes, if all of it is there. */
function sizeOf(bytes: Uint8Array, started: boolean): number | undefined {
  const head = started ? 1 : 0;
  if (bytes.length < head + 4) return undefined;
  const size = head + new DataView(bytes.buffer, bytes.byteOffset).getInt32(head);
  return bytes.length < size ? undefined : size;
}
