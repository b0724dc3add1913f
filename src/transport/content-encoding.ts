import { brotliDecompressSync, inflateRawSync, unzipSync } from "node:zlib";
import { type HttpResponse, MAX_RESPONSE_BYTES } from "./http-message.js";

/** The maximum number of encodings, one within another. undici's `fetch` has the same limit. */
const MOST_CODINGS = 5;

/**
 * Returns the response with its body decoded. Requests ask for no content encoding, but proxies may compress anyway, one after
 * another.
 *
 * A body that decodes to more than {@link MAX_RESPONSE_BYTES} becomes empty and `oversized`. A body that cannot be decoded stays
 * unchanged: the caller then finds no JSON in it and reports that.
 */
export function withoutContentEncoding(response: HttpResponse): HttpResponse {
  const codings = response.headers.get("content-encoding")?.toLowerCase().split(",");
  if (codings === undefined || codings.length > MOST_CODINGS || response.oversized) return response;
  try {
    return { ...response, body: codings.reduceRight(decode, response.body) };
  } catch (error) {
    const oversized = (error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE";
    return oversized ? { ...response, body: new Uint8Array(), oversized } : response;
  }
}

/** @throws {Error} if the body cannot be decoded, or becomes too large. */
function decode(body: Uint8Array, coding: string): Uint8Array {
  const options = { maxOutputLength: MAX_RESPONSE_BYTES };
  const name = coding.trim();
  if (name === "br") return brotliDecompressSync(body, options);
  if (!/^((x-)?gzip|deflate)$/.test(name)) throw new TypeError(name);
  // Some servers omit the header of `deflate`, whose first byte has an 8 in its lower half. `fetch` accepts both, too.
  const isRaw = name === "deflate" && (body[0] ?? 0) % 16 !== 8;
  return (isRaw ? inflateRawSync : unzipSync)(body, options);
}
