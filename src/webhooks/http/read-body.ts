import { KioskArgumentError } from "../../errors/argument-error.js";
import { BodyBuffer } from "./body-buffer.js";
import type { WebRequest } from "./web-types.js";

/**
 * Reads the body of a request, at most up to the limit whatever `Content-Length` says.
 *
 * @returns `undefined` if it is above the limit; the rest is then not read.
 * @throws {KioskArgumentError} if something has read it before. What the stream fails with is thrown as it is.
 */
export async function readBody(request: WebRequest, limit: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
  if (request.bodyUsed) {
    throw new KioskArgumentError(
      "request",
      "has a body that was read before: give the handler the request first, or a clone of it",
    );
  }
  const body = new BodyBuffer(limit);
  const reader = request.body?.getReader();
  for (let chunk = await reader?.read(); chunk?.done === false; chunk = await reader?.read()) {
    if (body.append(chunk.value)) continue;
    reader?.cancel().catch(() => {});
    return undefined;
  }
  return body.bytes();
}
