import { version } from "../../package.json";
import type { HttpRequest } from "./http-message.js";

const USER_AGENT = `wise-card-kiosk/${version}`;

/** The values in which the headers of requests differ. */
export interface HeaderValues {
  readonly method: HttpRequest["method"];
  /** The value of `Authorization`. */
  readonly authorization: string;
  /** The value of `X-External-Correlation-Id`. */
  readonly correlationId: string;
  /** The value of `Content-Type`; `undefined` for a request without a body. */
  readonly contentType?: string | undefined;
}

/** Returns the header fields of a request. A read must bypass caches: its result decides what is sent next. */
export function requestHeaders(values: HeaderValues): Record<string, string> {
  const { method, authorization, correlationId, contentType } = values;
  const headers: Record<string, string> = {
    Authorization: authorization,
    Accept: "application/json",
    "Accept-Encoding": "identity",
    "User-Agent": USER_AGENT,
    "X-External-Correlation-Id": correlationId,
  };
  if (method === "GET") headers["Cache-Control"] = "no-cache";
  if (contentType !== undefined) headers["Content-Type"] = contentType;
  return headers;
}
