import type { AnswerContext } from "../answer/answer-context.js";
import { headerOf } from "../answer/answer-header.js";
import { judgeFailure, timeoutErrorOf } from "../answer/judge-failure.js";
import type { ErrorOf, Failed, WriteVerdict } from "../answer/verdict.js";
import { KioskArgumentError } from "../errors/argument-error.js";
import { KioskConnectionError } from "../errors/connection-error.js";
import { KioskTokenError } from "../errors/token-error.js";
import { elapsedMs, type Instant } from "../time/clock.js";
import { type Bounded, withinLimits } from "../time/time-limit.js";
import { CallTokens } from "../tokens/call-tokens.js";
import type { HttpResponse, TransportResult } from "../transport/http-message.js";
import { type Redact, redactorOf } from "../transport/redact.js";
import { requestHeaders } from "../transport/request-headers.js";
import type { Call, CallRequest } from "./call.js";
import { type Exchange, tell } from "./exchange.js";

/** An attempt that is over. */
export interface Attempt<V> {
  readonly verdict: V | Failed;
  /** When the request was handed to the transport. */
  readonly startedAt: Instant;
  readonly endedAt: Instant;
  /** Tells `onExchange` of it, once it is known whether and when another attempt follows. */
  report(retryInMs?: number): void;
}

/** Judges an answer. */
export type Judge<V> = (response: HttpResponse, context: AnswerContext) => V;

type Purpose = "call" | "reconcile";

/** What one attempt does, from the moment at which its request is handed to the transport. */
interface Progress {
  readonly request: CallRequest;
  readonly purpose: Purpose;
  sent?: { readonly token: string; readonly at: Instant };
  /** Whether the first byte of the request may have left. */
  hasStarted?: boolean;
}

/** Makes the attempts of one call, one after another: asks for the token, sends, and has the answer judged. */
export class Attempts {
  readonly #call: Call;
  readonly #tokens: CallTokens;
  /** The tokens that were sent. A response may quote an earlier one than its own. */
  readonly #sentTokens = new Set<string>();
  #redact: Redact = redactorOf([]);
  #count = 0;
  #unauthorized: ErrorOf | undefined;
  #mayHaveSent = false;

  constructor(call: Call) {
    this.#call = call;
    this.#tokens = new CallTokens(call.token, { profileId: call.profileId, operation: call.operation });
  }

  /** Whether a byte of any request of the call may have left. */
  get mayHaveSent(): boolean {
    return this.#mayHaveSent;
  }

  /** @throws the reason of the caller's signal. */
  async attempt<V extends WriteVerdict<unknown>>(
    request: CallRequest,
    purpose: Purpose,
    judge: Judge<V>,
  ): Promise<Attempt<V>> {
    const progress: Progress = { request, purpose };
    try {
      const bounded = await withinLimits(this.#call, (signal) => this.#send(progress, signal));
      this.#mayHaveSent ||= wasSent(bounded, progress);
      return this.#over(progress, this.#judge(progress, bounded, judge), responseOf(bounded));
    } catch (error) {
      if (this.#call.signal?.aborted !== true)
        return this.#over<V>(progress, this.#judgeRejection(error, progress.sent));
      this.#tell(progress, { error: "ABORTED" });
      throw error;
    }
  }

  /** `undefined` where the only token to be had is the one that was rejected. */
  async #send(progress: Progress, signal: AbortSignal): Promise<TransportResult | undefined> {
    const token = await this.#tokens.next(signal);
    // A token that comes too late must not send a request that nobody waits for.
    signal.throwIfAborted();
    if (token === undefined) return undefined;
    this.#count += 1;
    if (!this.#sentTokens.has(token)) {
      this.#sentTokens.add(token);
      this.#redact = redactorOf([...this.#sentTokens]);
    }
    progress.sent = { token, at: this.#call.clock.now() };
    const { method, origin, path, body: content } = progress.request;
    const body = content === undefined ? undefined : JSON.stringify(content);
    const headers = requestHeaders({
      method,
      authorization: `Bearer ${token}`,
      correlationId: this.#call.correlationId,
      contentType: body === undefined ? undefined : "application/json",
    });
    return this.#call.transport({ method, origin, path, headers, body }, signal, () => {
      progress.hasStarted = true;
    });
  }

