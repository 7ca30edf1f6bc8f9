// @ts-check
// Runs when the bundle is built: what is exported here goes into it, the text of each migration by its path.

import { readdir, readFile } from "node:fs/promises";

const folder = "migrations/default";
const names = (await readdir(folder)).filter((name) => name.endsWith(".sql")).sort();
const paths = names.map((name) => `${folder}/${name}`);

/** @type {Record<string, string>} */
const files = Object.fromEntries(await Promise.all(paths.map(async (path) => [path, await readFile(path, "utf8")])));

export default files;
