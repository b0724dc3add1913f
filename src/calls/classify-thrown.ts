import { KioskArgumentError } from "../errors/argument-error.js";
import { KioskConnectionError } from "../errors/connection-error.js";
import { KioskIntentError } from "../errors/intent-error.js";
import type { KioskErrorDetails } from "../errors/kiosk-error.js";
import { KioskTokenError } from "../errors/token-error.js";
import type { ErrorFactory, FailedAttempt } from "../response/attempt-outcome.js";
import { classifyFailure } from "../response/classify-failure.js";
import type { ResponseContext } from "../response/response-context.js";
import { ClosedClientError } from "../transport/closed-client-error.js";

/**
 * Classifies an exception of an attempt. A refusal by the token provider, `onIntent` or the transport is not retried. A closed
 * client ends the call. Any other exception is ambiguous if the request was handed to the transport, and otherwise means that
 * nothing was sent.
 */
export function classifyThrown(error: unknown, wasHandedOver: boolean, context: ResponseContext): FailedAttempt {
  if (error instanceof KioskTokenError || error instanceof KioskIntentError) {
    return { kind: "rejected", error: createCopy(error) };
  }
  if (error instanceof KioskArgumentError) return { kind: "rejected", error: createRefusal(error, context.operation) };
  if (error instanceof ClosedClientError) {
    return { kind: "ended", error: classifyFailure(false, error, context).error, requestSent: false };
  }
  return classifyFailure(wasHandedOver, error, context);
}

/** Copies an error for this call, because the original does not know its history, and other calls may share it. */
function createCopy(original: KioskTokenError | KioskIntentError): ErrorFactory {
  const { message, cause } = original;
  const ErrorClass = original instanceof KioskTokenError ? KioskTokenError : KioskIntentError;
  return (history) => {
    const details: KioskErrorDetails = cause === undefined ? history : { cause, ...history };
    return new ErrorClass(message, details);
  };
}

/**
 * Creates the error for a request that was refused before it was sent. A `KioskArgumentError` would suggest that nothing was
 * sent, so the error is a `KioskConnectionError` if an earlier request of the call may have taken effect.
 */
function createRefusal(refusal: KioskArgumentError, operation: string): ErrorFactory {
  const message = `${operation}: the request was not sent: ${refusal.message}`;
  const advice = refusal.message.slice(refusal.argument.length + 1);
  return (history) =>
    history.mayHaveTakenEffect
      ? new KioskConnectionError(message, { requestSent: false, cause: refusal, ...history })
      : new KioskArgumentError(refusal.argument, advice, history);
}
