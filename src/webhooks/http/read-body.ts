import { KioskArgumentError } from "../../errors/argument-error.js";
import { BodyBuffer } from "./body-buffer.js";
import type { WebRequest } from "./web-types.js";

/**
 * Reads the body of a request, up to the limit, whatever `Content-Length` says.
 *
 * @param limit the maximum length of the body, in bytes.
 * @returns the bytes, or `undefined` if the body is above the limit; the rest is then not read.
 * @throws {KioskArgumentError} if something has read the body before.
 * @throws the error of the stream, unchanged.
 */
export async function readBody(request: WebRequest, limit: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
  if (request.bodyUsed) {
    throw new KioskArgumentError(
      "request",
      "has a body that was read before: pass the request to the handler first, or pass a clone",
    );
  }
  const body = new BodyBuffer(limit);
  // Some polyfills have a body of another kind, or none.
  if (!request.body?.getReader) return body.append(await request.arrayBuffer()) ? body.bytes() : undefined;
  const reader = request.body.getReader();
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
    if (body.append(chunk.value)) continue;
    reader.cancel().catch(() => {});
    return undefined;
  }
  return body.bytes();
}
