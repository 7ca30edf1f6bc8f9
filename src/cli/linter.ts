/**
 * Lints the files of databases.
 *
 * @module
 */

import { orderMigrations } from "../core/graph.ts";
import { Migration } from "../core/migration.ts";
import { unknownMigration } from "../core/plan.ts";
import type { LintFinding, LintReport } from "../lint/finding.ts";
import { fromProblem } from "../lint/format_problem.ts";
import { type Grammar, loadGrammar } from "../lint/grammar.ts";
import { lint } from "../lint/lint.ts";
import { DEFAULT_CONFIG, type LintConfig, readLintConfig } from "../lint/lint_config.ts";
import { parseServerVersion } from "../lint/server_version.ts";
import { SEVERITIES } from "../lint/rule.ts";
import { RULES } from "../lint/rules.ts";
import { documentFields } from "../report/json.ts";
import { formatAnnotations } from "../report/lint_github.ts";
import { sarifLog } from "../report/lint_sarif.ts";
import { countFindings, formatFindings } from "../report/lint_text.ts";
import { findingFields } from "../report/lint_json.ts";
import { loadFiles } from "../runner/load.ts";
import type { CommandContext } from "./command_context.ts";
import type { CommandResult, Outcome } from "./command_result.ts";
import type { LintOptions } from "./commands/lint.ts";
import type { DatabaseJob } from "./database_job.ts";
import { filesAt, textsBefore } from "./files_at.ts";
import { readConfigFile } from "./config_file.ts";
import { type Fixed, fixFiles, type Linted } from "./lint_fixer.ts";
import { PROGRAM, VERSION } from "./product.ts";
import { readRefused } from "./read_refused.ts";
import { wrongUsage } from "./usage_error.ts";

/** What a lint was asked for. */
export interface LintRequest {
  /** The migrations to look at; all if none is named. */
  readonly names: readonly string[];
  /** Its flags. */
  readonly options: LintOptions;
}

const NOTHING_FIXED: Fixed = { written: [], left: [] };

/** Lints the files of databases. */
export class Linter {
  readonly #context: CommandContext;
  readonly #request: LintRequest;
  readonly #reports = new Map<string, LintReport>();
  readonly #config: LintConfig;
  readonly #grammar: Grammar;

  private constructor(context: CommandContext, request: LintRequest, config: LintConfig, grammar: Grammar) {
    this.#context = context;
    this.#request = request;
    this.#config = config;
    this.#grammar = grammar;
  }

  /**
   * Reads the configuration and loads the grammar.
   *
   * @param context Host and flags.
   * @param request What was asked for.
   * @returns The linter.
   * @throws {MigrationError} With code `USAGE` or `CONFIG`.
   */
  static async open(context: CommandContext, request: LintRequest): Promise<Linter> {
    const { options } = request;
    if (options.base !== undefined && context.flags.url !== undefined) throw wrongUsage("Give either --base or --url");
    if (options.format !== "text" && context.output.mode !== "text") throw wrongUsage("Give either --format or --json");
    const isKnown = request.names.length > 0 || options.base !== undefined || context.flags.url !== undefined;
    if (options.fix === true && !isKnown) {
      throw wrongUsage(
        "Cannot tell which files may be rewritten: those that are applied may not",
        "Give --base REF, --url URL, or the names of migrations",
      );
    }
    const file = await readConfigFile(context.host);
    const config = file === undefined ? DEFAULT_CONFIG : readLintConfig(file.value, file.path);
    const server = options.serverVersion === undefined ? config.server : readVersion(options.serverVersion);
    const failOn = options.failOn ?? config.failOn;
    return new Linter(context, request, { ...config, server, failOn }, await loadGrammar(context.host.platform));
  }

