import { describeValue, mustBe } from "../../arguments/found-value.js";
import { type OptionNames, parseOptions } from "../../arguments/parse-options.js";
import type { KioskArgumentError } from "../../errors/argument-error.js";
import type { KioskOtherEvent, KioskProductionEvent, KioskWebhookEvent } from "../event/webhook-event.js";
import { callSafely, optionalCallback } from "./callbacks.js";
import {
  ACCEPTED,
  type HandlerResult,
  ignored,
  notHandled,
  postOnly,
  resultForError,
  tooLarge,
} from "./handler-result.js";
import { readBody } from "./read-body.js";
import type { WebHeaders, WebRequest, WebResponse } from "./web-types.js";

/** What accompanies an event or an error. */
export interface KioskWebhookContext {
  /** The headers of the delivery as they came. None of them is signed. */
  readonly headers: WebHeaders;
}

/** The callbacks of a handler. What they return is awaited and otherwise ignored. */
export interface KioskWebhookHandlerOptions {
  /**
   * Called with every production event that is yours, at least once and in any order: see `applyProductionEvent` and `eventKey`.
   * Also called with test notifications, which have `isTest`: do nothing for those. Once it is done, Wise gets a 200 and forgets
   * the event, so store the event before you return; if it throws, the response is 500 and Wise delivers again.
   */
  readonly onProduction: (event: KioskProductionEvent, context: KioskWebhookContext) => unknown;
  /** Called with events of other types. Without it they get a 200 and are dropped, and `onError` is called. */
  readonly onOther?: ((event: KioskOtherEvent, context: KioskWebhookContext) => unknown) | undefined;
  /**
   * Called for everything that reached no callback, and with what a callback threw: log it and alert on it. It is also called with
   * a `KioskArgumentError` for a key that this runtime cannot use, once for each key, unless `KioskWebhooks` has an `onError` of
   * its own. What it throws is ignored. Default: the `onError` of `KioskWebhooks`; without either, errors are silent.
   */
  readonly onError?: ((error: unknown, context: KioskWebhookContext) => unknown) | undefined;
  /**
   * The status of the response if the signature is missing, malformed or a mismatch: an integer from 400 to 599. Default 503.
   *
   * Wise gives up after 3 tries on most 4xx, but delivers again for two weeks on 5xx: with the default a wrong key or a gateway
   * that strips the header loses no event. The price is that strangers can make your server respond with 5xx: give the webhook a
   * route of its own, so that this alarms nobody.
   */
  readonly invalidSignatureStatus?: number | undefined;
}

const HANDLER_OPTION_NAMES: OptionNames<KioskWebhookHandlerOptions> = {
  onProduction: true,
  onOther: true,
  onError: true,
  invalidSignatureStatus: true,
};

/** From the request of a delivery to the response. It never rejects. */
export type KioskWebhookHandler = (request: WebRequest) => Promise<WebResponse>;

/** What a handler needs of `KioskWebhooks`. */
export interface EventSource {
  /** Verifies and reads a delivery. */
  readonly unwrap: (rawBody: Uint8Array<ArrayBuffer>, headers: WebHeaders) => Promise<KioskWebhookEvent>;
  /** The faults of keys that were found to be unusable, each of them once. */
  readonly takeKeyFaults: () => readonly KioskArgumentError[];
  readonly onError: ((error: unknown, context?: KioskWebhookContext) => unknown) | undefined;
}

/** No event of Wise's comes near this size. */
export const MAX_DELIVERY_BYTES = 2 ** 20;

/** See `KioskWebhooks.handler`. */
export function createHandler(source: EventSource, options: KioskWebhookHandlerOptions): KioskWebhookHandler {
  const { onProduction, onOther, onError = source.onError, invalidSignatureStatus } = checkedOptions(options);
  const onKeyFault = source.onError ?? onError;

  async function receive(request: WebRequest, context: KioskWebhookContext): Promise<HandlerResult> {
    if (request.method !== "POST") return postOnly();
    const body = await readBody(request, MAX_DELIVERY_BYTES).catch(notHandled);
    if (body === undefined) return tooLarge();
    if ("httpStatus" in body) return body;
    const event = await source
      .unwrap(body, request.headers)
      .catch((error) => resultForError(error, invalidSignatureStatus));
    if ("httpStatus" in event) return event;
    if (event.type === "other" && onOther === undefined) return ignored(event);
    try {
      await (event.type === "other" ? onOther?.(event, context) : onProduction(event, context));
    } catch (error) {
      return notHandled(error);
    }
    return ACCEPTED;
  }

  async function report(result: HandlerResult, context: KioskWebhookContext): Promise<void> {
    const faults = onKeyFault === undefined ? [] : source.takeKeyFaults();
    for (const fault of faults) await callSafely(onKeyFault, fault, context);
    const isReported = onKeyFault === onError && faults.some((fault) => fault === result.error);
    if ("error" in result && !isReported) await callSafely(onError, result.error, context);
  }

  return async (request) => {
    const context = { headers: request.headers };
    const result = await receive(request, context);
    await report(result, context);
    // Runtimes differ in the type that they give to JSON.
    const headers = { "content-type": "application/json", ...result.headers };
    return Response.json(result.body, { status: result.httpStatus, headers });
  };
}

function checkedOptions(options: KioskWebhookHandlerOptions) {
  const known = parseOptions("options", options ?? {}, HANDLER_OPTION_NAMES);
  const { onProduction, onOther, onError, invalidSignatureStatus = 503 } = known;
  if (typeof onProduction !== "function") {
    throw mustBe("onProduction", "a function that is called with the event", describeValue(onProduction));
  }
  if (!Number.isInteger(invalidSignatureStatus) || invalidSignatureStatus < 400 || invalidSignatureStatus > 599) {
    throw mustBe("invalidSignatureStatus", "an integer from 400 to 599", describeValue(invalidSignatureStatus));
  }
  return {
    onProduction,
    onOther: optionalCallback("onOther", onOther),
    onError: optionalCallback("onError", onError),
    invalidSignatureStatus,
  };
}
