import { brotliDecompressSync, gunzipSync, inflateSync } from "node:zlib";
import { type HttpResponse, MAX_RESPONSE_BYTES } from "./http-message.js";

type Decode = (body: Uint8Array, options: { maxOutputLength: number }) => Uint8Array;

const DECODERS: ReadonlyMap<unknown, Decode> = new Map<unknown, Decode>([
  ["gzip", gunzipSync],
  ["x-gzip", gunzipSync],
  ["deflate", inflateSync],
  ["br", brotliDecompressSync],
]);

/**
 * Returns the response with its body decoded. Requests ask for no content encoding, but a proxy may compress anyway.
 *
 * A body that decodes to more than {@link MAX_RESPONSE_BYTES} becomes empty and `oversized`. A body that cannot be decoded stays
 * unchanged: the caller then finds no JSON in it and reports that.
 */
export function withoutContentEncoding(response: HttpResponse): HttpResponse {
  const decode = DECODERS.get(response.headers.get("content-encoding")?.trim().toLowerCase());
  if (decode === undefined || response.oversized) return response;
  try {
    return { ...response, body: decode(response.body, { maxOutputLength: MAX_RESPONSE_BYTES }) };
  } catch (error) {
    const oversized = (error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE";
    return oversized ? { ...response, body: new Uint8Array(), oversized } : response;
  }
}
