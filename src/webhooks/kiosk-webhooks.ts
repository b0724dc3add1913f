import { readOptions } from "../arguments/read-options.js";
import { KioskWebhookForeignError } from "../errors/webhook-errors.js";
import { believedKeys } from "./believed-keys.js";
import { type EventOrigin, idList, isOurs } from "./event-origin.js";
import { createHandler, type KioskWebhookHandler, type KioskWebhookHandlerOptions } from "./handler.js";
import { type KioskWebhooksOptions, WEBHOOKS_OPTION_NAMES } from "./kiosk-webhooks-options.js";
import { type Delivery, openEvent } from "./parse-event.js";
import type { CheckedKey, VerificationKey } from "./public-key.js";
import { bytesOf, type WebhookRawBody } from "./raw-body.js";
import { readSignature } from "./signature-header.js";
import { verifySignature } from "./verify-signature.js";
import type { KioskWebhookEvent } from "./webhook-event.js";
import { singleHeader, type WebhookHeaders } from "./webhook-headers.js";

/**
 * Receives the webhooks of Wise: verifies that Wise has signed a delivery and that it is yours, and reads the event in it. There
 * is no way to get an event without that, save {@link KioskWebhooks.parseUnverified}, which says so in its name.
 *
 * Make one for the lifetime of the process: keys are imported once.
 *
 * @example
 * const webhooks = new KioskWebhooks({ environment: "production", subscriptionIds: ["72195556-e5cb-495e-a010-b37a4f2a3043"] });
 * const event = await webhooks.unwrap(rawBody, headers);
 *
 * @see https://docs.wise.com/guides/developer/webhooks
 */
export class KioskWebhooks {
  readonly #keys: readonly CheckedKey[];
  readonly #subscriptionIds: ReadonlySet<string> | undefined;
  readonly #clientIds: ReadonlySet<string> | undefined;
  #loadedKeys: Promise<readonly VerificationKey[]> | undefined;

  /**
   * @throws {KioskArgumentError} where neither `environment` nor `publicKeys` is given, a key can not serve (private, PKCS#1,
   * shorter than 2048 bits, for another algorithm), or a list is empty.
   */
  constructor(options: KioskWebhooksOptions) {
    const known = readOptions("options", options ?? {}, WEBHOOKS_OPTION_NAMES);
    const { environment, publicKeys, subscriptionIds, clientIds } = known;
    this.#keys = believedKeys(environment, publicKeys);
    this.#subscriptionIds = idList(subscriptionIds, "subscriptionIds");
    this.#clientIds = idList(clientIds, "clientIds");
  }

  /**
   * Resolves where the delivery is signed by Wise. It says nothing about whose event it is: {@link KioskWebhooks.unwrap} does.
   *
   * @param rawBody the body exactly as it came, not parsed.
   * @param headers the headers of the delivery; only `X-Signature-SHA256` counts.
   * @throws {KioskWebhookSignatureError} with the `reason`.
   * @throws {KioskArgumentError} where `rawBody` is not a raw body, with how to keep it in your framework.
   * @see https://docs.wise.com/guides/developer/webhooks
   */
  async verify(rawBody: WebhookRawBody, headers: WebhookHeaders): Promise<void> {
    await this.#verifyBytes(bytesOf(rawBody), headers);
  }

  /**
   * Verifies a delivery, checks that it is yours, and reads the event in it.
   *
   * @param rawBody the body exactly as it came, not parsed.
   * @param headers the headers of the delivery: a `Headers`, or a record such as `req.headers`.
   * @throws {KioskWebhookSignatureError} where it is not signed by Wise.
   * @throws {KioskWebhookForeignError} where it is signed by Wise, but not yours by `subscriptionIds` and `clientIds`.
   * @throws {KioskWebhookPayloadError} where it is signed by Wise, but not a body that this event can have.
   * @throws {KioskArgumentError} where `rawBody` is not a raw body, with how to keep it in your framework.
   * @see https://docs.wise.com/api-reference/webhook-event
   */
  async unwrap(rawBody: WebhookRawBody, headers: WebhookHeaders): Promise<KioskWebhookEvent> {
    const bytes = bytesOf(rawBody);
    await this.#verifyBytes(bytes, headers);
    const delivery = deliveryOf(headers);
    const event = openEvent(bytes);
    if (!delivery.isTest) this.#refuseForeign(event.origin);
    return event.read(delivery);
  }

  /**
   * Reads the event in a body **that nobody has verified**: anyone may have written it. For tools and tests, and for bodies that
   * you verified before you stored them. `deliveryId` is `null` and `isTest` is `false`, since there are no headers.
   *
   * @throws {KioskWebhookPayloadError} where it is not a body that this event can have.
   * @throws {KioskArgumentError} where `rawBody` is not a raw body.
   */
  parseUnverified(rawBody: WebhookRawBody): KioskWebhookEvent {
    return openEvent(bytesOf(rawBody)).read({ deliveryId: null, isTest: false });
  }

  /**
   * A handler from `Request` to `Response`, for Hono, Next.js, Bun, Deno, Cloudflare Workers and the like; with `nodeListener` of
   * `wise-card-kiosk/webhooks/node` also for Express, Fastify and `node:http`.
   *
   * Wise waits five seconds for the answer. A callback that may take longer should put the event into a queue or a table and
   * return; then the event is yours, and Wise does not deliver it again.
   *
   * | answer | when | what Wise does |
   * | --- | --- | --- |
   * | 200 | the callback is done; or the event is signed but not yours, or of a type without a callback | is content |
   * | 405 | not a POST | |
   * | 413 | a body above 1 MiB | delivers again |
   * | `invalidSignatureStatus` | no signature of Wise over this body | by the status: see there |
   * | 500 | the callback threw, or the event could not be read | delivers again |
   *
   * @throws {KioskArgumentError} where `onProduction` is missing, or an option is not what it should be.
   * @see https://docs.wise.com/guides/developer/webhooks
   */
  handler(options: KioskWebhookHandlerOptions): KioskWebhookHandler {
    return createHandler((rawBody, headers) => this.unwrap(rawBody, headers), options);
  }

  async #verifyBytes(bytes: Uint8Array<ArrayBuffer>, headers: WebhookHeaders): Promise<void> {
    const signature = readSignature(headers);
    this.#loadedKeys ??= Promise.all(this.#keys.map(({ load }) => load()));
    await verifySignature(bytes, signature, await this.#loadedKeys);
  }

  #refuseForeign(origin: EventOrigin): void {
    if (isOurs(origin, this.#subscriptionIds, this.#clientIds)) return;
    throw new KioskWebhookForeignError(
      "Signed by Wise, but for a subscription or client that is not in subscriptionIds or clientIds",
      origin,
    );
  }
}

function deliveryOf(headers: WebhookHeaders): Delivery {
  return {
    deliveryId: singleHeader(headers, "x-delivery-id"),
    isTest: singleHeader(headers, "x-test-notification")?.toLowerCase() === "true",
  };
}
