import type { ErrorFactory, FailedAttempt, WriteOutcome } from "../response/attempt-outcome.js";
import { classifyFailure, createTimeoutError } from "../response/classify-failure.js";
import { createRedactor, type Redact } from "../response/redact.js";
import type { ResponseContext } from "../response/response-context.js";
import { printableHeader } from "../response/response-context.js";
import { elapsedMs, type Instant } from "../time/clock.js";
import { type TimeLimited, withTimeout } from "../time/time-limit.js";
import { CallTokens } from "../tokens/call-tokens.js";
import type { HttpRequest, HttpResponse, TransportResult } from "../transport/http-message.js";
import { requestHeaders } from "../transport/request-headers.js";
import type { Call, CallRequest } from "./call.js";
import { classifyThrown } from "./classify-thrown.js";
import { type Exchange, notifyExchange } from "./exchange.js";
import type { Permit } from "./permit.js";

/** A finished attempt. */
export interface Attempt<V> {
  /** What the attempt means for the call. */
  readonly outcome: V | FailedAttempt;
  /** When the request was handed to the transport. Equals `endedAt` if that never happened. */
  readonly startedAt: Instant;
  /** When the attempt ended. */
  readonly endedAt: Instant;
  /**
   * Reports the attempt to `onExchange`, once it is known whether another attempt follows.
   *
   * @param retryInMs the wait before the next attempt, in milliseconds; `undefined` if none follows.
   */
  report(retryInMs?: number): void;
}

/** Classifies a response. */
export type Classify<V> = (response: HttpResponse, context: ResponseContext) => V;

/** What the requests of an attempt are for, as reported to `onExchange`. */
export type Purpose = "call" | "reconcile";

/** The progress of one attempt. */
interface Progress {
  readonly request: CallRequest;
  readonly purpose: Purpose;
  /** What the request needs before it may leave. `undefined` if it needs nothing. */
  readonly permit: Permit | undefined;
  /** The token of the request, and when the request was handed to the transport. */
  sent?: { readonly token: string; readonly at: Instant };
  /** Whether the first byte of the request may have left. */
  hasStarted?: boolean;
}

/** Makes the attempts of one call, one after another: gets the token, sends the request, and classifies the response. */
export class Attempts {
  readonly #call: Call;
  readonly #tokens: CallTokens;
  /** The tokens sent so far. A response may quote the token of an earlier attempt. */
  readonly #sentTokens = new Set<string>();
  #redact: Redact = createRedactor([]);
  #count = 0;
  #unauthorized: ErrorFactory | undefined;
  #mayHaveSent = false;

  constructor(call: Call) {
    this.#call = call;
    this.#tokens = new CallTokens(call.tokens);
  }

  /** Whether a byte of any request of the call may have left. */
  get mayHaveSent(): boolean {
    return this.#mayHaveSent;
  }

  /**
   * Makes one attempt and returns its outcome. A failure is an outcome, too.
   *
   * @param permit what the request needs before it may leave. Default: nothing.
   * @throws the reason of the caller's signal.
   */
  async attempt<V extends WriteOutcome<unknown>>(
    request: CallRequest,
    purpose: Purpose,
    classify: Classify<V>,
    permit?: Permit,
  ): Promise<Attempt<V>> {
    const progress: Progress = { request, purpose, permit };
    try {
      const limited = await withTimeout(this.#call, (signal) => this.#send(progress, signal));
      this.#noteSent(progress, wasSent(limited, progress));
      return this.#finish(progress, this.#classify(progress, limited, classify), responseWithin(limited));
    } catch (error) {
      const { operation, correlationId, signal } = this.#call;
      if (signal?.aborted) {
        this.#notify(progress, { error: "ABORTED" });
        throw signal.reason;
      }
      const context = { operation, correlationId, redact: this.#redact };
      const outcome = classifyThrown(error, progress.sent !== undefined, context);
      this.#noteSent(progress, outcome.kind === "ambiguous");
      return this.#finish<V>(progress, outcome);
    }
  }

  #noteSent({ permit }: Progress, mayHaveSent: boolean): void {
    if (!mayHaveSent) return;
    this.#mayHaveSent = true;
    permit?.use();
  }

  /** Sends the request. Returns `undefined` if the only available token is the rejected one. */
  async #send(progress: Progress, signal: AbortSignal): Promise<TransportResult | undefined> {
    const token = await this.#tokens.next(signal);
    // The attempt may have ended while the token was awaited. Then the request must not be sent.
    signal.throwIfAborted();
    if (token === undefined) return undefined;
    this.#count += 1;
    if (!this.#sentTokens.has(token)) {
      this.#sentTokens.add(token);
      this.#redact = createRedactor([...this.#sentTokens]);
    }
    const { method, origin, path, body: content } = progress.request;
    const body = content === undefined ? undefined : JSON.stringify(content);
    const headers = requestHeaders({
      method,
      authorization: `Bearer ${token}`,
      correlationId: this.#call.correlationId,
      contentType: body === undefined ? undefined : "application/json",
    });
    const request: HttpRequest = { method, origin, path, headers, body };
    for (;;) {
      const result = await this.#handOver(progress, token, request, signal);
      if (result !== undefined) return result;
    }
  }

