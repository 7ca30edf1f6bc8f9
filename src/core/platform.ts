/**
 * The port through which a URL is opened: what the runtime has to give.
 *
 * @module
 */

/** A stream to a server, to be handed to a driver. */
export interface ServerSocket {
  /** Calls back when all that was written has left, after the last of it. */
  once(event: "finish", listener: () => void): unknown;
  /** Hears what comes in, beside others that do. */
  on(event: "data", listener: (bytes: Uint8Array) => void): unknown;
  /** Writes bytes; whether more may follow at once. */
  write(bytes: Uint8Array, ...others: unknown[]): boolean;
  /** Ends it at once. */
  destroy(): void;
}

/** Encryption of one attempt. Certificates and keys are PEM text. */
export interface TlsRequest {
  /** `if-offered`: without encryption where the server has none. */
  readonly demand: "if-offered" | "required";
  /** Whether TLS is asked for or started at once. */
  readonly negotiation: "postgres" | "direct";
  /** What is checked: nothing, that an authority signed for it, or also that it is the host. */
  readonly verify: "none" | "authority" | "host";
  /** Whether the server is told the host's name. */
  readonly sni: "send" | "omit";
  /** Authorities to trust; those of the runtime without it. */
  readonly rootCertificate?: string;
  /** The client's certificate. */
  readonly certificate?: string;
  /** Its key. */
  readonly key?: string;
  /** The password of the key. */
  readonly keyPassword?: string;
  /** Lowest version. */
  readonly minVersion?: string;
  /** Highest version. */
  readonly maxVersion?: string;
}

/** What to open a stream to. */
export interface SocketRequest {
  /** Name, address, or the absolute folder of a Unix socket, which is never encrypted. */
  readonly host: string;
  /** Port. */
  readonly port: number;
  /** Encryption; none without it. */
  readonly tls?: TlsRequest;
  /** Gives up when aborted. */
  readonly signal: AbortSignal;
}

/** A folder that one process has for itself. */
export interface FolderLock {
  /** Gives it back. Never rejects. */
  release(): Promise<void>;
}

/** Folders with databases in them. */
export interface DatabaseFolders {
  /** Whether there is a file or folder. */
  exists(path: string): Promise<boolean>;
  /** Whether there is nothing yet: neither file nor folder, or a folder without anything in it. */
  isEmpty(path: string): Promise<boolean>;
  /** Removes everything in a folder. */
  clear(path: string): Promise<void>;
  /**
   * Has a folder for this process, by a lock file beside it. The folder above it is created.
   *
   * @param folder The folder; it need not exist.
   * @param waitMs How long to wait while another process has it.
   * @throws A {@linkcode MigrationError} with code `LOCK_TIMEOUT` that names who has it.
   */
  lock(folder: string, waitMs: number): Promise<FolderLock>;
}

/** What is kept from one process to the next. To lose it costs time alone: nothing of it rejects, or asks a person. */
export interface DatabaseCache {
  /** Reads a file; `undefined` if there is none that may be read. */
  read(name: string): Promise<Uint8Array | undefined>;
  /** Whether there is a place to write a file to; that it can be written is not promised. */
  mayWrite(name: string): boolean;
  /** Writes a file as a whole, where that is possible. */
  write(name: string, content: Uint8Array): Promise<void>;
  /** Removes a file, where that is possible. */
  remove(name: string): Promise<void>;
}

/** What the runtime gives to open databases. */
export interface DatabasePlatform {
  /** Whose package specifiers a module is imported by; those of a program that holds all of them, and takes no others. */
  readonly packages: "deno" | "node" | "built-in";
  /** Reads an environment variable. */
  env(name: string): string | undefined;
  /** Reads a text file; rejects if it cannot. */
  readTextFile(path: string): Promise<string>;
  /** Opens a stream to a server; rejects with an error whose `stage` is `tls` where the encryption is at fault. */
  openSocket(request: SocketRequest): Promise<ServerSocket>;
  /** Imports a module by a specifier that is only known at run time. */
  importModule(specifier: string): Promise<unknown>;
  /** Folders with databases in them. */
  readonly folders: DatabaseFolders;
  /** What is kept from one process to the next; nothing without it. */
  readonly cache?: DatabaseCache | undefined;
}
