import { readFile } from "node:fs/promises";
import { addAbortSignal } from "node:stream";
import { buffer } from "node:stream/consumers";
import { KioskArgumentError } from "../../errors/argument-error.js";
import type { ProgramIo } from "../definition/program-io.js";

/**
 * Reads a file, or the standard input if the path is `-`.
 *
 * @param argument the option or parameter that names the file, for the error. The error does not quote the path, because people
 * pass a token by mistake instead of the file that holds it.
 * @throws {KioskArgumentError} if it cannot be read.
 */
export async function readInput(argument: string, path: string, { stdin, signal }: ProgramIo): Promise<Buffer> {
  try {
    return path === "-" ? await buffer(addAbortSignal(signal, stdin)) : await readFile(path, { signal });
  } catch (error) {
    signal.throwIfAborted();
    const { code } = error as NodeJS.ErrnoException;
    throw new KioskArgumentError(argument, `must name a file that can be read (${code})`);
  }
}
