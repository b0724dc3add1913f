import { constants, open } from "node:fs";
import { Socket } from "node:net";
import type { Readable } from "node:stream";
import { promisify } from "node:util";

/**
 * Opens a named pipe to read. If it were read as a file, the read would occupy a thread until the writer ends, and the process
 * could not end before. A socket closes the pipe as soon as it is destroyed.
 */
export async function openPipe(path: string): Promise<Readable> {
  const fd = await promisify(open)(path, constants.O_RDONLY | constants.O_NONBLOCK);
  return new Socket({ fd, readable: true, writable: false });
}
