import { version } from "../../package.json";

/** The header fields of a request. */
export function requestHeaders(token: string, correlationId: string, hasBody: boolean): Record<string, string> {
  return {
    Authorization: `Bearer ${token}`,
    Accept: "application/json",
    "Accept-Encoding": "identity",
    ...(hasBody ? { "Content-Type": "application/json" } : {}),
    "User-Agent": `wise-card-kiosk/${version}`,
    "X-External-Correlation-Id": correlationId,
  };
}
