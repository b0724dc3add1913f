import type { ErrorFactory, FailedAttempt, WriteOutcome } from "../response/attempt-outcome.js";
import { classifyFailure, createTimeoutError } from "../response/classify-failure.js";
import { createRedactor, type Redact } from "../response/redact.js";
import type { ResponseContext } from "../response/response-context.js";
import { abortReason } from "../time/abort-reason.js";
import type { Instant } from "../time/clock.js";
import { runWithin, type TimeLimited } from "../time/time-limit.js";
import type { WorkSignal } from "../time/work-signal.js";
import { CallTokens } from "../tokens/call-tokens.js";
import type { HttpRequest, HttpResponse, TransportResult } from "../transport/http-message.js";
import { requestHeaders } from "../transport/request-headers.js";
import type { Call, CallRequest } from "./call.js";
import { classifyThrown } from "./classify-thrown.js";
import type { Permit } from "./permit.js";
import { type AttemptEnd, type Purpose, reportAttempt } from "./report-attempt.js";

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

/** The progress of one attempt. */
interface Progress {
  readonly request: CallRequest;
  readonly purpose: Purpose;
  /** The permit that the request must have before it may leave; `undefined` if it needs none. */
  readonly permit: Permit | undefined;
  /** The token of the request, and when the request was handed to the transport. */
  sent: { readonly token: string; readonly at: Instant } | undefined;
  /** The caller's function that must finish before the request can be sent. It is `the call` before the attempt begins. */
  awaited: "the call" | "the token provider" | "onIntent" | undefined;
  /** Whether the first byte of the request may have left. */
  hasStarted: boolean;
}

/** Makes the attempts of one call, one after another: gets the token, sends the request, and classifies the response. */
export class Attempts {
  readonly #call: Call;
  readonly #tokens: CallTokens;
  /** The tokens sent so far. A response may quote the token of an earlier attempt. */
  #sentTokens: readonly string[] = [];
  #count = 0;
  #unauthorized: ErrorFactory | undefined;
  #mayHaveSent = false;
  /** The attempt that has not ended. */
  #current: Progress | undefined;

  constructor(call: Call) {
    this.#call = call;
    this.#tokens = new CallTokens(call.tokens, call.maxRetries > 0);
  }

  /** Whether a byte of any request of the call may have left. */
  get mayHaveSent(): boolean {
    return this.#mayHaveSent || this.#current?.hasStarted === true;
  }

  /** Creates the error for a deadline that passes now. `mayHaveSent`: whether a byte of an earlier request may have left. */
  deadlineError(operation: string = this.#call.operation, mayHaveSent = false): ErrorFactory {
    const awaited = this.#current === undefined ? "the call" : this.#current.awaited;
    return createTimeoutError(operation, "deadlineMs", mayHaveSent || this.mayHaveSent, awaited);
  }

  /**
   * Makes one attempt and returns its outcome. A failure is an outcome, too.
   *
   * @param permit the permit that the request must have before it may leave. Default: none.
   * @throws the reason of the caller's signal.
   */
  async attempt<V extends WriteOutcome<unknown>>(
    request: CallRequest,
    purpose: Purpose,
    classify: Classify<V>,
    permit?: Permit,
  ): Promise<Attempt<V>> {
    const progress: Progress = { request, purpose, permit, sent: undefined, awaited: "the call", hasStarted: false };
    this.#current = progress;
    try {
      const limited = await runWithin(this.#call, (signal) => this.#send(progress, signal));
      this.#noteSent(progress, wasSent(limited, progress));
      return this.#finish(progress, this.#classify(progress, limited, classify), responseWithin(limited));
    } catch (error) {
      const { operation, correlationId, signal } = this.#call;
      if (signal?.aborted) {
        this.#report(progress, { endedAt: this.#call.clock.now(), outcome: "aborted" });
        throw abortReason(signal);
      }
      const context = { operation, correlationId, redact: this.#redact };
      const outcome = classifyThrown(error, progress.sent !== undefined, context);
      this.#noteSent(progress, outcome.kind === "ambiguous");
      return this.#finish<V>(progress, outcome);
    }
  }

  /** Replaces the tokens sent so far. */
  get #redact(): Redact {
    return createRedactor(this.#sentTokens);
  }

  #noteSent({ permit }: Progress, mayHaveSent: boolean): void {
    if (!mayHaveSent) return;
    this.#mayHaveSent = true;
    permit?.use();
  }

  /** Sends the request. Resolves with `undefined` if the only available token is the rejected one. */
  #send(progress: Progress, signal: WorkSignal): Promise<TransportResult | undefined> {
    const token = this.#tokens.next(signal);
    // Most providers have a token at hand. Then the request leaves without the cost of another promise.
    return typeof token === "string"
      ? this.#sendWith(token, progress, signal)
      : this.#sendLater(token, progress, signal);
  }

