import { mentionsExistingRequest } from "../production/existing-request.js";
import type { Production } from "../production/production.js";
import type { HttpResponse } from "../transport/http-message.js";
import type { AttemptOutcome, FailedAttempt, WriteOutcome } from "./attempt-outcome.js";
import { createApiError } from "./create-api-error.js";
import { createDecodeError, decodeResponse, TOO_LARGE } from "./decode-response.js";
import type { ResponseContext } from "./response-context.js";
import { parseDateHeader, parseRetryAfter } from "./retry-after.js";

/** A production that was read, and the time of the response on Wise's clock. */
export interface ReadProduction {
  /** The production in the response. */
  readonly production: Production;
  /** The `Date` of the response, in milliseconds since 1970 and whole seconds; `null` if the response had none. */
  readonly respondedAt: number | null;
}

/** Classifies a response to `produceCard`. A `REQUEST_ERROR` is a result, whether it comes with 422, as documented, or with 200. */
export function classifyProduceResponse(response: HttpResponse, context: ResponseContext): WriteOutcome<Production> {
  if (!isSuccess(response) && response.status !== 422) return classifyProduceError(response, context);
  const decoded = decodeResponse(response, context.redact);
  if (decoded.ok && decoded.value.status === "REQUEST_ERROR") return { kind: "refused", production: decoded.value };
  if (response.status === 422) return classifyProduceError(response, context);
  if (decoded.ok) return { kind: "done", value: decoded.value };
  return { kind: "ambiguous", error: createDecodeError(response, decoded.issues, context), retryAfterMs: null };
}

/** Classifies an error response to `produceCard`. If it says that a request exists, that may be this very request. */
function classifyProduceError(response: HttpResponse, context: ResponseContext): FailedAttempt {
  const failed = classifyWriteError(response, context);
  if (failed.kind !== "rejected" || !mentionsExistingRequest(new TextDecoder().decode(response.body))) return failed;
  return { ...failed, mayHaveTakenEffect: true };
}

/** Classifies a response to `simulateProductionStatus`. A successful response has no body. */
export function classifySimulationResponse(response: HttpResponse, context: ResponseContext): AttemptOutcome<void> {
  if (!isSuccess(response)) return classifyWriteError(response, context);
  if (!response.oversized) return { kind: "done", value: undefined };
  return { kind: "ambiguous", error: createDecodeError(response, TOO_LARGE, context), retryAfterMs: null };
}

/** Classifies a response to `getProductionStatus`. Reads are retried after any transient failure. */
export function classifyStatusResponse(
  response: HttpResponse,
  context: ResponseContext,
): AttemptOutcome<ReadProduction> {
  if (isSuccess(response)) {
    const decoded = decodeResponse(response, context.redact);
    if (!decoded.ok) return { kind: "rejected", error: createDecodeError(response, decoded.issues, context) };
    return { kind: "done", value: { production: decoded.value, respondedAt: parseDateHeader(response.headers) } };
  }
  return classifyReadError(response, context);
}

/** Classifies an error response to a read. */
export function classifyReadError(response: HttpResponse, context: ResponseContext): FailedAttempt {
  const error = createApiError(response, context);
  if (response.status === 401) return { kind: "unauthorized", error };
  if (!isTransientStatus(response.status)) return { kind: "rejected", error };
  return { kind: "not-taken", error, retryAfterMs: parseRetryAfter(response.headers) };
}

const TRANSIENT_STATUSES: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504]);

/** Returns whether a request with this status may succeed if it is sent again. */
export function isTransientStatus(status: number): boolean {
  return TRANSIENT_STATUSES.has(status);
}

/**
 * Classifies an error response to a write. A gateway between us and Wise may respond after it forwarded the request, so only a
 * status that refuses the request itself means that nothing happened:
 *
 * | status | |
 * | --- | --- |
 * | 401 | nothing happened; another token may help |
 * | 429 | nothing happened; wait, and send again |
 * | 408, 421, and every status that is not 4xx, including 503 with `Retry-After` | in doubt |
 * | other 4xx that HTTP defines as a refusal | nothing happened; another attempt would not help |
 * | 424, and other 4xx, such as 499 of a gateway that gave up | another attempt would not help, but something may have happened |
 */
export function classifyWriteError(response: HttpResponse, context: ResponseContext): FailedAttempt {
  const error = createApiError(response, context);
  const { status } = response;
  if (status === 401) return { kind: "unauthorized", error };
  if (status === 429) return { kind: "not-taken", error, retryAfterMs: parseRetryAfter(response.headers) };
  if (status >= 400 && status < 500 && status !== 408 && status !== 421) {
    return { kind: "rejected", error, mayHaveTakenEffect: !REFUSALS.has(status) };
  }
  return { kind: "ambiguous", error, retryAfterMs: parseRetryAfter(response.headers) };
}

/**
 * The client errors that HTTP defines and that refuse the request itself. Not included are 408 and 421, which leave it in doubt,
 * and 424, which reports the failure of another request that this one depended on.
 *
 * @see https://www.iana.org/assignments/http-status-codes
 */
export const REFUSALS: ReadonlySet<number> = new Set([
  400, 401, 402, 403, 404, 405, 406, 407, 409, 410, 411, 412, 413, 414, 415, 416, 417, 418, 422, 423, 425, 426, 428,
  429, 431, 451,
]);

/** Returns whether the status is 2xx. */
export function isSuccess({ status }: HttpResponse): boolean {
  return status >= 200 && status < 300;
}
