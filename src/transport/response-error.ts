import { type HeaderFields, headerMap } from "./header-map.js";
import { type HttpResponse, MAX_RESPONSE_BYTES } from "./http-message.js";

/**
 * Returns the response in an error of undici's `responseError` interceptor, which turns every status from 400 on into an error.
 * Returns `undefined` for any other error, including one that cannot be read.
 */
export function findResponse(error: unknown): HttpResponse | undefined {
  try {
    return toHttpResponse(error);
  } catch {
    return undefined;
  }
}

function toHttpResponse(error: unknown): HttpResponse | undefined {
  const { code, statusCode, headers, body } = (error ?? {}) as {
    code?: unknown;
    statusCode: number;
    headers?: HeaderFields;
    body?: unknown;
  };
  if (code !== "UND_ERR_RESPONSE" || !Number.isInteger(statusCode)) return undefined;
  const bytes = Buffer.from(typeof body === "string" ? body : JSON.stringify(body ?? ""));
  return {
    status: statusCode,
    headers: headerMap(headers ?? {}),
    body: bytes.subarray(0, MAX_RESPONSE_BYTES),
    oversized: bytes.byteLength > MAX_RESPONSE_BYTES,
  };
}
