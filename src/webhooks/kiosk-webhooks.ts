import { parseOptions } from "../arguments/parse-options.js";
import { KioskWebhookForeignError } from "../errors/webhook-errors.js";
import { type EventOrigin, isExpectedOrigin, parseIdList } from "./event/event-origin.js";
import { type DeliveryInfo, parseEnvelope } from "./event/parse-event.js";
import type { KioskWebhookEvent } from "./event/webhook-event.js";
import { callSafely, optionalCallback } from "./http/callbacks.js";
import { createHandler, type KioskWebhookHandler, type KioskWebhookHandlerOptions } from "./http/handler.js";
import { toBodyBytes, type WebhookRawBody } from "./http/raw-body.js";
import { singleHeader, type WebhookHeaders } from "./http/webhook-headers.js";
import { type KioskWebhooksOptions, WEBHOOKS_OPTION_NAMES } from "./kiosk-webhooks-options.js";
import { parseSignature } from "./signature/signature-header.js";
import { trustedKeys } from "./signature/trusted-keys.js";
import { VerificationKeys } from "./signature/verification-keys.js";

/**
 * Receives the webhooks of Wise: verifies that Wise has signed a delivery and that it is yours, and reads the event in it. There
 * is no way to get an event without that, except {@link KioskWebhooks.parseUnverified}, which says so in its name.
 *
 * Create one for the lifetime of the process: keys are imported once.
 *
 * @example
 * const webhooks = new KioskWebhooks({ environment: "production", subscriptionIds: ["72195556-e5cb-495e-a010-b37a4f2a3043"] });
 * const event = await webhooks.unwrap(rawBody, headers);
 *
 * @see https://docs.wise.com/guides/developer/webhooks
 */
export class KioskWebhooks {
  readonly #keys: VerificationKeys;
  readonly #subscriptionIds: ReadonlySet<string> | undefined;
  readonly #clientIds: ReadonlySet<string> | undefined;
  readonly #onError: KioskWebhooksOptions["onError"];

  /**
   * @throws {KioskArgumentError} if neither `environment` nor `publicKeys` is given, a key cannot be used (private, PKCS#1,
   * shorter than 2048 bits, for another algorithm), a list is empty, or `onError` is not a function. Whether a key can be
   * imported shows at the first delivery only: see `onError`.
   */
  constructor(options: KioskWebhooksOptions) {
    const known = parseOptions("options", options ?? {}, WEBHOOKS_OPTION_NAMES);
    const { environment, publicKeys, subscriptionIds, clientIds, onError } = known;
    this.#keys = new VerificationKeys(trustedKeys(environment, publicKeys));
    this.#subscriptionIds = parseIdList(subscriptionIds, "subscriptionIds");
    this.#clientIds = parseIdList(clientIds, "clientIds");
    this.#onError = optionalCallback("onError", onError);
  }

  /**
   * Resolves if the delivery is signed by Wise. It says nothing about whose event it is: {@link KioskWebhooks.unwrap} does.
   *
   * @param rawBody the body exactly as it came, not parsed.
   * @param headers the headers of the delivery; only `X-Signature-SHA256` counts.
   * @throws {KioskWebhookSignatureError} with the `reason`.
   * @throws {KioskArgumentError} if `rawBody` is not a raw body, with how to keep it in your framework; or if none of the
   * `publicKeys` can be used.
   * @see https://docs.wise.com/guides/developer/webhooks
   */
  async verify(rawBody: WebhookRawBody, headers: WebhookHeaders): Promise<void> {
    const bytes = toBodyBytes(rawBody);
    return this.#reporting(() => this.#verifyBytes(bytes, headers));
  }