  #judge<V extends WriteVerdict<unknown>>(
    { sent, hasStarted = false }: Progress,
    bounded: Bounded<TransportResult | undefined>,
    judge: Judge<V>,
  ): V | Failed {
    const { operation, correlationId, maxRetries } = this.#call;
    if (bounded.kind === "passed") {
      const error = timeoutErrorOf(operation, bounded.limit, hasStarted);
      if (bounded.limit === "deadlineMs") return { kind: "expired", error, requestSent: hasStarted };
      // A token that does not come in time is no failure of the connection.
      if (sent === undefined) return { kind: "rejected", error };
      return { kind: hasStarted ? "ambiguous" : "not-taken", error, retryAfterMs: null };
    }
    const { value: result } = bounded;
    if (result === undefined || sent === undefined) {
      return { kind: "rejected", error: this.#unauthorized as ErrorOf };
    }
    const context = { operation, correlationId, redact: this.#redact };
    if (result.kind === "failed") return judgeFailure(result.requestSent, result.cause, context);
    const verdict = judge(result.response, context);
    if (verdict.kind !== "unauthorized") return verdict;
    this.#unauthorized = verdict.error;
    return maxRetries > 0 && this.#tokens.reject(sent.token) ? verdict : { kind: "rejected", error: verdict.error };
  }

  /** What the token provider or the way to send refuses by itself; of anything else that is thrown nobody knows what it means. */
  #judgeRejection(error: unknown, sent: Progress["sent"]): Failed {
    if (error instanceof KioskTokenError) return { kind: "rejected", error: tokenErrorOf(error) };
    const { operation, correlationId } = this.#call;
    if (error instanceof KioskArgumentError) return { kind: "rejected", error: refusalOf(error, operation) };
    return judgeFailure(sent !== undefined, error, { operation, correlationId, redact: this.#redact });
  }

  #over<V extends WriteVerdict<unknown>>(progress: Progress, verdict: V | Failed, response?: HttpResponse): Attempt<V> {
    const endedAt = this.#call.clock.now();
    const startedAt = progress.sent?.at ?? endedAt;
    const report = (retryInMs?: number) =>
      this.#tell(progress, {
        ...(response === undefined ? {} : { httpStatus: response.status }),
        ...traceOf(response, this.#redact),
        ...this.#errorCodeOf(verdict),
        ...(retryInMs === undefined ? {} : { retryInMs }),
        durationMs: elapsedMs(startedAt, endedAt),
      });
    return { verdict, startedAt, endedAt, report };
  }

  #errorCodeOf(verdict: WriteVerdict<unknown>): Pick<Exchange, "error"> {
    if (verdict.kind === "done" || verdict.kind === "refused") return {};
    const { operation, correlationId } = this.#call;
    const { code } = verdict.error({ operation, correlationId, mayHaveTakenEffect: false, productionAfter: undefined });
    return { error: code as NonNullable<Exchange["error"]> };
  }

  #tell({ request, purpose, sent }: Progress, end: Partial<Exchange>): void {
    const { clock, onExchange, operation, correlationId } = this.#call;
    if (onExchange === undefined || sent === undefined) return;
    const { method, route } = request;
    const durationMs = elapsedMs(sent.at, clock.now());
    tell(onExchange, { operation, purpose, method, route, attempt: this.#count, durationMs, correlationId, ...end });
  }
}

function wasSent(bounded: Bounded<TransportResult | undefined>, { hasStarted = false }: Progress): boolean {
  if (bounded.kind === "passed") return hasStarted;
  return bounded.value?.kind === "answered" || bounded.value?.requestSent === true;
}

function responseOf(bounded: Bounded<TransportResult | undefined>): HttpResponse | undefined {
  const result = bounded.kind === "finished" ? bounded.value : undefined;
  return result?.kind === "answered" ? result.response : undefined;
}

function traceOf(response: HttpResponse | undefined, redact: Redact): { traceId?: string } {
  const traceId = response === undefined ? null : headerOf(response, "x-trace-id", redact);
  return traceId === null ? {} : { traceId };
}

/** The error of a provider that this call may share with others, as one of this call's own. */
function tokenErrorOf({ message, cause }: KioskTokenError): ErrorOf {
  return (history) => new KioskTokenError(message, cause === undefined ? history : { cause, ...history });
}

/** An argument is refused before anything is sent. If an earlier request of the call is in doubt, the error must say that. */
function refusalOf(refusal: KioskArgumentError, operation: string): ErrorOf {
  const message = `${operation}: the request was not sent: ${refusal.message}`;
  const advice = refusal.message.slice(refusal.argument.length + 1);
  return (history) =>
    history.mayHaveTakenEffect
      ? new KioskConnectionError(message, { requestSent: false, cause: refusal, ...history })
      : new KioskArgumentError(refusal.argument, advice, history);
}
