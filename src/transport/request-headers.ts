import { version } from "../../package.json";
import type { HttpRequest } from "./http-message.js";

/** What differs between the header fields of requests. */
export interface HeaderValues {
  readonly method: HttpRequest["method"];
  readonly authorization: string;
  readonly correlationId: string;
  /** For a request with a body. */
  readonly contentType?: string | undefined;
}

/** Returns the header fields of a request. A read must not come from a cache on the way: what it shows decides what is sent. */
export function requestHeaders(values: HeaderValues): Record<string, string> {
  const { method, authorization, correlationId, contentType } = values;
  return {
    Authorization: authorization,
    Accept: "application/json",
    "Accept-Encoding": "identity",
    ...(method === "GET" ? { "Cache-Control": "no-cache" } : {}),
    ...(contentType === undefined ? {} : { "Content-Type": contentType }),
    "User-Agent": `wise-card-kiosk/${version}`,
    "X-External-Correlation-Id": correlationId,
  };
}
