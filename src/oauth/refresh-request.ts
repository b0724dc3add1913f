import { notifyExchange, type OnExchange } from "../calls/exchange.js";
import { isKioskError } from "../errors/any-kiosk-error.js";
import type { BaseUrl } from "../options/base-url.js";
import { createRedactor, type Redact } from "../response/redact.js";
import { printableHeader } from "../response/response-context.js";
import { type TimeLimited, withTimeout } from "../time/time-limit.js";
import type { Transport, TransportResult } from "../transport/http-message.js";
import { requestHeaders } from "../transport/request-headers.js";
import { parseRefreshResponse } from "./parse-refresh-response.js";
import type { RefreshedToken } from "./refreshed-token.js";

const ROUTE = "/oauth/token";
const OPERATION = "refreshToken";

/** Settings for token refresh requests. */
export interface RefreshSettings {
  /** Where the request goes. */
  readonly baseUrl: BaseUrl;
  /** Sends the request. */
  readonly transport: Transport;
  /** The client ID that Wise issued, without a colon. */
  readonly clientId: string;
  /** The client secret that Wise issued. */
  readonly clientSecret: string;
  /** The limit for the request, in milliseconds. */
  readonly timeoutMs: number;
  /** Called after the request. */
  readonly onExchange: OnExchange | undefined;
}

/**
 * Exchanges a refresh token for new tokens, with one request.
 *
 * @throws {KioskError} if the refresh fails: see {@link parseRefreshResponse}.
 * @throws {KioskArgumentError} if the transport cannot be used.
 * @see https://docs.wise.com/guides/developer/auth-and-security/refresh-tokens
 */
export async function requestRefresh(settings: RefreshSettings, refreshToken: string): Promise<RefreshedToken> {
  const { baseUrl, transport, clientId, clientSecret, timeoutMs, onExchange } = settings;
  const credentials = Buffer.from(`${clientId}:${clientSecret}`).toString("base64");
  const correlationId = crypto.randomUUID();
  const contentType = "application/x-www-form-urlencoded";
  const headers = requestHeaders({ method: "POST", authorization: `Basic ${credentials}`, correlationId, contentType });
  const body = new URLSearchParams({ grant_type: "refresh_token", refresh_token: refreshToken }).toString();
  const request = { method: "POST", origin: baseUrl.origin, path: baseUrl.prefix + ROUTE, headers, body } as const;

  const redact = createRedactor([clientSecret, credentials, refreshToken]);
  const startedAt = performance.now();
  let hasStarted = false;
  const onStart = () => {
    hasStarted = true;
  };
  const limited = await withTimeout({ timeoutMs }, (signal) => transport(request, signal, onStart));
  const exchange = {
    operation: OPERATION,
    purpose: "refresh",
    method: request.method,
    route: ROUTE,
    attempt: 1,
    correlationId,
    durationMs: performance.now() - startedAt,
    ...responseFacts(limited, redact),
  } as const;
  try {
    const refreshed = parseRefreshResponse(limited, hasStarted, refreshToken, {
      operation: OPERATION,
      correlationId,
      redact,
    });
    notifyExchange(onExchange, exchange);
    return refreshed;
  } catch (error) {
    notifyExchange(onExchange, isKioskError(error) ? { ...exchange, error: error.code } : exchange);
    throw error;
  }
}

function responseFacts(
  limited: TimeLimited<TransportResult>,
  redact: Redact,
): { httpStatus?: number; traceId?: string } {
  if (limited.kind !== "finished" || limited.value.kind !== "responded") return {};
  const { response } = limited.value;
  const traceId = printableHeader(response, "x-trace-id", redact);
  return { httpStatus: response.status, ...(traceId === null ? {} : { traceId }) };
}
