import type { WriteOutcome } from "../response/attempt-outcome.js";
import type { Redact } from "../response/redact.js";
import { printableHeader } from "../response/response-context.js";
import { elapsedMs, type Instant } from "../time/clock.js";
import type { HttpResponse } from "../transport/http-message.js";
import type { Call, CallRequest } from "./call.js";
import { type Exchange, notifyExchange } from "./exchange.js";

/** What the requests of an attempt are for, as reported to `onExchange`. */
export type Purpose = "call" | "reconcile";

/** An attempt that has sent its request. */
export interface SentAttempt {
  readonly request: CallRequest;
  readonly purpose: Purpose;
  /** The number of the attempt within its call, from 1. */
  readonly attempt: number;
  /** When the request was handed to the transport. */
  readonly startedAt: Instant;
}

/** How an attempt ended. */
export interface AttemptEnd {
  /** When the attempt ended. */
  readonly endedAt: Instant;
  /** What the attempt means, or `aborted` if the caller's signal ended it. */
  readonly outcome: WriteOutcome<unknown> | "aborted";
  /** The response, if there was a complete one. */
  readonly response?: HttpResponse | undefined;
  /** The wait before the next attempt, in milliseconds. */
  readonly retryInMs?: number | undefined;
}

/** Reports an attempt to `onExchange`. */
export function reportAttempt(call: Call, sent: SentAttempt, end: AttemptEnd, redact: Redact): void {
  const { operation, correlationId, kioskId, onExchange } = call;
  const { request, purpose, attempt, startedAt } = sent;
  const { method, route } = request;
  const durationMs = elapsedMs(startedAt, end.endedAt);
  const exchange: { -readonly [Key in keyof Exchange]: Exchange[Key] } = {
    operation,
    purpose,
    method,
    route,
    attempt,
    durationMs,
    correlationId,
  };
  if (kioskId !== undefined) exchange.kioskId = kioskId;
  const { response, retryInMs } = end;
  const error = findErrorCode(call, end.outcome);
  const traceId = response === undefined ? null : printableHeader(response, "x-trace-id", redact);
  if (response !== undefined) exchange.httpStatus = response.status;
  if (error !== undefined) exchange.error = error;
  if (traceId !== null) exchange.traceId = traceId;
  if (retryInMs !== undefined) exchange.retryInMs = retryInMs;
  notifyExchange(onExchange, exchange);
}

function findErrorCode(call: Call, outcome: AttemptEnd["outcome"]): Exchange["error"] {
  if (outcome === "aborted") return "ABORTED";
  if (outcome.kind === "done" || outcome.kind === "refused") return undefined;
  const { operation, correlationId } = call;
  const { code } = outcome.error({ operation, correlationId, mayHaveTakenEffect: false, productionAfter: undefined });
  return code as NonNullable<Exchange["error"]>;
}
