import { type HeaderFields, headerMap } from "./header-map.js";
import { type HttpResponse, MAX_BODY_BYTES } from "./http-message.js";

/**
 * The response in an error of undici's `responseError` interceptor, which makes one of every status from 400 on: it is an
 * answer all the same. `undefined` for any other error.
 */
export function responseIn(error: unknown): HttpResponse | undefined {
  const { code, statusCode, headers, body } = (error ?? {}) as {
    code?: unknown;
    statusCode?: unknown;
    headers?: HeaderFields;
    body?: unknown;
  };
  if (code !== "UND_ERR_RESPONSE" || typeof statusCode !== "number") return undefined;
  const bytes = Buffer.from(typeof body === "string" ? body : JSON.stringify(body ?? ""));
  return {
    status: statusCode,
    headers: headerMap(headers ?? {}),
    body: bytes.subarray(0, MAX_BODY_BYTES),
    oversized: bytes.byteLength > MAX_BODY_BYTES,
  };
}
