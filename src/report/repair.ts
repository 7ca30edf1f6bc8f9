/**
 * What a repair changes, in words.
 *
 * @module
 */

/** One change of the history. */
export type RepairStep =
  | { readonly type: "accept"; readonly name: string; readonly oldChecksum: string; readonly newChecksum: string }
  | { readonly type: "rename"; readonly name: string; readonly newName: string }
  | { readonly type: "forget"; readonly name: string }
  | { readonly type: "unit-done" | "unit-again"; readonly name: string; readonly unit: number };

/**
 * Says what a repair changes.
 *
 * @param step The change.
 * @returns One line.
 */
export function describeRepair(step: RepairStep): string {
  switch (step.type) {
    case "accept":
      return `accept ${step.name} as its file is: checksum ${step.oldChecksum.slice(0, 12)} becomes ${
        step.newChecksum.slice(0, 12)
      }`;
    case "rename":
      return `rename ${step.name} to ${step.newName}`;
    case "forget":
      return `forget ${step.name}: its row is deleted, what it did to the database stays`;
    case "unit-done":
      return `count unit ${step.unit} of ${step.name} as done`;
    case "unit-again":
      return `run unit ${step.unit} of ${step.name} again`;
  }
}
