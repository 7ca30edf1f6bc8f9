/**
 * Whether JSR can be reached from this machine.
 *
 * @module
 */

/** Carries the answer to child processes, so that a task asks once. */
const ANSWER = "METAPG_JSR";

const PROBE = "jsr:@std/assert@^1";
const PROBE_TIMEOUT_MS = 2_000;

/**
 * Whether JSR answers, asked once per task: where it does not, that is said in one line on standard error.
 *
 * @param say Whether it is said `always`, only to a person at a `terminal`, or `never`, for the caller has more to say.
 */
export async function isJsrReachable(say: "always" | "terminal" | "never" = "always"): Promise<boolean> {
  const known = Deno.env.get(ANSWER);
  if (known !== undefined) return known === "yes";
  const reachable = await probe();
  Deno.env.set(ANSWER, reachable ? "yes" : "no");
  if (!reachable && (say === "always" || (say === "terminal" && Deno.stderr.isTerminal()))) {
    console.error("JSR does not answer: @std comes from npm:deno-std, untyped");
  }
  return reachable;
}

async function probe(): Promise<boolean> {
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--no-config", "--no-lock", PROBE],
    stdin: "null",
    stdout: "null",
    stderr: "null",
    signal: AbortSignal.timeout(PROBE_TIMEOUT_MS),
  }).output();
  return success;
}
