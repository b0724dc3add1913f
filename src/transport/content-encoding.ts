import { brotliDecompressSync, gunzipSync, inflateSync } from "node:zlib";
import { type HttpResponse, MAX_RESPONSE_BYTES } from "./http-message.js";

const DECODERS = { gzip: gunzipSync, "x-gzip": gunzipSync, deflate: inflateSync, br: brotliDecompressSync } as const;

/**
 * Returns the response with its body decoded. Requests ask for no content encoding, but a proxy may compress anyway.
 *
 * A body that decodes to more than {@link MAX_RESPONSE_BYTES} becomes empty and `oversized`. A body that cannot be decoded stays
 * unchanged: the caller then finds no JSON in it and reports that.
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
