/**
 * Line coverage, read from a report in the LCOV format.
 *
 * @module
 */

/** How many lines of a file can run and how many did. */
export interface FileCoverage {
  /** Path of the file, as the report has it. */
  readonly path: string;
  /** Lines that can run. */
  readonly lines: number;
  /** Lines that did. */
  readonly hit: number;
}

/** The files of a report. */
export function parseLcov(report: string): readonly FileCoverage[] {
  return report.split("end_of_record").filter((record) => record.includes("SF:")).map((record) => ({
    path: /^SF:(.*)$/m.exec(record)?.[1] ?? "",
    lines: Number(/^LF:(\d+)$/m.exec(record)?.[1] ?? 0),
    hit: Number(/^LH:(\d+)$/m.exec(record)?.[1] ?? 0),
  }));
}

/** Share of the lines that ran, in percent; 100 where no line can. */
export function percentage(files: readonly FileCoverage[]): number {
  const lines = files.reduce((total, file) => total + file.lines, 0);
  const hit = files.reduce((total, file) => total + file.hit, 0);
  return lines === 0 ? 100 : 100 * hit / lines;
}
