import type { ProgramIo } from "../definition/program-io.js";

/**
 * Returns the value of an environment variable without the whitespace around it, such as the end of a line from Windows. Returns
 * `undefined` if nothing remains: a variable that is set to nothing is not set.
 */
export function readVariable(name: string, env: ProgramIo["env"]): string | undefined {
  return env[name]?.trim() || undefined;
}
