import { createPrivateKey, KeyObject, sign, type webcrypto } from "node:crypto";
import { describeValue, mustBe } from "../../arguments/found-value.js";
import { KioskArgumentError } from "../../errors/argument-error.js";
import { toBytes } from "../../text/bytes.js";
import { withLineBreaks } from "../../text/pem.js";

/** A private RSA key: PEM text, a `KeyObject` of `node:crypto`, or a `CryptoKey` that can be exported. */
export type WebhookPrivateKey =
  | string
  | {
      /** The type of the key: `private`. */
      readonly type: string;
    };

/**
 * Signs the body of a webhook as Wise does: RSA PKCS#1 v1.5 with SHA-256.
 *
 * @example
 * ```ts
 * import { generateKeyPairSync } from "node:crypto";
 * import { fixtures, signWebhook } from "wise-card-kiosk/testing";
 * import { KioskWebhooks } from "wise-card-kiosk/webhooks";
 *
 * const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
 * const webhooks = new KioskWebhooks({ publicKeys: [publicKey.export({ type: "spki", format: "pem" }).toString()] });
 *
 * const body = JSON.stringify(fixtures.webhook.productionStatusChange());
 * const headers = new Headers({ "X-Signature-SHA256": signWebhook(body, privateKey) });
 * console.log((await webhooks.unwrap(body, headers)).type);
 * // → cards#card-production-status-change
 * ```
 *
 * @param body the body exactly as it will be sent. A string is signed as UTF-8.
 * @param privateKey your own key, generated for the test. Do not use a key that protects anything.
 * @returns the signature in Base64, for the header `X-Signature-SHA256`.
 * @throws {KioskArgumentError} if `body` is neither a string nor bytes, or `privateKey` is not a private RSA key. The message does not show the key.
 * @see https://docs.wise.com/guides/developer/webhooks
 */
export function signWebhook(body: string | Uint8Array, privateKey: WebhookPrivateKey): string {
  const bytes = typeof body === "string" ? Buffer.from(body) : toBytes(body);
  if (bytes === undefined) throw mustBe("body", "a string or bytes", describeValue(body));
  return sign("sha256", bytes, parsePrivateKey(privateKey)).toString("base64");
}

function parsePrivateKey(privateKey: WebhookPrivateKey): KeyObject {
  const key = keyObject(privateKey);
  if (key?.type === "private" && key.asymmetricKeyType === "rsa") return key;
  throw new KioskArgumentError(
    "privateKey",
    "must be a private RSA key: PEM text, a KeyObject or an exportable CryptoKey",
  );
}

/** Returns the key, or `undefined` if it cannot be read. The error is dropped because it may quote the key. */
function keyObject(key: WebhookPrivateKey): KeyObject | undefined {
  try {
    if (typeof key === "string") return createPrivateKey(withLineBreaks(key));
    return key instanceof KeyObject ? key : KeyObject.from(key as webcrypto.CryptoKey);
  } catch {
    return undefined;
  }
}