  async #sendLater(
    promised: Promise<string | undefined>,
    progress: Progress,
    signal: WorkSignal,
  ): Promise<TransportResult | undefined> {
    progress.awaited = "the token provider";
    const token = await promised;
    // The attempt may have ended while the token was awaited. Then the request must not be sent.
    signal.throwIfAborted();
    return token === undefined ? undefined : this.#sendWith(token, progress, signal);
  }

  #sendWith(token: string, progress: Progress, signal: WorkSignal): Promise<TransportResult> {
    this.#count += 1;
    if (!this.#sentTokens.includes(token)) {
      // Many calls wait at the same time, almost all of them with one token: `push` would make room for 17.
      this.#sentTokens = this.#count === 1 ? [token] : [...this.#sentTokens, token];
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
    const { permit } = progress;
    if (permit !== undefined) return this.#sendWithPermit(permit, progress, token, request, signal);
    progress.awaited = undefined;
    progress.sent = { token, at: this.#call.clock.now() };
    return this.#call.transport(request, signal, noteStart(progress));
  }

  /** Hands the request to the transport, as soon as it has a permit, and again if the permit expires before the request starts. */
  async #sendWithPermit(
    permit: Permit,
    progress: Progress,
    token: string,
    request: HttpRequest,
    signal: WorkSignal,
  ): Promise<TransportResult> {
    for (;;) {
      progress.awaited = "onIntent";
      await permit.obtain(signal.full);
      progress.awaited = undefined;
      signal.throwIfAborted();
      progress.sent = { token, at: this.#call.clock.now() };
      let hasExpired = false;
      const mayStart = () => {
        hasExpired = !permit.isValid();
        return !hasExpired;
      };
      const result = await this.#call.transport(request, signal, noteStart(progress), mayStart);
      if (!hasExpired || result.kind === "responded" || result.requestSent) return result;
      // A dispatcher may have sent the request nevertheless.
      if (progress.hasStarted) return { ...result, requestSent: true };
      signal.throwIfAborted();
    }
  }

  #classify<V extends WriteOutcome<unknown>>(
    { sent, awaited, hasStarted }: Progress,
    limited: TimeLimited<TransportResult | undefined>,
    classify: Classify<V>,
  ): V | FailedAttempt {
    const { operation, correlationId } = this.#call;
    if (limited.kind === "timed-out") {
      // The deadline is that of the whole call, so its error also counts earlier requests.
      const isOfCall = limited.limit === "deadlineMs";
      const error = createTimeoutError(operation, limited.limit, isOfCall ? this.#mayHaveSent : hasStarted, awaited);
      if (isOfCall) return { kind: "ended", error, requestSent: hasStarted };
      // A token or an intent that takes too long is not a connection failure, so the attempt is not repeated.
      if (awaited !== undefined) return { kind: "rejected", error };
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
    return this.#tokens.reject(sent.token) ? outcome : { kind: "rejected", error: outcome.error };
  }

  #finish<V extends WriteOutcome<unknown>>(
    progress: Progress,
    outcome: V | FailedAttempt,
    response?: HttpResponse,
  ): Attempt<V> {
    this.#current = undefined;
    const endedAt = this.#call.clock.now();
    const startedAt = progress.sent?.at ?? endedAt;
    if (response !== undefined) this.#call.wiseClock?.observe(response, startedAt, endedAt);
    const report = (retryInMs?: number) => this.#report(progress, { endedAt, outcome, response, retryInMs });
    return { outcome, startedAt, endedAt, report };
  }

  #report({ request, purpose, sent }: Progress, end: AttemptEnd): void {
    if (sent === undefined || this.#call.onExchange === undefined) return;
    reportAttempt(this.#call, { request, purpose, attempt: this.#count, startedAt: sent.at }, end, this.#redact);
  }
}

/** Returns the function that the transport calls when the request starts. */
const noteStart = (progress: Progress) => () => {
  progress.hasStarted = true;
};

function wasSent(limited: TimeLimited<TransportResult | undefined>, { hasStarted }: Progress): boolean {
  if (limited.kind === "timed-out") return hasStarted;
  return limited.value?.kind === "responded" || limited.value?.requestSent === true;
}

function responseWithin(limited: TimeLimited<TransportResult | undefined>): HttpResponse | undefined {
  const result = limited.kind === "finished" ? limited.value : undefined;
  return result?.kind === "responded" ? result.response : undefined;
}
