/**
 * Two texts, line by line.
 *
 * @module
 */

/** A line of one text, of the other, or of both. */
export interface DifferentLine {
  /** `-` for one of the first text alone, `+` for one of the second. */
  readonly mark: "-" | "+" | " ";
  /** The line. */
  readonly text: string;
}

/** Texts with more lines than this in between are shown as a whole: the table below grows with their product. */
const MOST_LINES = 2_000;

/**
 * Compares two texts by their lines, with as few of them different as possible.
 *
 * @param before The first text.
 * @param after The second.
 * @param around How many equal lines are kept around different ones.
 * @returns The lines, in order; what is left out is a line `…`.
 */
export function compareLines(before: string, after: string, around = 2): readonly DifferentLine[] {
  const [old, young] = [before.split("\n"), after.split("\n")];
  let start = 0;
  while (start < old.length && start < young.length && old[start] === young[start]) start++;
  let [oldEnd, youngEnd] = [old.length, young.length];
  while (oldEnd > start && youngEnd > start && old[oldEnd - 1] === young[youngEnd - 1]) oldEnd--, youngEnd--;
  const equal = (text: string): DifferentLine => ({ mark: " ", text });
  return shorten([
    ...old.slice(0, start).map(equal),
    ...compareMiddle(old.slice(start, oldEnd), young.slice(start, youngEnd)),
    ...old.slice(oldEnd).map(equal),
  ], around);
}

function compareMiddle(old: readonly string[], young: readonly string[]): readonly DifferentLine[] {
  const removed = (text: string): DifferentLine => ({ mark: "-", text });
  const added = (text: string): DifferentLine => ({ mark: "+", text });
  if (old.length + young.length > MOST_LINES) return [...old.map(removed), ...young.map(added)];
  const common = commonLengths(old, young);
  const lines: DifferentLine[] = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < young.length) {
    if (i < old.length && j < young.length && old[i] === young[j]) {
      lines.push({ mark: " ", text: old[i]! });
      i++;
      j++;
    } else if (j === young.length || (i < old.length && common[i + 1]![j]! >= common[i]![j + 1]!)) {
      lines.push(removed(old[i++]!));
    } else {
      lines.push(added(young[j++]!));
    }
  }
  return lines;
}

/** How many lines the rests from line `i` of one text and line `j` of the other have in common at most. */
function commonLengths(old: readonly string[], young: readonly string[]): readonly (readonly number[])[] {
  const lengths = Array.from({ length: old.length + 1 }, () => new Array<number>(young.length + 1).fill(0));
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = young.length - 1; j >= 0; j--) {
      lengths[i]![j] = old[i] === young[j]
        ? lengths[i + 1]![j + 1]! + 1
        : Math.max(lengths[i + 1]![j]!, lengths[i]![j + 1]!);
    }
  }
  return lengths;
}

function shorten(lines: readonly DifferentLine[], around: number): readonly DifferentLine[] {
  const near = lines.map((_, index) =>
    lines.slice(Math.max(0, index - around), index + around + 1).some(({ mark }) => mark !== " ")
  );
  return lines.flatMap((line, index): DifferentLine[] => {
    if (near[index]) return [line];
    return index === 0 || near[index - 1] ? [{ mark: " ", text: "…" }] : [];
  });
}
