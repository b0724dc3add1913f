import { parseFunction } from "../arguments/parse-function.js";
import { parseOptions } from "../arguments/parse-options.js";
import { KioskWebhookForeignError } from "../errors/webhook-errors.js";
import { type EventOrigin, isExpectedOrigin, parseIdList } from "./event/event-origin.js";
import { type DeliveryInfo, parseEnvelope } from "./event/parse-event.js";
import type { KioskWebhookEvent } from "./event/webhook-event.js";
import { callSafely } from "./http/call-safely.js";
import { createHandler, type KioskWebhookHandler, type KioskWebhookHandlerOptions } from "./http/handler.js";
import { toBodyBytes, type WebhookRawBody } from "./http/raw-body.js";
import { singleHeader, type WebhookHeaders } from "./http/webhook-headers.js";
import { type KioskWebhooksOptions, WEBHOOKS_OPTION_NAMES } from "./kiosk-webhooks-options.js";
import { parseSignature } from "./signature/signature-header.js";
import { trustedKeys } from "./signature/trusted-keys.js";
import { VerificationKeys } from "./signature/verification-keys.js";

/**
 * Receives Wise webhooks: verifies that Wise signed a delivery and that it is yours, and reads the event in it. Only
 * {@link KioskWebhooks.parseUnverified} returns an event without these checks.
 *
 * Create one instance for the lifetime of the process, because it imports the keys once.
 *
 * @example
 * ```ts
 * import { KioskWebhooks } from "wise-card-kiosk/webhooks";
 *
 * const webhooks = new KioskWebhooks({ environment: "sandbox", subscriptionIds });
 * const handle = webhooks.handler({ onProduction: store });
 * const response = await handle(new Request("https://your-bank.example/wise"));
 * console.log(response.status);
 * // → 405
 * ```
 *
 * @see https://docs.wise.com/guides/developer/webhooks
 */
export class KioskWebhooks {
  readonly #keys: VerificationKeys;
  readonly #subscriptionIds: ReadonlySet<string> | undefined;
  readonly #clientIds: ReadonlySet<string> | undefined;
  readonly #onError: KioskWebhooksOptions["onError"];

  /**
   * Creates the receiver. Keys are imported at the first delivery.
   *
   * @throws {KioskArgumentError} if you pass neither `environment` nor `publicKeys`, a key is unusable (private, PKCS#1, shorter
   * than 2048 bits, for another algorithm), a list is empty, an option is unknown, or `onError` is not a function. A key that
   * the runtime cannot import is detected only at the first delivery: see `onError`.
   */
  constructor(options: KioskWebhooksOptions) {
    const known = parseOptions("options", options ?? {}, WEBHOOKS_OPTION_NAMES);
    const { environment, publicKeys, subscriptionIds, clientIds, onError } = known;
    this.#keys = new VerificationKeys(trustedKeys(environment, publicKeys));
    this.#subscriptionIds = parseIdList(subscriptionIds, "subscriptionIds");
    this.#clientIds = parseIdList(clientIds, "clientIds");
    this.#onError = parseFunction("onError", onError);
  }

  /**
   * Resolves if Wise signed the delivery. It does not check that the event is yours: {@link KioskWebhooks.unwrap} does.
   *
   * @param rawBody the body exactly as received, not parsed.
   * @param headers the headers of the delivery; only `X-Signature-SHA256` is read.
   * @throws {KioskWebhookSignatureError} if the signature is missing, malformed or does not match: see `reason`.
   * @throws {KioskArgumentError} if `rawBody` is not a raw body (the message says how to keep it in your framework), or if none
   * of the keys can be used.
   * @see https://docs.wise.com/guides/developer/webhooks
   */
  verify(rawBody: WebhookRawBody, headers: WebhookHeaders): Promise<void> {
    const verified = this.#verify(rawBody, headers);
    return this.#onError === undefined ? verified : this.#withKeyFaultReports(verified, this.#onError);
  }

