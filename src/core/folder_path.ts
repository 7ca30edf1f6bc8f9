/**
 * Paths of what is in a folder.
 *
 * @module
 */

/**
 * Joins a folder and what is in it by `/`, which every system reads.
 *
 * @param folder The folder as it was given, perhaps with separators at its end, those of Windows included.
 * @param name Path below it.
 * @returns The path, with one `/` between them.
 */
export function inFolder(folder: string, name: string): string {
  return `${folder.replace(/[/\\]+$/, "")}/${name}`;
}
