import type { Production } from "../production/production.js";
import type { HttpResponse } from "../transport/http-message.js";
import type { AnswerContext } from "./answer-context.js";
import { apiErrorOf } from "./api-error-of.js";
import { decodeAnswer, decodeErrorOf, TOO_LARGE } from "./decode-answer.js";
import { dateOf, retryAfterMs } from "./retry-after.js";
import type { Failed, Verdict, WriteVerdict } from "./verdict.js";

/** A production that was read, and the time by Wise's clock at which it was told. */
export interface ReadProduction {
  readonly production: Production;
  /** In whole seconds, as milliseconds since 1970; `null` where the answer had no `Date`. */
  readonly answeredAt: number | null;
}

/** The verdict on an answer to `produceCard`: a `REQUEST_ERROR` is an answer too, with 422 as documented, or with 200. */
export function judgeProduceAnswer(response: HttpResponse, context: AnswerContext): WriteVerdict<Production> {
  if (isSuccess(response)) {
    const decoded = decodeAnswer(response, context.redact);
    if (decoded.ok && decoded.value.status === "REQUEST_ERROR") return { kind: "refused", production: decoded.value };
    if (decoded.ok) return { kind: "done", value: decoded.value };
    return { kind: "ambiguous", error: decodeErrorOf(response, decoded.issues, context), retryAfterMs: null };
  }
  if (response.status === 422) {
    const decoded = decodeAnswer(response, context.redact);
    if (decoded.ok && decoded.value.status === "REQUEST_ERROR") return { kind: "refused", production: decoded.value };
  }
  return judgeWriteError(response, context);
}

/** The verdict on an answer to `simulateProductionStatus`, which has no body. */
export function judgeSimulationAnswer(response: HttpResponse, context: AnswerContext): Verdict<void> {
  if (!isSuccess(response)) return judgeWriteError(response, context);
  if (!response.oversized) return { kind: "done", value: undefined };
  return { kind: "ambiguous", error: decodeErrorOf(response, TOO_LARGE, context), retryAfterMs: null };
}

/** The verdict on an answer to `getProductionStatus`: reading can be done again after anything that may pass. */
export function judgeStatusAnswer(response: HttpResponse, context: AnswerContext): Verdict<ReadProduction> {
  if (isSuccess(response)) {
    const decoded = decodeAnswer(response, context.redact);
    if (!decoded.ok) return { kind: "rejected", error: decodeErrorOf(response, decoded.issues, context) };
    return { kind: "done", value: { production: decoded.value, answeredAt: dateOf(response.headers) } };
  }
  const error = apiErrorOf(response, context);
  if (response.status === 401) return { kind: "unauthorized", error };
  if (!MAY_PASS.has(response.status)) return { kind: "rejected", error };
  return { kind: "not-taken", error, retryAfterMs: retryAfterMs(response.headers) };
}

const MAY_PASS: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504]);

/** A write that was answered with an error: what Wise says it did not take up may be sent again, all else is in doubt. */
function judgeWriteError(response: HttpResponse, context: AnswerContext): Failed {
  const error = apiErrorOf(response, context);
  const { status } = response;
  const wait = retryAfterMs(response.headers);
  if (status === 401) return { kind: "unauthorized", error };
  if (status === 429 || (status === 503 && wait !== null)) return { kind: "not-taken", error, retryAfterMs: wait };
  if (status >= 400 && status < 500 && status !== 408) return { kind: "rejected", error };
  return { kind: "ambiguous", error, retryAfterMs: wait };
}

function isSuccess({ status }: HttpResponse): boolean {
  return status >= 200 && status < 300;
}
