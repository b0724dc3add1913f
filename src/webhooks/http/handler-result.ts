import { KioskArgumentError } from "../../errors/argument-error.js";
import {
  KioskWebhookForeignError,
  KioskWebhookPayloadError,
  KioskWebhookSignatureError,
} from "../../errors/webhook-errors.js";
import { printable } from "../../text/printable.js";
import type { KioskOtherEvent } from "../event/webhook-event.js";

/** The response to a request. It never contains anything of what was sent. */
export interface HandlerResult {
  readonly httpStatus: number;
  readonly body: { readonly status: "ok" } | { readonly status: "error"; readonly message: string };
  readonly headers?: Readonly<Record<string, string>>;
  /** Present if the event reached no callback, or one threw. */
  readonly error?: unknown;
}

/** The response once a callback is done with the event. */
export const ACCEPTED: HandlerResult = { httpStatus: 200, body: { status: "ok" } };

/** The response to another method than POST. */
export function postOnly(): HandlerResult {
  const error = new KioskArgumentError("request", "is not a POST, and Wise delivers with nothing else");
  return { ...errorResult(405, "only POST is accepted", error), headers: { allow: "POST" } };
}

/** The response to a body above the limit. */
export function tooLarge(): HandlerResult {
  const error = new KioskArgumentError("request", "has a body above 1 MiB, which no event of Wise's has");
  return errorResult(413, "the body is above 1 MiB", error);
}

/** The response to an event of a type for which there is no callback. */
export function ignored({ eventType }: KioskOtherEvent): HandlerResult {
  const error = new KioskArgumentError("onOther", `is not given: an event of type ${printable(eventType)} was dropped`);
  return { ...ACCEPTED, error };
}

/** The response if a callback threw, whatever it threw, or if nothing else is known about an error. */
export function notHandled(error: unknown): HandlerResult {
  return errorResult(500, "the event could not be handled", error);
}

/** The response if a delivery could not be verified or read. */
export function resultForError(error: unknown, invalidSignatureStatus: number): HandlerResult {
  if (error instanceof KioskWebhookForeignError) return { ...ACCEPTED, error };
  if (error instanceof KioskWebhookSignatureError) {
    return errorResult(invalidSignatureStatus, `the signature is ${SIGNATURE_FAULTS[error.reason]}`, error);
  }
  if (error instanceof KioskWebhookPayloadError) return errorResult(500, "the body is not an event", error);
  return notHandled(error);
}

const SIGNATURE_FAULTS = { missing: "missing", malformed: "malformed", mismatch: "not one of this body" } as const;

function errorResult(httpStatus: number, message: string, error: unknown): HandlerResult {
  return { httpStatus, body: { status: "error", message }, error };
}