  /**
   * Lints one folder.
   *
   * @param job The database whose files are in it.
   * @returns What was found.
   */
  async run(job: DatabaseJob): Promise<Outcome> {
    const isFixing = this.#request.options.fix === true;
    const fixed = isFixing ? await fixFiles(this.#context.host, job.dir, await this.#lint(job)) : NOTHING_FIXED;
    const { report } = await this.#lint(job);
    this.#reports.set(job.db, report);
    const notes = [
      ...fixed.written.map(({ action, path, rules }) =>
        `${action === "created" ? "Created" : "Rewrote"} ${path} (${rules.join(", ")})`
      ),
      ...fixed.left.map(({ path, line, rules, reason }) => `Left ${path}:${line} (${rules.join(", ")}): ${reason}`),
    ];
    const failing = SEVERITIES.slice(0, SEVERITIES.indexOf(this.#config.failOn) + 1);
    const count = `${job.dir}: ${countFindings(report)}`;
    const isText = this.#request.options.format === "text";
    return {
      layout: "block",
      lines: isText
        ? [...formatFindings(report.findings, this.#context.output.resultStyle), count]
        : this.#annotate(report),
      notes: isText ? notes : [...notes, count],
      fields: { findings: report.findings.map(findingFields), files: report.files, ignored: report.ignored, ...fixed },
      verdict: report.findings.some(({ severity }) => failing.includes(severity)) ? "findings" : "done",
    };
  }

  /**
   * Prints what is one document for all databases.
   *
   * @param result What the command came to.
   */
  finish(result: CommandResult): void {
    const { output } = this.#context;
    const print = (value: unknown): void => output.result([JSON.stringify(value, null, 2)]);
    if (this.#request.options.format === "json") print(documentFields({ command: "lint", ...result }));
    if (this.#request.options.format !== "sarif") return;
    const reports = result.databases.flatMap(({ db }) => this.#reports.get(db) ?? []);
    const findings = this.#inRepository(reports.flatMap((report) => report.findings));
    print(sarifLog(findings, { name: PROGRAM, version: VERSION, rules: RULES }));
  }

  #annotate({ findings }: LintReport): readonly string[] {
    return this.#request.options.format === "github" ? formatAnnotations(this.#inRepository(findings)) : [];
  }

  /** GitHub knows files by their paths from the top of the repository, and a step may run in a folder below it. */
  #inRepository(findings: readonly LintFinding[]): readonly LintFinding[] {
    const { env, host } = this.#context;
    const workspace = env("GITHUB_WORKSPACE") ?? "";
    if (workspace === "") return findings;
    const top = `${host.absolutePath(workspace).replace(/\/+$/, "")}/`;
    return findings.map((finding) => {
      const whole = host.absolutePath(finding.path);
      return whole.startsWith(top) ? { ...finding, path: whole.slice(top.length) } : finding;
    });
  }

  async #lint(job: DatabaseJob): Promise<Linted> {
    const reader = this.#context.host.files;
    const files = await loadFiles({ directory: job.dir, reader });
    const { outlines, problems } = files;
    const names = outlines.map(({ name }) => name);
    for (const name of this.#request.names) if (!names.includes(name)) throw unknownMigration(name, names);
    const asked = this.#request.names.length === 0 ? undefined : new Set(this.#request.names);
    const pending = await this.#pending(job, names);
    const only = asked ?? pending;
    // A dependency on a file that cannot be read is no reason to leave out those that depend on it.
    const { order } = orderMigrations([...files.migrations, ...await readRefused(files)], () => true);
    const report = lint({ migrations: order, pending, only, config: this.#config, grammar: this.#grammar });
    const broken = problems.filter(({ severity }) => severity === "error").map(fromProblem)
      .filter(({ name }) => only === undefined || only.has(name) || !names.includes(name));
    // The grammar does not understand what the format has said so of.
    const isTold = ({ rule, path, line, column }: LintFinding) =>
      rule === "syntax-error" &&
      broken.some((told) => told.path === path && told.line === line && told.column === column);
    const edited = await this.#edited(job, files.migrations.filter(({ name }) => asked?.has(name) ?? true));
    const findings = [...broken, ...edited, ...report.findings.filter((finding) => !isTold(finding))];
    return { report: { ...report, findings }, order, pending };
  }

  /** What was there at the commit may be applied: an edit of its statements is then refused. */
  async #edited({ dir }: DatabaseJob, migrations: readonly Migration[]): Promise<readonly LintFinding[]> {
    const { base } = this.#request.options;
    if (base === undefined) return [];
    const texts = await textsBefore(this.#context.host, base, dir);
    const found = migrations.map(async (migration): Promise<readonly LintFinding[]> => {
      const text = texts.get(`${migration.name}.sql`);
      const before = text === undefined
        ? undefined
        : await Migration.parse(`${migration.name}.sql`, text).catch(() => {});
      if (before === undefined || before.tokenChecksum === migration.tokenChecksum) return [];
      return [fromProblem({
        code: "changed",
        severity: "warning",
        message: `"${migration.name}" was edited since ${base}: where it is applied, up refuses it`,
        path: migration.path,
        name: migration.name,
        hint: "Restore the file and put the change into a new migration, unless it is applied nowhere",
      })];
    });
    return (await Promise.all(found)).flat();
  }

  /** Which migrations no database in use has; `undefined` if nobody said how to find out. */
  async #pending(
    { dir, runner, signal }: DatabaseJob,
    names: readonly string[],
  ): Promise<ReadonlySet<string> | undefined> {
    const { flags, host } = this.#context;
    if (flags.url !== undefined) {
      const { pending } = await runner.getStatus({ signal });
      return new Set(pending.map(({ name }) => name));
    }
    if (this.#request.options.base === undefined) return undefined;
    const there = await filesAt(host, this.#request.options.base, dir);
    return new Set(names.filter((name) => !there.has(`${name}.sql`)));
  }
}

function readVersion(text: string) {
  const version = parseServerVersion(text);
  if (version === undefined) throw wrongUsage(`"${text}" is no version of PostgreSQL`, "Write it as in 14 or 16.2");
  return version;
}
