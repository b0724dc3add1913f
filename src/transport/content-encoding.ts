import { brotliDecompressSync, gunzipSync, inflateSync } from "node:zlib";
import { type HttpResponse, MAX_RESPONSE_BYTES } from "./http-message.js";

const DECODERS = { gzip: gunzipSync, "x-gzip": gunzipSync, deflate: inflateSync, br: brotliDecompressSync } as const;

/**
 * The response with its content encoding undone. Requests ask for none, but a proxy may compress all the same.
 *
 * A body that can not be decoded stays as it is: whoever reads it finds no JSON in it, and says so.
 */
export function withoutContentEncoding(response: HttpResponse): HttpResponse {
  const decode = findDecoder(response.headers.get("content-encoding"));
  if (decode === undefined || response.oversized) return response;
  try {
    return { ...response, body: decode(response.body, { maxOutputLength: MAX_RESPONSE_BYTES }) };
  } catch (error) {
    const oversized = (error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE";
    return oversized ? { ...response, body: new Uint8Array(), oversized } : response;
  }
}

function findDecoder(encoding: string | undefined) {
  const name = encoding?.trim().toLowerCase();
  return name !== undefined && Object.hasOwn(DECODERS, name) ? DECODERS[name as keyof typeof DECODERS] : undefined;
}
