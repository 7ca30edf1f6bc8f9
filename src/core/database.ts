/**
 * The port through which a database is spoken to: what an adapter gives.
 *
 * @module
 */

/** What a database can do; where it cannot, the runner does without. */
export interface Capabilities {
  /** Whether a running statement can be cancelled on the server. */
  readonly cancel: boolean;
  /** Whether a second connection can be had while one is in use. */
  readonly concurrent: boolean;
  /** `owned`: sessions are opened for the run. `borrowed`: they belong to the caller and get their state back. */
  readonly sessions: "owned" | "borrowed";
}

/** A message that the server sent beside the results. */
export interface Notice {
  /** `NOTICE`, `WARNING`, `INFO`, `LOG` or `DEBUG`. */
  readonly severity: string;
  /** SQLSTATE. */
  readonly sqlstate: string;
  /** Its text. */
  readonly message: string;
  /** More of it, where the server sent any. */
  readonly detail?: string;
  /** Advice of the server. */
  readonly hint?: string;
}

/** What a session is for. */
export type Access = "read" | "write";

/** How to open a connection. */
export interface ConnectOptions {
  /**
   * What it is for. To `read`, an embedded database that is not there is an empty one, and is not created.
   *
   * @default {"write"}
   */
  readonly access?: Access;
  /** Receives notices; they are dropped without it. */
  readonly onNotice?: (notice: Notice) => void;
  /** A first message. It goes out as soon as there is a session, without another round trip, where the driver can do so. */
  readonly question?: string;
  /** When it resolves nobody needs the session any more, and who is still connecting gives up, where the driver can do so. */
  readonly givenUp?: Promise<void>;
}

/** One row, by column name. */
export type Row = Readonly<Record<string, unknown>>;

/** One session of the server. It is never replaced in silence: once lost, every call fails. */
export interface Connection {
  /** The backend's pid as announced at connect, where the driver tells it. */
  readonly pid: number | undefined;
  /** What `question` of {@linkcode ConnectOptions} was answered with; `undefined` if it was not sent. */
  readonly answer?: Promise<readonly Row[]> | undefined;
  /**
   * Whether a message goes to the server before those before it are answered.
   *
   * @default {false}
   */
  readonly pipeline?: boolean;
  /**
   * Sends one simple-query message, which may hold several statements. One that is sent before another is answered runs
   * after it, whatever comes of that.
   *
   * @param sql The message.
   * @param onCompleted Called with the number of its statements that completed, each time it grows, where the driver tells.
   * @returns The rows of its last statement that returns any.
   * @throws {DatabaseError} With what the server or the driver said.
   */
  query(sql: string, onCompleted?: (count: number) => void): Promise<readonly Row[]>;
  /** Asks the server to cancel the running statement; does nothing if none runs or it cannot. Never rejects. */
  cancel(): Promise<void>;
  /** Ends the session, or gives it back. Never rejects. */
  close(): Promise<void>;
}

/** A database that migrations run on. */
export interface Database {
  /** Its kind. */
  readonly engine: "postgres" | "pglite";
  /** What it can do. */
  readonly capabilities: Capabilities;
  /**
   * Opens a session.
   *
   * @throws {DatabaseError} With `kind` `connect` if none can be had.
   */
  connect(options?: ConnectOptions): Promise<Connection>;
  /**
   * Begins to open a session, where that helps: the next `connect` with the same purpose and the same question gets it, and is
   * told what became of it. Resolves when it is the server's turn, or that takes long, and never rejects.
   */
  preconnect?(options: Pick<ConnectOptions, "access" | "question">): Promise<void>;
  /** Closes what this object opened itself. */
  close(): Promise<void>;
}
