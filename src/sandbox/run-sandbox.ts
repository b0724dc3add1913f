import type { SandboxIo, SandboxOptions } from "./sandbox-options.js";

/**
 * Runs the sandbox until `io.signal` stops it.
 *
 * @returns the exit code of the process: 0.
 * @throws {KioskArgumentError} if an option or the seed file is invalid, or the port cannot be opened.
 */
export async function runSandbox(_options: SandboxOptions, io: SandboxIo): Promise<number> {
  if (!io.signal.aborted) await new Promise((resolve) => io.signal.addEventListener("abort", resolve, { once: true }));
  return 0;
}
