/**
 * A session that is opened before somebody asks for it, while what will use it is still loaded.
 *
 * @module
 */

import type { ConnectOptions, Notice } from "../core/database.ts";
import type { Session } from "./session.ts";
import { settlesWithin } from "./within.ts";

/** How long the server's turn is waited for: as long as loading a driver and greeting a server that is near may take. */
const GREETING_MS = 20;

/** Opens a session, and tells when the server was greeted. */
type Open = (options: ConnectOptions, onGreeted?: () => void) => Promise<Session>;

/** What it is for, and what it is asked. */
type Purpose = Pick<ConnectOptions, "access" | "question">;

interface Opening extends Purpose {
  readonly session: Promise<Session>;
  /** Takes over: what the server said so far is told, and who gives up is heard. */
  readonly hand: (options: ConnectOptions) => void;
  readonly giveUp: () => void;
}

/** Opens at most one session early. */
export class EarlySession {
  readonly #open: Open;
  #opening: Opening | undefined;

  /** @param open Opens sessions. */
  constructor(open: Open) {
    this.#open = open;
  }

  /**
   * Begins to open a session.
   *
   * @param purpose What it is for, and what it is asked.
   * @returns Resolves when the server was greeted, or that takes long. Never rejects.
   */
  async begin(purpose: Purpose): Promise<void> {
    this.close();
    const said: Notice[] = [];
    let onNotice: (notice: Notice) => void = (notice) => said.push(notice);
    let giveUp = () => {};
    const givenUp = new Promise<void>((resolve) => giveUp = resolve);
    let greet = () => {};
    const greeted = new Promise<void>((resolve) => greet = resolve);
    const session = this.#open({ ...purpose, givenUp, onNotice: (notice) => onNotice(notice) }, greet);
    session.catch(() => {});
    const hand = (options: ConnectOptions): void => {
      onNotice = options.onNotice ?? (() => {});
      said.forEach(onNotice);
      options.givenUp?.then(giveUp);
    };
    this.#opening = { ...purpose, session, hand, giveUp };
    await settlesWithin(Promise.race([greeted, session]), GREETING_MS);
  }

  /**
   * Opens a session.
   *
   * @param options What it is for.
   * @returns The session: the early one if it is for the same, which is given once.
   */
  async connect(options: ConnectOptions = {}): Promise<Session> {
    const early = this.#opening;
    if (early === undefined || early.question !== options.question || early.access !== options.access) {
      this.close();
      return await this.#open(options);
    }
    this.#opening = undefined;
    early.hand(options);
    return await early.session;
  }

  /** Ends a session that nobody asked for. */
  close(): void {
    const early = this.#opening;
    this.#opening = undefined;
    early?.giveUp();
    early?.session.then((session) => session.close(), () => {});
  }
}
