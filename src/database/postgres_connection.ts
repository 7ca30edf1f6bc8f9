/**
 * One session of our own with postgres.js, over a socket that is made here: so the driver cannot make another by itself.
 *
 * @module
 */

import type { Notice } from "../core/database.ts";
import { DatabaseError } from "../core/database_error.ts";
import type { DatabasePlatform, ServerSocket, TlsRequest } from "../core/platform.ts";
import { readLastWords } from "./last_words.ts";
import { toNotice } from "./notice.ts";
import { CANCEL_TIMEOUT_MS, type PostgresHandle, PostgresSession } from "./postgres_session.ts";
import { Session, type SessionEnd } from "./session.ts";
import { describeTarget, type Endpoint, type PostgresTarget } from "./target.ts";
import { settlesWithin } from "./within.ts";

/** How long the farewell of an idle session may take to leave. */
const FAREWELL_TIMEOUT_S = 2;

/** What to open, and how. */
export interface SessionRequest {
  /** Who, where to and with which settings. */
  readonly target: PostgresTarget;
  /** The host. */
  readonly endpoint: Endpoint;
  /** Encryption; none without it. */
  readonly tls?: TlsRequest;
  /** Password. */
  readonly password: Promise<string | undefined>;
  /** What the runtime gives. */
  readonly platform: DatabasePlatform;
  /** How long to wait where the URL does not say. */
  readonly connectTimeoutMs: number;
  /** The session's name where the URL does not say. */
  readonly applicationName: string;
  /** Called when the server was told who connects, and it is its turn. */
  readonly onGreeted?: () => void;
  /** Receives notices. */
  readonly onNotice?: (notice: Notice) => void;
  /** A first message, for whose answer nobody waits here. */
  readonly question?: string;
  /** When it resolves nobody needs the session any more. */
  readonly givenUp?: Promise<void>;
}

/** The part of postgres.js that is used. */
interface Client extends PostgresHandle {
  end(options: { readonly timeout: number }): Promise<void>;
}

/**
 * Opens a session.
 *
 * @param request What to open, and how.
 * @returns The session, ready for queries.
 * @throws What the runtime, the driver or the server said.
 */
export async function openSession(request: SessionRequest): Promise<Session> {
  const abort = new AbortController();
  const gate = new SocketGate(request, abort.signal);
  let client: Client | undefined;
  const end = async (state: SessionEnd) => {
    gate.shut();
    const farewell = gate.farewell();
    const ending = client?.end({ timeout: state === "idle" ? FAREWELL_TIMEOUT_S : 0 });
    // The driver waits until the server, too, has closed, which takes it as long as a dozen migrations.
    if (state === "idle") await Promise.race([farewell, ending]);
    gate.destroy();
    await ending;
  };
  const opening = (async () => {
    // Loading the driver takes 5 to 30 ms, by runtime, in which the way to the server and back is made.
    const [driver] = await Promise.all([import("postgres"), gate.prepare()]);
    client = createClient(driver.default, request, gate);
    const driverSession = new PostgresSession(client, end, (error) => gate.explain(error));
    const session = new Session(driverSession, describeTarget(request.target));
    const onLost = (error: unknown) => {
      gate.shut();
      session.lose(gate.explain(error));
    };
    await driverSession.start(onLost, request.question);
    await checkSession(session, request.target);
    gate.open();
    return session;
  })();
  try {
    let isGivenUp = false;
    const givenUp = request.givenUp?.then(() => void (isGivenUp = true));
    const settled = givenUp === undefined ? opening : Promise.race([opening, givenUp]);
    const inTime = await settlesWithin(settled, request.target.connectTimeoutMs ?? request.connectTimeoutMs);
    if (isGivenUp) throw new DatabaseError("connect", "given up");
    if (!inTime) throw new DatabaseError("connect", "timed out");
    return await opening;
  } catch (error) {
    opening.catch(() => {});
    abort.abort();
    await end("lost");
    throw error;
  }
}

/**
 * The options are what the driver makes of options: where `shared` is among them it takes them as they are. Any others it
 * fills from the environment (`PGTARGETSESSIONATTRS`, `PGAPPNAME` …), which it reads even if they say what it looks for.
 */
