/**
 * Streams to PostgreSQL servers, encrypted where asked for.
 *
 * @module
 */

import type { Socket } from "node:net";
import type { ConnectionOptions } from "node:tls";
import type { ServerSocket, SocketRequest, TlsRequest } from "../core/platform.ts";

/** The message that asks a server whether it speaks TLS: its length and a number. */
const TLS_QUESTION: Uint8Array = Uint8Array.of(0, 0, 0, 8, 4, 210, 22, 47);

/**
 * Opens a stream to a server.
 *
 * @param request Where to, and how.
 * @returns The stream, a Node.js socket.
 * @throws What the system said; an error with `stage` `tls` where the encryption is at fault.
 */
export async function openSocket(request: SocketRequest): Promise<ServerSocket> {
  const { host, port, tls, signal } = request;
  if (host.startsWith("/")) return await connect({ path: `${host}/.s.PGSQL.${port}` }, signal);
  let failure: unknown;
  for (const address of await addresses(host)) {
    try {
      const socket = await connect({ host: address, port }, signal);
      return tls === undefined ? socket : await encrypt(socket, tls, host);
    } catch (error) {
      failure = error;
      if (isTlsFailure(error) || signal.aborted) break;
    }
  }
  throw failure;
}

async function addresses(host: string): Promise<readonly string[]> {
  const { isIP } = await import("node:net");
  if (isIP(host) !== 0) return [host];
  const { lookup } = await import("node:dns/promises");
  return (await lookup(host, { all: true })).map(({ address }) => address);
}

async function connect(where: { path: string } | { host: string; port: number }, signal: AbortSignal): Promise<Socket> {
  const { connect } = await import("node:net");
  signal.throwIfAborted();
  const socket = neverUncaught(connect(where));
  signal.addEventListener("abort", () => socket.destroy(), { once: true });
  await settled(socket, "connect");
  socket.setNoDelay(true);
  return socket;
}

/**
 * An error that nobody listens to would end the process. There is one before the driver listens, and one after: it removes
 * all listeners from a socket that was closed, and then Node.js tells that its farewell could not be written.
 */
function neverUncaught<S extends Socket>(socket: S): S {
  const ignore = () => {};
  const removeAllListeners = socket.removeAllListeners.bind(socket);
  socket.removeAllListeners = (event?: string | symbol) => {
    removeAllListeners(event);
    return socket.on("error", ignore);
  };
  return socket.on("error", ignore);
}

function settled(socket: Socket, event: string): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once(event, resolve);
    socket.once("error", reject);
    socket.once("close", () => reject(Object.assign(new Error("closed by the server"), { code: "CONNECTION_CLOSED" })));
  });
}

async function encrypt(socket: Socket, tls: TlsRequest, host: string): Promise<Socket> {
  try {
    if (tls.negotiation === "postgres" && !await offersTls(socket)) {
      if (tls.demand === "if-offered") return socket;
      throw new Error("the server does not offer TLS");
    }
    const { connect, checkServerIdentity } = await import("node:tls");
    const { isIP } = await import("node:net");
    const secure = neverUncaught(connect({
      ...tlsOptions(tls),
      socket,
      host,
      ...(tls.sni === "send" && isIP(host) === 0 ? { servername: host } : {}),
      checkServerIdentity: (_, certificate) =>
        tls.verify === "host" ? checkServerIdentity(host, certificate) : undefined,
    }));
    await settled(secure, "secureConnect");
    return secure;
  } catch (error) {
    socket.destroy();
    throw Object.assign(error as Error, { stage: "tls" });
  }
}

function tlsOptions(tls: TlsRequest): ConnectionOptions {
  return {
    rejectUnauthorized: tls.verify !== "none",
    ...(tls.negotiation === "direct" ? { ALPNProtocols: ["postgresql"] } : {}),
    ...(tls.rootCertificate === undefined ? {} : { ca: tls.rootCertificate }),
    ...(tls.certificate === undefined ? {} : { cert: tls.certificate }),
    ...(tls.key === undefined ? {} : { key: tls.key }),
    ...(tls.keyPassword === undefined ? {} : { passphrase: tls.keyPassword }),
    ...(tls.minVersion === undefined ? {} : { minVersion: tls.minVersion as "TLSv1.2" }),
    ...(tls.maxVersion === undefined ? {} : { maxVersion: tls.maxVersion as "TLSv1.2" }),
  };
}

/** More than the one byte of the answer was not sent by the server, which waits for the handshake. */
async function offersTls(socket: Socket): Promise<boolean> {
  const answer = await new Promise<Uint8Array>((resolve, reject) => {
    socket.once("data", resolve);
    socket.once("error", reject);
    socket.once("close", () => reject(new Error("closed by the server")));
    socket.write(TLS_QUESTION);
  });
  const letter = String.fromCharCode(...answer);
  if (letter === "S" || letter === "N") return letter === "S";
  throw new Error("the server's answer is not PostgreSQL's");
}

function isTlsFailure(error: unknown): boolean {
  return (error as { readonly stage?: unknown }).stage === "tls";
}
