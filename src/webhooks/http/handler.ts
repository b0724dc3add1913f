import { describeValue, mustBe } from "../../arguments/found-value.js";
import { parseFunction, requireFunction } from "../../arguments/parse-function.js";
import { type OptionNames, parseOptions } from "../../arguments/parse-options.js";
import { KioskArgumentError } from "../../errors/argument-error.js";
import type { KioskOtherEvent, KioskProductionEvent, KioskWebhookEvent } from "../event/webhook-event.js";
import { callSafely } from "./call-safely.js";
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

/** The context of an event or an error. */
export interface KioskWebhookContext {
  /** The headers of the delivery, unchanged. None of them is signed. */
  readonly headers: WebHeaders;
}

/** Options for a handler. Return values of callbacks are awaited and otherwise ignored. */
export interface KioskWebhookHandlerOptions {
  /**
   * Called with every production event that is yours, at least once and in any order: see `applyProductionEvent` and `eventKey`.
   * Also called with test notifications, which have `isTest`: do nothing for those. Store the event before you return: after the
   * callback resolves, the response is 200 and Wise considers the event delivered. If it throws, the response is 500 and Wise
   * delivers again.
   */
  readonly onProduction: (event: KioskProductionEvent, context: KioskWebhookContext) => unknown;
  /** Called with events of other types. Default: the response is 200, the event is dropped, and `onError` is called. */
  readonly onOther?: ((event: KioskOtherEvent, context: KioskWebhookContext) => unknown) | undefined;
  /**
   * Called with every error, and for every event that reached no callback: log it and alert on it. It is also called once,
   * with a `KioskArgumentError`, for each key that this runtime cannot use, unless `KioskWebhooks` has its own `onError`. It is
   * awaited for at most a second, and what it throws is ignored. Default: the `onError` of `KioskWebhooks`; without either,
   * errors go unnoticed.
   */
  readonly onError?: ((error: unknown, context: KioskWebhookContext) => unknown) | undefined;
  /**
   * The response status if the signature is missing, malformed or does not match: an integer from 400 to 599. Default: 503.
   *
   * Wise gives up after 3 tries on most 4xx, but delivers again for two weeks on 5xx. So with the default, a wrong key or a
   * gateway that strips the header loses no event. The price is that strangers can make your server respond with 5xx: give the
   * webhook a route of its own, and exclude it from alarms for 5xx.
   */
  readonly invalidSignatureStatus?: number | undefined;
}

const HANDLER_OPTION_NAMES: OptionNames<KioskWebhookHandlerOptions> = {
  onProduction: true,
  onOther: true,
  onError: true,
  invalidSignatureStatus: true,
};

/**
 * A function from the request of a delivery to the response. It rejects only if its argument is not a `Request`, with a
 * `KioskArgumentError`: `nodeListener` and `lambdaHandler` of `wise-card-kiosk/webhooks/node` adapt it to other servers.
 */
export type KioskWebhookHandler = (request: WebRequest) => Promise<WebResponse>;

/** The parts of `KioskWebhooks` that a handler uses. */
export interface EventSource {
  /** Verifies a delivery and reads the event in it. */
  readonly unwrap: (rawBody: Uint8Array<ArrayBuffer>, headers: WebHeaders) => Promise<KioskWebhookEvent>;
  /** Returns the errors of keys that turned out to be unusable, each of them once. */
  readonly takeKeyFaults: () => readonly KioskArgumentError[];
  /** The `onError` of `KioskWebhooks`. */
  readonly onError: ((error: unknown, context?: KioskWebhookContext) => unknown) | undefined;
}

/** The maximum size of a body, in bytes: far above any Wise event. */
export const MAX_DELIVERY_BYTES = 2 ** 20;

/** Creates a handler: see `KioskWebhooks.handler`. */
export function createHandler(source: EventSource, options: KioskWebhookHandlerOptions): KioskWebhookHandler {
  const { onProduction, onOther, onError = source.onError, invalidSignatureStatus } = parseHandlerOptions(options);

  async function receive(request: WebRequest, context: KioskWebhookContext): Promise<HandlerResult> {
    if (request.method !== "POST") return postOnly();
    const body = await readBody(request, MAX_DELIVERY_BYTES).catch(notHandled);
    if (body === undefined) return tooLarge();
    if ("httpStatus" in body) return body;
    const event = await source
      .unwrap(body, request.headers)
      .catch((error) => resultForError(error, invalidSignatureStatus));
    if ("httpStatus" in event) return event;
    try {
      if (event.type !== "other") await onProduction(event, context);
      else if (onOther === undefined) return ignored(event);
      else await onOther(event, context);
    } catch (error) {
      return notHandled(error);
    }
    return ACCEPTED;
  }

  async function report(result: HandlerResult, context: KioskWebhookContext): Promise<void> {
    // Unusable keys are left for a handler that can report them.
    if (onError === undefined) return;
    const onKeyFault = source.onError ?? onError;
    const faults: readonly unknown[] = source.takeKeyFaults();
    const calls = faults.map((fault) => callSafely(onKeyFault, fault, context));
    const isReported = onKeyFault === onError && faults.includes(result.error);
    if ("error" in result && !isReported) calls.push(callSafely(onError, result.error, context));
    await Promise.all(calls);
  }

  return async (request) => {
    if (typeof request?.headers?.get !== "function") {
      throw new KioskArgumentError(
        "request",
        "must be a Request: pass c.req.raw in Hono, or wrap the handler in nodeListener or lambdaHandler of " +
          "wise-card-kiosk/webhooks/node",
      );
    }
    const context = { headers: request.headers };
    const result = await receive(request, context);
    await report(result, context);
    // Runtimes differ in the default content type of `Response.json`.
    const headers = { "content-type": "application/json", ...result.headers };
    return Response.json(result.body, { status: result.httpStatus, headers });
  };
}

function parseHandlerOptions(options: KioskWebhookHandlerOptions) {
  const known = parseOptions("options", options ?? {}, HANDLER_OPTION_NAMES);
  const { onProduction, onOther, onError, invalidSignatureStatus = 503 } = known;
  if (!Number.isInteger(invalidSignatureStatus) || invalidSignatureStatus < 400 || invalidSignatureStatus > 599) {
    throw mustBe("invalidSignatureStatus", "an integer from 400 to 599", describeValue(invalidSignatureStatus));
  }
  return {
    onProduction: requireFunction("onProduction", onProduction, "a function that is called with the event"),
    onOther: parseFunction("onOther", onOther),
    onError: parseFunction("onError", onError),
    invalidSignatureStatus,
  };
}