  /**
   * Verifies a delivery, checks that it is yours, and reads the event in it.
   *
   * @param rawBody the body exactly as received, not parsed.
   * @param headers the headers of the delivery: a `Headers`, or a record such as `req.headers` or the `multiValueHeaders` of AWS.
   * @throws {KioskWebhookSignatureError} if it is not signed by Wise: see `reason`.
   * @throws {KioskWebhookForeignError} if it is signed by Wise, but not yours according to `subscriptionIds` and `clientIds`.
   * @throws {KioskWebhookPayloadError} if it is signed by Wise, but the body does not match the schema of the event.
   * @throws {KioskArgumentError} if `rawBody` is not a raw body (the message says how to keep it in your framework), or if none
   * of the keys can be used.
   * @see https://docs.wise.com/api-reference/webhook-event
   */
  unwrap(rawBody: WebhookRawBody, headers: WebhookHeaders): Promise<KioskWebhookEvent> {
    const opened = this.#open(rawBody, headers);
    return this.#onError === undefined ? opened : this.#withKeyFaultReports(opened, this.#onError);
  }

  /**
   * Reads the event in a body **without verifying it**: anyone may have written it. Use it in tools and tests, and for bodies
   * that you verified before you stored them. `deliveryId` is `null` and `isTest` is `false`, because there are no headers.
   *
   * @throws {KioskWebhookPayloadError} if the body does not match the schema of the event.
   * @throws {KioskArgumentError} if `rawBody` is not a raw body.
   */
  parseUnverified(rawBody: WebhookRawBody): KioskWebhookEvent {
    return parseEnvelope(toBodyBytes(rawBody)).read({ deliveryId: null, isTest: false });
  }

  /**
   * Returns a handler from `Request` to `Response`, for Hono, Next.js, Bun, Deno, Cloudflare Workers and the like. To use it in
   * Express, Fastify, NestJS and `node:http`, pass it to `nodeListener` of `wise-card-kiosk/webhooks/node`; for AWS Lambda, to
   * `lambdaHandler`. Without them, it rejects with a `KioskArgumentError`.
   *
   * Wise waits five seconds for the response. If your callback may take longer, store the event in a queue or a table and
   * return: after a 200, Wise does not deliver it again.
   *
   * | response | when |
   * | --- | --- |
   * | 200 | the callback has resolved, or a signed event is not yours or has no callback |
   * | 405 | the method is not POST |
   * | 413 | the body is larger than 1 MiB; Wise delivers again |
   * | `invalidSignatureStatus`, 503 by default | the signature is missing, malformed or does not match |
   * | 500 | the callback threw, the body cannot be read or decoded, or no key can be used; Wise delivers again |
   *
   * @throws {KioskArgumentError} if `onProduction` is missing, or an option is invalid.
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

  async #open(rawBody: WebhookRawBody, headers: WebhookHeaders): Promise<KioskWebhookEvent> {
    const bytes = toBodyBytes(rawBody);
    await this.#keys.verify(bytes, parseSignature(headers));
    const delivery = parseDeliveryHeaders(headers);
    const event = parseEnvelope(bytes);
    if (!delivery.isTest) this.#refuseForeign(event.origin);
    return event.read(delivery);
  }

  async #verify(rawBody: WebhookRawBody, headers: WebhookHeaders): Promise<void> {
    await this.#keys.verify(toBodyBytes(rawBody), parseSignature(headers));
  }

  /** Reports keys that turned out to be unusable. Without `onError`, they are left for a handler to report. */
  async #withKeyFaultReports<T>(verified: Promise<T>, onError: (error: unknown) => unknown): Promise<T> {
    try {
      return await verified;
    } finally {
      await Promise.all(this.#keys.takeFaults().map((fault) => callSafely(onError, fault)));
    }
  }

  #refuseForeign(origin: EventOrigin): void {
    if (isExpectedOrigin(origin, this.#subscriptionIds, this.#clientIds)) return;
    throw new KioskWebhookForeignError(
      "Signed by Wise, but its subscription or client is missing, or not in subscriptionIds or clientIds",
      origin,
    );
  }
}

function parseDeliveryHeaders(headers: WebhookHeaders): DeliveryInfo {
  return {
    deliveryId: singleHeader(headers, "x-delivery-id"),
    isTest: singleHeader(headers, "x-test-notification")?.toLowerCase() === "true",
  };
}
