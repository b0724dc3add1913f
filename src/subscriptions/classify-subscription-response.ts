import type { Decoded } from "../decoding/decode-production.js";
import type { AttemptOutcome, ErrorFactory } from "../response/attempt-outcome.js";
import { classifyReadError, classifyWriteError, isSuccess } from "../response/classify-response.js";
import { createApiError } from "../response/create-api-error.js";
import { createDecodeError, decodeJsonResponse } from "../response/decode-response.js";
import type { ResponseContext } from "../response/response-context.js";
import type { HttpResponse } from "../transport/http-message.js";

/** Creates a function that classifies a response to a read of subscriptions. */
export function createReadClassifier<T>(decode: (body: unknown) => Decoded<T>) {
  return (response: HttpResponse, context: ResponseContext): AttemptOutcome<T> => {
    if (!isSuccess(response)) return classifyReadError(response, context);
    const decoded = decodeJsonResponse(response, context.redact, decode);
    if (decoded.ok) return { kind: "done", value: decoded.value };
    return { kind: "rejected", error: createDecodeError(response, decoded.issues, context) };
  };
}

/**
 * Creates a function that classifies a response to a write with a result. A success that cannot be decoded leaves the result in
 * doubt.
 */
export function createWriteClassifier<T>(decode: (body: unknown) => Decoded<T>) {
  return (response: HttpResponse, context: ResponseContext): AttemptOutcome<T> => {
    if (!isSuccess(response)) return classifyWriteError(response, context);
    const decoded = decodeJsonResponse(response, context.redact, decode);
    if (decoded.ok) return { kind: "done", value: decoded.value };
    return { kind: "ambiguous", error: createDecodeError(response, decoded.issues, context), retryAfterMs: null };
  };
}

/** What a response to a request to delete a subscription says. */
export type Deletion =
  | { readonly kind: "deleted" }
  /** There is no such subscription: never was, or not any more. */
  | { readonly kind: "not-found"; readonly error: ErrorFactory };

/** Classifies a response to a request to delete a subscription. A successful response has no body. */
export function classifyDeletion(response: HttpResponse, context: ResponseContext): AttemptOutcome<Deletion> {
  if (isSuccess(response)) return { kind: "done", value: { kind: "deleted" } };
  if (response.status !== 404) return classifyWriteError(response, context);
  return { kind: "done", value: { kind: "not-found", error: createApiError(response, context) } };
}
