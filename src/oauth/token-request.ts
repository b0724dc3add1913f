import { notifyExchange, type OnExchange } from "../calls/exchange.js";
import { isKioskError } from "../errors/any-kiosk-error.js";
import type { BaseUrl } from "../options/base-url.js";
import { createRedactor, type Redact } from "../response/redact.js";
import { printableHeader } from "../response/response-context.js";
import { type TimeLimited, withTimeout } from "../time/time-limit.js";
import type { Transport, TransportResult } from "../transport/http-message.js";
import { requestHeaders } from "../transport/request-headers.js";
import { parseTokenResponse } from "./parse-token-response.js";
import type { ReceivedToken } from "./received-token.js";

const ROUTE = "/oauth/token";

/** Settings for requests to the token endpoint. */
export interface TokenRequestSettings {
  /** Where the request goes. */
  readonly baseUrl: BaseUrl;
  /** Sends the request. */
  readonly transport: Transport;
  /** The client id that Wise issued, without a colon. */
  readonly clientId: string;
  /** The client secret that Wise issued. */
  readonly clientSecret: string;
  /** The limit for the request, in milliseconds. */
  readonly timeoutMs: number;
  /** Called after the request. */
  readonly onExchange: OnExchange | undefined;
}

/** What is requested of the token endpoint. */
export interface TokenGrant {
  /** The name of the request, for errors and `onExchange`. */
  readonly operation: "refreshToken" | "requestToken";
  /** The fields of the form that is sent. */
  readonly form: Readonly<Record<string, string>>;
  /** The values in the form that are secret. */
  readonly secrets: readonly string[];
}

/** How a request is one of several. */
export interface TokenAttempt {
  /** Its number, from 1. */
  readonly attempt: number;
  readonly correlationId: string;
  /** Returns the wait before the next request after an error, in milliseconds; `undefined` if no other one follows. */
  readonly waitAfter: (error: unknown) => number | undefined;
}

/**
 * Requests tokens, with one request.
 *
 * @throws {KioskError} if the request fails: see {@link parseTokenResponse}.
 * @throws {KioskArgumentError} if the transport cannot be used.
 * @see https://docs.wise.com/guides/developer/auth-and-security
 */
export async function requestTokens(
  settings: TokenRequestSettings,
  { operation, form, secrets }: TokenGrant,
  { attempt, correlationId, waitAfter }: TokenAttempt,
): Promise<ReceivedToken> {
  const { baseUrl, transport, clientId, clientSecret, timeoutMs, onExchange } = settings;
  const credentials = Buffer.from(`${clientId}:${clientSecret}`).toString("base64");
  const contentType = "application/x-www-form-urlencoded";
  const headers = requestHeaders({ method: "POST", authorization: `Basic ${credentials}`, correlationId, contentType });
  const body = new URLSearchParams(form).toString();
  const request = { method: "POST", origin: baseUrl.origin, path: baseUrl.prefix + ROUTE, headers, body } as const;

  const redact = createRedactor([clientSecret, credentials, ...secrets]);
  const startedAt = performance.now();
  let hasStarted = false;
  const onStart = () => {
    hasStarted = true;
  };
  const limited = await withTimeout({ timeoutMs }, (signal) => transport(request, signal, onStart));
  const exchange = {
    operation,
    purpose: "refresh",
    method: request.method,
    route: ROUTE,
    attempt,
    correlationId,
    durationMs: performance.now() - startedAt,
    ...responseFacts(limited, redact),
  } as const;
  try {
    const tokens = parseTokenResponse(limited, hasStarted, { operation, correlationId, redact });
    notifyExchange(onExchange, exchange);
    return tokens;
  } catch (error) {
    const retryInMs = waitAfter(error);
    notifyExchange(onExchange, {
      ...exchange,
      ...(isKioskError(error) ? { error: error.code } : {}),
      ...(retryInMs === undefined ? {} : { retryInMs }),
    });
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
