/**
 * The peak memory of a process and its children, as the kernel of Linux keeps it: `VmHWM` in `/proc/PID/status`, the most
 * that was resident at once. It is asked for again and again, for it is gone with the process. Pages that processes share,
 * such as those of a program's file, count for each of them.
 *
 * @module
 */

const INTERVAL_MS = 2;

/** A watch over a process. */
export interface MemoryWatch {
  /** Ends it; the most that the process and those of its children that lived at one time came to, in MB (10⁶ bytes). */
  stop(): number | undefined;
}

/** Whether this system tells. */
export function canWatchMemory(): boolean {
  return peakOf(Deno.pid) !== undefined;
}

/**
 * Watches a process.
 *
 * @param pid Its number.
 * @returns The watch.
 */
export function watchMemory(pid: number): MemoryWatch {
  let most = 0;
  const look = () => {
    const sum = treeOf(pid).reduce((total, one) => total + (peakOf(one) ?? 0), 0);
    most = Math.max(most, sum);
  };
  look();
  const timer = setInterval(look, INTERVAL_MS);
  return {
    stop() {
      clearInterval(timer);
      return most === 0 ? undefined : most * 1_024 / 1e6;
    },
  };
}

/** A process and all that it started. */
function treeOf(pid: number): readonly number[] {
  const children: number[] = [];
  try {
    for (const { name } of Deno.readDirSync(`/proc/${pid}/task`)) {
      const text = Deno.readTextFileSync(`/proc/${pid}/task/${name}/children`);
      children.push(...text.split(" ").filter(Boolean).map(Number));
    }
  } catch {
    // It has ended.
  }
  return [pid, ...children.flatMap(treeOf)];
}

/** Its peak in units of 1,024 bytes. */
function peakOf(pid: number): number | undefined {
  try {
    const text = Deno.readTextFileSync(`/proc/${pid}/status`);
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(text)?.[1] ?? Number.NaN) || undefined;
  } catch {
    return undefined;
  }
}
