import { KioskArgumentError } from "../errors/argument-error.js";
import {
  KioskWebhookForeignError,
  KioskWebhookPayloadError,
  KioskWebhookSignatureError,
} from "../errors/webhook-errors.js";
import { printable } from "../text/printable.js";
import type { KioskOtherEvent } from "./webhook-event.js";

/** The response to a request. It never contains anything of what was sent. */
export interface Answer {
  readonly httpStatus: number;
  readonly body: { readonly status: "ok" } | { readonly status: "error"; readonly message: string };
  readonly headers?: Readonly<Record<string, string>>;
  /** Present if the event reached no callback, or one threw. */
  readonly error?: unknown;
}

/** The response once a callback is done with the event. */
export const ACCEPTED: Answer = { httpStatus: 200, body: { status: "ok" } };

/** The response to another method than POST. */
export function notPost(): Answer {
  const error = new KioskArgumentError("request", "is not a POST, and Wise delivers with nothing else");
  return { ...refused(405, "only POST is accepted", error), headers: { allow: "POST" } };
}

/** The response to a body above the limit. */
export function tooLarge(): Answer {
  const error = new KioskArgumentError("request", "has a body above 1 MiB, which no event of Wise's has");
  return refused(413, "the body is above 1 MiB", error);
}

/** The response to an event of a type for which there is no callback. */
export function dropped({ eventType }: KioskOtherEvent): Answer {
  const error = new KioskArgumentError("onOther", `is not given: an event of type ${printable(eventType)} was dropped`);
  return { ...ACCEPTED, error };
}

/** The response if a callback threw, whatever it threw, or if nothing else is known about an error. */
export function notHandled(error: unknown): Answer {
  return refused(500, "the event could not be handled", error);
}

/** The response if a delivery could not be verified or read. */
export function answerTo(error: unknown, invalidSignatureStatus: number): Answer {
  if (error instanceof KioskWebhookForeignError) return { ...ACCEPTED, error };
  if (error instanceof KioskWebhookSignatureError) {
    return refused(invalidSignatureStatus, `the signature is ${SIGNATURE_FAULTS[error.reason]}`, error);
  }
  if (error instanceof KioskWebhookPayloadError) return refused(500, "the body is not an event", error);
  return notHandled(error);
}

const SIGNATURE_FAULTS = { missing: "missing", malformed: "malformed", mismatch: "not one of this body" } as const;

function refused(httpStatus: number, message: string, error: unknown): Answer {
  return { httpStatus, body: { status: "error", message }, error };
}