  /** Hands the request to the transport. Returns `undefined` if its permit had expired when it was about to start. */
  async #handOver(
    progress: Progress,
    token: string,
    request: HttpRequest,
    signal: AbortSignal,
  ): Promise<TransportResult | undefined> {
    const { permit } = progress;
    if (permit !== undefined) await permit.obtain(signal);
    signal.throwIfAborted();
    progress.sent = { token, at: this.#call.clock.now() };
    let hasExpired = false;
    const onStart = () => {
      progress.hasStarted = true;
    };
    const mayStart = () => {
      hasExpired = permit?.isValid() === false;
      return !hasExpired;
    };
    const result = await this.#call.transport(request, signal, onStart, mayStart);
    if (!hasExpired || result.kind === "responded" || result.requestSent) return result;
    // A dispatcher may have sent the request nevertheless.
    if (progress.hasStarted) return { ...result, requestSent: true };
    signal.throwIfAborted();
    return undefined;
  }

  #classify<V extends WriteOutcome<unknown>>(
    { sent, hasStarted = false }: Progress,
    limited: TimeLimited<TransportResult | undefined>,
    classify: Classify<V>,
  ): V | FailedAttempt {
    const { operation, correlationId, maxRetries } = this.#call;
    if (limited.kind === "timed-out") {
      const error = createTimeoutError(operation, limited.limit, hasStarted);
      if (limited.limit === "deadlineMs") return { kind: "expired", error, requestSent: hasStarted };
      // A token or an intent that takes too long is not a connection failure, so the attempt is not repeated.
      if (sent === undefined) return { kind: "rejected", error };
      return { kind: hasStarted ? "ambiguous" : "not-taken", error, retryAfterMs: null };
    }
    const { value: result } = limited;
    if (result === undefined || sent === undefined) {
      return { kind: "rejected", error: this.#unauthorized as ErrorFactory };
    }
    const context = { operation, correlationId, redact: this.#redact };
    if (result.kind === "failed") return classifyFailure(result.requestSent, result.cause, context);
    const outcome = classify(result.response, context);
    if (outcome.kind !== "unauthorized") return outcome;
    this.#unauthorized = outcome.error;
    return maxRetries > 0 && this.#tokens.reject(sent.token) ? outcome : { kind: "rejected", error: outcome.error };
  }

  #finish<V extends WriteOutcome<unknown>>(
    progress: Progress,
    outcome: V | FailedAttempt,
    response?: HttpResponse,
  ): Attempt<V> {
    const endedAt = this.#call.clock.now();
    const startedAt = progress.sent?.at ?? endedAt;
    if (response !== undefined) this.#call.wiseClock?.observe(response, startedAt, endedAt);
    const report = (retryInMs?: number) =>
      this.#notify(progress, {
        ...(response === undefined ? {} : { httpStatus: response.status }),
        ...findTrace(response, this.#redact),
        ...this.#findErrorCode(outcome),
        ...(retryInMs === undefined ? {} : { retryInMs }),
        durationMs: elapsedMs(startedAt, endedAt),
      });
    return { outcome, startedAt, endedAt, report };
  }

  #findErrorCode(outcome: WriteOutcome<unknown>): Pick<Exchange, "error"> {
    if (outcome.kind === "done" || outcome.kind === "refused") return {};
    const { operation, correlationId } = this.#call;
    const { code } = outcome.error({ operation, correlationId, mayHaveTakenEffect: false, productionAfter: undefined });
    return { error: code as NonNullable<Exchange["error"]> };
  }

  #notify({ request, purpose, sent }: Progress, end: Partial<Exchange>): void {
    const { clock, onExchange, operation, correlationId, kioskId } = this.#call;
    if (onExchange === undefined || sent === undefined) return;
    const { method, route } = request;
    const durationMs = elapsedMs(sent.at, clock.now());
    notifyExchange(onExchange, {
      operation,
      purpose,
      method,
      route,
      attempt: this.#count,
      durationMs,
      correlationId,
      ...(kioskId === undefined ? {} : { kioskId }),
      ...end,
    });
  }
}

function wasSent(limited: TimeLimited<TransportResult | undefined>, { hasStarted = false }: Progress): boolean {
  if (limited.kind === "timed-out") return hasStarted;
  return limited.value?.kind === "responded" || limited.value?.requestSent === true;
}

function responseWithin(limited: TimeLimited<TransportResult | undefined>): HttpResponse | undefined {
  const result = limited.kind === "finished" ? limited.value : undefined;
  return result?.kind === "responded" ? result.response : undefined;
}

function findTrace(response: HttpResponse | undefined, redact: Redact): { traceId?: string } {
  const traceId = response === undefined ? null : printableHeader(response, "x-trace-id", redact);
  return traceId === null ? {} : { traceId };
}
