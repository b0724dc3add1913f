import { describeValue, mustBe } from "../arguments/found-value.js";
import { type OptionNames, readOptions } from "../arguments/read-options.js";
import { ACCEPTED, type Answer, answerTo, dropped, notHandled, notPost, tooLarge } from "./answer.js";
import { readBody } from "./read-body.js";
import type { WebHeaders, WebRequest, WebResponse } from "./web-types.js";
import type { KioskOtherEvent, KioskProductionEvent, KioskWebhookEvent } from "./webhook-event.js";

/** What accompanies an event or an error. */
export interface KioskWebhookContext {
  /** The headers of the delivery as they came. None of them is signed. */
  readonly headers: WebHeaders;
}

/** The callbacks of a handler. What they return is awaited and otherwise ignored. */
export interface KioskWebhookHandlerOptions {
  /**
   * Gets every production event that is yours, at least once and in any order: see `applyProductionEvent` and `eventKey`. Also
   * gets test notifications, with `isTest`: do nothing for those. Once it is done Wise is answered 200 and forgets the event, so
   * store the event before you return; where it throws, the answer is 500 and Wise delivers again.
   */
  readonly onProduction: (event: KioskProductionEvent, context: KioskWebhookContext) => unknown;
  /** Gets events of other types. Without it they are answered 200, dropped, and told to `onError`. */
  readonly onOther?: ((event: KioskOtherEvent, context: KioskWebhookContext) => unknown) | undefined;
  /**
   * Hears of everything that was not delivered to a callback, and of what a callback threw: log it and alert on it. Without it
   * nobody hears. What it throws is ignored.
   */
  readonly onError?: ((error: unknown, context: KioskWebhookContext) => unknown) | undefined;
  /**
   * The answer where the signature is missing, malformed or a mismatch: an integer from 400 to 599. Default 503.
   *
   * Wise gives up after 3 tries on most 4xx, but delivers again for two weeks on 5xx: with the default a wrong key or a gateway
   * that strips the header loses no event. The price is that strangers can make your server answer 5xx: give the webhook a route
   * of its own, so that this alarms nobody.
   */
  readonly invalidSignatureStatus?: number | undefined;
}

const HANDLER_OPTION_NAMES: OptionNames<KioskWebhookHandlerOptions> = {
  onProduction: true,
  onOther: true,
  onError: true,
  invalidSignatureStatus: true,
};

/** From the request of a delivery to the answer. It never rejects. */
export type KioskWebhookHandler = (request: WebRequest) => Promise<WebResponse>;

/** How a delivery is verified and read. */
export type Unwrap = (rawBody: Uint8Array, headers: WebHeaders) => Promise<KioskWebhookEvent>;

/** No event of Wise's comes near this size. */
export const MAX_BODY_BYTES = 2 ** 20;

/** See `KioskWebhooks.handler`. */
export function createHandler(unwrap: Unwrap, options: KioskWebhookHandlerOptions): KioskWebhookHandler {
  const { onProduction, onOther, onError, invalidSignatureStatus } = checkedOptions(options);

  async function receive(request: WebRequest, context: KioskWebhookContext): Promise<Answer> {
    if (request.method !== "POST") return notPost();
    const body = await readBody(request, MAX_BODY_BYTES);
    if (body === undefined) return tooLarge();
    const event = await unwrap(body, request.headers);
    if (event.type === "other" && onOther === undefined) return dropped(event);
    try {
      await (event.type === "other" ? onOther?.(event, context) : onProduction(event, context));
    } catch (error) {
      return notHandled(error);
    }
    return ACCEPTED;
  }

  async function tell(error: unknown, context: KioskWebhookContext): Promise<void> {
    try {
      await onError?.(error, context);
    } catch {
      // The answer to Wise must not depend on a logger.
    }
  }

  return async (request) => {
    const context = { headers: request.headers };
    const answer = await receive(request, context).catch((error) => answerTo(error, invalidSignatureStatus));
    if ("error" in answer) await tell(answer.error, context);
    return Response.json(answer.body, { status: answer.httpStatus, headers: answer.headers ?? {} });
  };
}

function checkedOptions(options: KioskWebhookHandlerOptions) {
  const known = readOptions("options", options ?? {}, HANDLER_OPTION_NAMES);
  const { onProduction, onOther, onError, invalidSignatureStatus = 503 } = known;
  if (typeof onProduction !== "function") {
    throw mustBe("onProduction", "a function that takes the event", describeValue(onProduction));
  }
  for (const [name, callback] of Object.entries({ onOther, onError })) {
    if (callback !== undefined && typeof callback !== "function") {
      throw mustBe(name, "a function", describeValue(callback));
    }
  }
  if (!Number.isInteger(invalidSignatureStatus) || invalidSignatureStatus < 400 || invalidSignatureStatus > 599) {
    throw mustBe("invalidSignatureStatus", "an integer from 400 to 599", describeValue(invalidSignatureStatus));
  }
  return { onProduction, onOther, onError, invalidSignatureStatus };
}