  /**
   * Verifies a delivery, checks that it is yours, and reads the event in it.
   *
   * @param rawBody the body exactly as it came, not parsed.
   * @param headers the headers of the delivery: a `Headers`, or a record such as `req.headers`, or the `multiValueHeaders` of AWS.
   * @throws {KioskWebhookSignatureError} if it is not signed by Wise.
   * @throws {KioskWebhookForeignError} if it is signed by Wise, but not yours by `subscriptionIds` and `clientIds`.
   * @throws {KioskWebhookPayloadError} if it is signed by Wise, but not a body that this event can have.
   * @throws {KioskArgumentError} if `rawBody` is not a raw body, with how to keep it in your framework; or if none of the
   * `publicKeys` can be used.
   * @see https://docs.wise.com/api-reference/webhook-event
   */
  async unwrap(rawBody: WebhookRawBody, headers: WebhookHeaders): Promise<KioskWebhookEvent> {
    const bytes = toBodyBytes(rawBody);
    return this.#reporting(() => this.#open(bytes, headers));
  }

  /**
   * Reads the event in a body **that nobody has verified**: anyone may have written it. For tools and tests, and for bodies that
   * you verified before you stored them. `deliveryId` is `null` and `isTest` is `false`, since there are no headers.
   *
   * @throws {KioskWebhookPayloadError} if it is not a body that this event can have.
   * @throws {KioskArgumentError} if `rawBody` is not a raw body.
   */
  parseUnverified(rawBody: WebhookRawBody): KioskWebhookEvent {
    return parseEnvelope(toBodyBytes(rawBody)).read({ deliveryId: null, isTest: false });
  }

  /**
   * A handler from `Request` to `Response`, for Hono, Next.js, Bun, Deno, Cloudflare Workers and the like; with `nodeListener` of
   * `wise-card-kiosk/webhooks/node` also for Express, Fastify, NestJS and `node:http`, and with `lambdaHandler` for AWS Lambda.
   *
   * Wise waits five seconds for the response. A callback that may take longer should put the event into a queue or a table and
   * return; then the event is yours, and Wise does not deliver it again.
   *
   * | response | when | what Wise does |
   * | --- | --- | --- |
   * | 200 | the callback is done; or the event is signed but not yours, or of a type without a callback | is content |
   * | 405 | not a POST | |
   * | 413 | a body above 1 MiB | delivers again |
   * | `invalidSignatureStatus` | no signature of Wise over this body | by the status: see there |
   * | 500 | the callback threw, the event could not be read, or none of the `publicKeys` can be used | delivers again |
   *
   * @throws {KioskArgumentError} if `onProduction` is missing, or an option is not valid.
   * @see https://docs.wise.com/guides/developer/webhooks
   */
  handler(options: KioskWebhookHandlerOptions): KioskWebhookHandler {
    return createHandler(
      {
        unwrap: (rawBody, headers) => this.#open(rawBody, headers),
        takeKeyFaults: () => this.#keys.takeFaults(),
        onError: this.#onError,
      },
      options,
    );
  }

  async #open(bytes: Uint8Array<ArrayBuffer>, headers: WebhookHeaders): Promise<KioskWebhookEvent> {
    await this.#verifyBytes(bytes, headers);
    const delivery = findDelivery(headers);
    const event = parseEnvelope(bytes);
    if (!delivery.isTest) this.#refuseForeign(event.origin);
    return event.read(delivery);
  }

  async #verifyBytes(bytes: Uint8Array<ArrayBuffer>, headers: WebhookHeaders): Promise<void> {
    await this.#keys.verify(bytes, parseSignature(headers));
  }

  /** Reports keys that turned out to be unusable. Without `onError` they stay to be reported by a handler. */
  async #reporting<T>(verify: () => Promise<T>): Promise<T> {
    if (this.#onError === undefined) return verify();
    try {
      return await verify();
    } finally {
      for (const fault of this.#keys.takeFaults()) await callSafely(this.#onError, fault);
    }
  }

  #refuseForeign(origin: EventOrigin): void {
    if (isExpectedOrigin(origin, this.#subscriptionIds, this.#clientIds)) return;
    throw new KioskWebhookForeignError(
      "Signed by Wise, but for a subscription or client that is not in subscriptionIds or clientIds",
      origin,
    );
  }
}

function findDelivery(headers: WebhookHeaders): DeliveryInfo {
  return {
    deliveryId: singleHeader(headers, "x-delivery-id"),
    isTest: singleHeader(headers, "x-test-notification")?.toLowerCase() === "true",
  };
}
