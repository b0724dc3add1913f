import { readFile, stat } from "node:fs/promises";
import { addAbortSignal, type Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { KioskArgumentError } from "../../errors/argument-error.js";
import { untilAborted } from "../../time/wait.js";
import type { ProgramIo } from "../definition/program-io.js";
import { openPipe } from "./open-pipe.js";

/**
 * Reads a file or a named pipe, or the standard input if the path is `-`.
 *
 * @param argument the option or parameter that names the file, for the error. The error does not quote the path, because people
 * pass a token by mistake instead of the file that holds it.
 * @throws {KioskArgumentError} if it cannot be read.
 * @throws the reason of the signal, as soon as it aborts.
 */
export async function readInput(argument: string, path: string, { stdin, signal }: ProgramIo): Promise<Buffer> {
  try {
    const content = path === "-" ? readStream(stdin, signal) : readPath(path, signal);
    return await Promise.race([content, untilAborted(signal)]);
  } catch (error) {
    signal.throwIfAborted();
    const { code } = error as NodeJS.ErrnoException;
    throw new KioskArgumentError(argument, `must name a file that can be read (${code})`);
  }
}

async function readPath(path: string, signal: AbortSignal): Promise<Buffer> {
  return (await stat(path)).isFIFO() ? readStream(await openPipe(path), signal) : readFile(path, { signal });
}

function readStream(stream: Readable, signal: AbortSignal): Promise<Buffer> {
  return buffer(addAbortSignal(signal, stream));
}
