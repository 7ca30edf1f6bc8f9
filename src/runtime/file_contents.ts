/**
 * The contents of many small files, one after the other.
 *
 * @module
 */

import { readFile, readFileSync } from "node:fs";
import type { Eventually } from "../core/eventually.ts";
import { deno } from "./deno.ts";
import { fileError } from "./disk.ts";

/**
 * How long the event loop is kept from what else waits: a connection that is being made, which takes ten turns of it, in a
 * server its requests.
 */
const TURN_MS = 0.5;

/** What a file may take on average before threads are asked for the others, of which several then read at once. */
const NEAR_MS = 0.1;

/** What the first files may take together beside that, for the code that reads them is new. */
const START_MS = 5;

/**
 * Reads files. A file that the system has in memory is read in 0.01 ms; by threads it takes five times as long, most of
 * it in the event loop. So files are read in place for as long as they are that near.
 *
 * @returns What reads a file, to be used for files of one folder.
 */
export function fileContents(): (path: string) => Eventually<Uint8Array> {
  let allowedMs = START_MS;
  let turnStart = performance.now();
  let lastEnd = turnStart;
  let turn: Promise<void> | undefined;
  const startTurn = () => {
    turn = undefined;
    turnStart = lastEnd = performance.now();
  };
  const readHere = (path: string): Eventually<Uint8Array> => {
    if (allowedMs < 0) return readBeside(path);
    const start = performance.now();
    try {
      const content = readNow(path);
      lastEnd = performance.now();
      allowedMs += NEAR_MS - (lastEnd - start);
      return content;
    } catch (error) {
      return Promise.reject(fileError("read", path, error));
    }
  };
  return (path) => {
    if (turn === undefined && lastEnd - turnStart < TURN_MS) return readHere(path);
    turn ??= endOfTurn().then(startTurn);
    return turn.then(() => readHere(path));
  };
}

/** Deno's own function takes two thirds of the time of what it has of Node.js. */
const readNow: (path: string) => Uint8Array = deno?.readFileSync ?? readFileSync;

const NOTHING = new Uint8Array();

/**
 * Lets what else waits have its turn. As long as anything is ready at once, Deno looks at its sockets every 61st time only; a
 * task of another thread makes it wait, and look.
 */
async function endOfTurn(): Promise<void> {
  if (deno !== undefined) await crypto.subtle.digest("SHA-256", NOTHING);
  else await new Promise((resolve) => setImmediate(resolve));
}

/** The function with a callback reads small files several times faster than the one with a promise. */
function readBeside(path: string): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    readFile(path, (error, content) => error === null ? resolve(content) : reject(fileError("read", path, error)));
  });
}
