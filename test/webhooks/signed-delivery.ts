import { createPublicKey, generateKeyPairSync, type KeyObject, sign } from "node:crypto";

/** An RSA key pair made for this run. */
export function rsaKeyPair(modulusLength = 2048): { readonly privateKey: KeyObject; readonly publicKey: string } {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength });
  return { privateKey, publicKey: publicKey.export({ type: "spki", format: "pem" }).toString() };
}

/** The key pair that stands for Wise's. */
export const wise = rsaKeyPair();

/** The public key with another DER tag before its exponent: whole in length, but no runtime takes it. */
export function unusableKey(): string {
  const der = createPublicKey(wise.publicKey).export({ type: "spki", format: "der" });
  der.writeUInt8(5, der.length - 5);
  return `-----BEGIN PUBLIC KEY-----\n${der.toString("base64")}\n-----END PUBLIC KEY-----`;
}

export const SUBSCRIPTION_ID = "01234567-89ab-cdef-0123-456789abcdef";

/** What a body may differ in from the documented one. */
export interface BodyChanges {
  readonly envelope?: object;
  readonly data?: object;
  readonly resource?: object;
}

/** The documented body of a production event, as text. */
export function productionBody({ envelope, data, resource }: BodyChanges = {}): string {
  return JSON.stringify({
    schema_version: "4.0.0",
    subscription_id: SUBSCRIPTION_ID,
    event_type: "cards#card-production-status-change",
    sent_at: "2024-01-01T12:34:56.123Z",
    ...envelope,
    data: {
      resource: {
        profile_id: 123456,
        type: "card",
        client_id: "your-bank",
        card_token: "35050a4a-9521-426e-8109-1396e3687a3e",
        ...resource,
      },
      status: "PRODUCED",
      kiosk_id: "WIS00001",
      occurred_at: "2024-01-01T12:24:56.789Z",
      error_code: null,
      description: "Card produced",
      ...data,
    },
  });
}

/** The body of an event of another type, as text. */
export function otherBody(envelope: object = {}): string {
  return JSON.stringify({
    schema_version: "4.0.0",
    subscription_id: SUBSCRIPTION_ID,
    event_type: "cards#card-order-status-change",
    sent_at: "2024-01-01T12:34:56.123Z",
    data: { resource: { type: "card-order", id: 1, client_id: "your-bank" }, old_status: "PLACED" },
    ...envelope,
  });
}

/** A signature as Wise makes them: RSA PKCS#1 v1.5 with SHA-256, in standard Base64. */
export function signatureOf(body: string | Uint8Array, privateKey = wise.privateKey): string {
  return sign("RSA-SHA256", Buffer.from(body), privateKey).toString("base64");
}

/** The headers that Wise sends with a body. */
export function signedHeaders(body: string | Uint8Array, more: Record<string, string> = {}): Record<string, string> {
  return {
    "Content-Type": "application/json",
    "X-Signature-SHA256": signatureOf(body),
    "X-Delivery-Id": "4a6b9810-4279-4de5-8d8d-1a6cf3b92a75",
    ...more,
  };
}

/** A delivery as it arrives at a handler. */
export function delivery(body: string = productionBody(), headers = signedHeaders(body)): Request {
  return new Request("https://bank.example/wise", { method: "POST", headers, body });
}