function createClient(postgres: unknown, request: SessionRequest, gate: SocketGate): Client {
  const { target, endpoint, password, applicationName, onNotice } = request;
  const options = {
    host: [endpoint.host],
    port: [endpoint.port],
    database: target.database,
    user: target.user,
    pass: async () => await password ?? "",
    socket: () => gate.take(),
    ssl: false,
    sslnegotiation: null,
    max: 1,
    idle_timeout: 0,
    connect_timeout: 0,
    max_lifetime: null,
    max_pipeline: 100,
    backoff: false,
    keep_alive: target.keepAliveSeconds,
    prepare: false,
    debug: false,
    fetch_types: false,
    publications: "",
    target_session_attrs: null,
    connection: { application_name: applicationName, ...target.settings, standard_conforming_strings: "on" },
    onnotice: (notice: unknown) => onNotice?.(toNotice(notice)),
    ...AS_TEXT,
    parameters: {},
    shared: { retries: 0, typeArrayMap: {} },
  };
  return (postgres as (options: unknown) => Client)(options);
}

/** Values stay the text that the server sent. */
const AS_TEXT = {
  types: {},
  parsers: {},
  serializers: {},
  transform: { undefined: undefined, column: {}, value: {}, row: {} },
} as const;

/** Codes of a connection that is gone. */
const CLOSED: ReadonlySet<unknown> = new Set(["CONNECTION_CLOSED", "CONNECTION_DESTROYED", "ECONNRESET", "EPIPE"]);

/** Gives the driver the one socket of the session, and after that only sockets for requests to cancel, which never come late. */
class SocketGate {
  readonly #request: SessionRequest;
  readonly #signal: AbortSignal;
  readonly #sockets: ServerSocket[] = [];
  #phase: "new" | "opening" | "open" | "shut" = "new";
  #heard: Uint8Array = new Uint8Array();

  constructor(request: SessionRequest, signal: AbortSignal) {
    this.#request = request;
    this.#signal = signal;
  }

  /** Makes the session's socket. */
  async prepare(): Promise<void> {
    await this.#connect(this.#signal);
  }

  async take(): Promise<ServerSocket> {
    if (this.#phase === "new") {
      this.#phase = "opening";
      const socket = this.#sockets[0]!;
      onFirstWrite(socket, () => {
        // The driver listens by then: before, what comes in would be lost to it.
        socket.on("data", (bytes) => this.#heard = bytes);
        this.#request.onGreeted?.();
      });
      return socket;
    }
    if (this.#phase === "open") return await this.#connect(AbortSignal.timeout(CANCEL_TIMEOUT_MS));
    throw Object.assign(new Error("closed by the server"), { code: "CONNECTION_CLOSED" });
  }

  /** Puts what the server said in place of the driver's error for a session that it ended. */
  explain(error: unknown): unknown {
    const { code } = error as { readonly code?: unknown };
    return CLOSED.has(code) ? readLastWords(this.#heard) ?? error : error;
  }

  open(): void {
    if (this.#phase === "opening") this.#phase = "open";
  }

  shut(): void {
    this.#phase = "shut";
  }

  /** Waits until the session's last word to the server has left. */
  farewell(): Promise<void> {
    return new Promise((resolve) => this.#sockets[0]?.once("finish", resolve));
  }

  destroy(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async #connect(signal: AbortSignal): Promise<ServerSocket> {
    const { platform, endpoint, tls } = this.#request;
    const socket = await platform.openSocket({
      ...endpoint,
      ...(tls === undefined ? {} : { tls }),
      signal,
    });
    this.#sockets.push(socket);
    return socket;
  }
}

/** The driver writes in a later turn of the event loop, before which much may be loaded. */
function onFirstWrite(socket: ServerSocket, onWrite: () => void): void {
  const { write } = socket;
  socket.write = (...args) => {
    socket.write = write;
    const isTaken = socket.write(...args);
    onWrite();
    return isTaken;
  };
}

const SESSION_STATE = "SELECT pg_catalog.pg_is_in_recovery()::text AS standby, " +
  "pg_catalog.current_setting('transaction_read_only') AS read_only";

/** `target_session_attrs`, asked for in SQL so that it holds behind poolers too. */
async function checkSession(session: Session, target: PostgresTarget): Promise<void> {
  const wanted = target.session;
  if (wanted === "any" || wanted === "prefer-standby") return;
  const [row] = await session.query(SESSION_STATE);
  const role = row?.standby === "true" ? "standby" : "primary";
  const mode = row?.read_only === "on" ? "read-only" : "read-write";
  if (wanted !== role && wanted !== mode) {
    throw new DatabaseError(
      "connect",
      `the session is ${wanted === "standby" || wanted === "primary" ? `on a ${role}` : mode}, wanted ${wanted}`,
    );
  }
}
