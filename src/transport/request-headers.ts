import { version } from "../../package.json";

/** What differs between the header fields of requests. */
export interface HeaderValues {
  readonly authorization: string;
  readonly correlationId: string;
  /** For a request with a body. */
  readonly contentType?: string | undefined;
}

/** The header fields of a request. */
export function requestHeaders({ authorization, correlationId, contentType }: HeaderValues): Record<string, string> {
  return {
    Authorization: authorization,
    Accept: "application/json",
    "Accept-Encoding": "identity",
    ...(contentType === undefined ? {} : { "Content-Type": contentType }),
    "User-Agent": `wise-card-kiosk/${version}`,
    "X-External-Correlation-Id": correlationId,
  };
}
