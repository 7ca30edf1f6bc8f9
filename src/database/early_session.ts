/**
 * A session that is opened before somebody asks for it, while what will use it is still loaded.
 *
 * @module
 */

import type { ConnectOptions, Notice } from "../core/database.ts";
import type { Session } from "./session.ts";

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
  readonly #open: (options: ConnectOptions) => Promise<Session>;
  #opening: Opening | undefined;

  /** @param open Opens sessions. */
  constructor(open: (options: ConnectOptions) => Promise<Session>) {
    this.#open = open;
  }

  /**
   * Begins to open a session.
   *
   * @param purpose What it is for, and what it is asked.
   */
  begin(purpose: Purpose): void {
    this.close();
    const said: Notice[] = [];
    let onNotice: (notice: Notice) => void = (notice) => said.push(notice);
    let giveUp = () => {};
    const givenUp = new Promise<void>((resolve) => giveUp = resolve);
    const session = this.#open({ ...purpose, givenUp, onNotice: (notice) => onNotice(notice) });
    session.catch(() => {});
    const hand = (options: ConnectOptions): void => {
      onNotice = options.onNotice ?? (() => {});
      said.forEach(onNotice);
      options.givenUp?.then(giveUp);
    };
    this.#opening = { ...purpose, session, hand, giveUp };
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
