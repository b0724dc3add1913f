import { KioskArgumentError } from "../../errors/argument-error.js";
import {
  KioskWebhookForeignError,
  KioskWebhookPayloadError,
  KioskWebhookSignatureError,
} from "../../errors/webhook-errors.js";
import { printable } from "../../text/printable.js";
import type { KioskOtherEvent } from "../event/webhook-event.js";

/** The response to a request. It never repeats anything from the request. */
export interface HandlerResult {
  /** The status of the response. */
  readonly httpStatus: number;
  /** The body of the response, to be sent as JSON. */
  readonly body: { readonly status: "ok" } | { readonly status: "error"; readonly message: string };
  /** Further headers of the response. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The error to report: present if the event reached no callback, or if a callback threw. */
  readonly error?: unknown;
}

/** The response after the callback has resolved. */
export const ACCEPTED: HandlerResult = { httpStatus: 200, body: { status: "ok" } };

/** Returns the response to a method other than POST. */
export function postOnly(): HandlerResult {
  const error = new KioskArgumentError("request", "must be a POST request");
  return { ...errorResult(405, "only POST is accepted", error), headers: { allow: "POST" } };
}

/** Returns the response to a body above the limit. */
export function tooLarge(): HandlerResult {
  const error = new KioskArgumentError(
    "request",
    "must not have a body larger than 1 MiB: no Wise event is that large",
  );
  return errorResult(413, "the body is larger than 1 MiB", error);
}

/** Returns the response to an event of a type without a callback. */
export function ignored({ eventType }: KioskOtherEvent): HandlerResult {
  const error = new KioskArgumentError("onOther", `is missing: an event of type ${printable(eventType)} was dropped`);
  return { ...ACCEPTED, error };
}

/** Returns the response if a callback threw, whatever it threw, or if an error has no response of its own. */
export function notHandled(error: unknown): HandlerResult {
  return errorResult(500, "the event could not be handled", error);
}

/** Returns the response if a delivery could not be verified or read. */
export function resultForError(error: unknown, invalidSignatureStatus: number): HandlerResult {
  if (error instanceof KioskWebhookForeignError) return { ...ACCEPTED, error };
  if (error instanceof KioskWebhookSignatureError) {
    const fault = error.reason === "mismatch" ? "does not match the body" : `is ${error.reason}`;
    return errorResult(invalidSignatureStatus, `the signature ${fault}`, error);
  }
  if (error instanceof KioskWebhookPayloadError) return errorResult(500, "the body is not an event", error);
  return notHandled(error);
}

function errorResult(httpStatus: number, message: string, error: unknown): HandlerResult {
  return { httpStatus, body: { status: "error", message }, error };
}
