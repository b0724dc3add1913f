import { constants, createPublicKey, generateKeyPairSync, sign, verify } from "node:crypto";
import { adviceFor, describeProduction, isKioskError } from "wise-card-kiosk";
import { applyProductionEvent, eventKey, type KioskWebhookEvent, KioskWebhooks } from "wise-card-kiosk/webhooks";
import type { Dice } from "../../support/dice.js";
import { SUBSCRIPTION_ID } from "../../support/event-bodies.js";
import { createSignature, rsaKeyPair, unusableKey, wise } from "../../support/signed-delivery.js";
import { BrokenProperty, checkError, mustHold, outcomeOf, refuseSecrets } from "../check-outcome.js";
import { readCorpus } from "../corpus.js";
import type { FuzzTarget } from "../fuzz-target.js";
import { anyText, eventText } from "../json-texts.js";
import { mutate } from "../mutations.js";
import type { RunSecrets } from "../run-secrets.js";

/** A delivery, and whether it must pass as signed. */
export interface GeneratedDelivery {
  readonly body: Buffer;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Whether it is signed for these bytes, with one signature header in the documented form. */
  readonly isSigned: boolean;
}

const corpus = readCorpus("deliveries").map(({ bytes }) => bytes);
const stranger = rsaKeyPair();
const larger = rsaKeyPair(3072);
const shorter = generateKeyPairSync("rsa", { modulusLength: 1024 });
const publicKey = createPublicKey(wise.publicKey);

const RECEIVERS = [
  new KioskWebhooks({ publicKeys: [wise.publicKey] }),
  new KioskWebhooks({ publicKeys: [larger.publicKey, unusableKey(), wise.publicKey] }),
  new KioskWebhooks({ publicKeys: [wise.publicKey], subscriptionIds: [SUBSCRIPTION_ID] }),
  new KioskWebhooks({ publicKeys: [wise.publicKey], subscriptionIds: [SUBSCRIPTION_ID], clientIds: ["your-bank"] }),
];

/** Signatures that are wrong, malformed or made with another key or method. */
const FORGERIES: readonly ((body: Buffer, dice: Dice) => string)[] = [
  (body) => createSignature(body, stranger.privateKey),
  (body) => sign("RSA-SHA256", body, shorter.privateKey).toString("base64"),
  (body) => sign("RSA-SHA1", body, wise.privateKey).toString("base64"),
  (body) => sign("RSA-SHA512", body, wise.privateKey).toString("base64"),
  (body) => sign("sha256", body, { key: wise.privateKey, padding: constants.RSA_PKCS1_PSS_PADDING }).toString("base64"),
  (body) => createSignature(Buffer.concat([body, Buffer.from(" ")])),
  (body) => createSignature(body).toLowerCase(),
  (body) => createSignature(body).replace(/=+$/, ""),
  (body) => ` ${createSignature(body)}`,
  (body) => `${createSignature(body)}, ${createSignature(body)}`,
  (body) => createSignature(body).replaceAll("+", "-").replaceAll("/", "_"),
  (body) => Buffer.concat([Buffer.alloc(1), Buffer.from(createSignature(body), "base64")]).toString("base64"),
  (body) => Buffer.from(createSignature(body), "base64").subarray(1).toString("base64"),
  (body, dice) => mutate(Buffer.from(createSignature(body)), dice, [Buffer.from("=")]).toString("latin1"),
  (_, dice) => Buffer.alloc(256, dice.below(256)).toString("base64"),
];
/** Values that cost no signature. */
const CHEAP = [
  "",
  " ",
  "=",
  "AAAA",
  "\u00ff",
  "null",
  "a".repeat(344),
  "x".repeat(100_000),
  "\u{1f511}",
  "[object Object]",
];

const TEST_VALUES = ["true", "TRUE", "false", "1", "", "true, true"];

/** Generates a delivery. Most of them are not signed, because a signature takes longer than anything else. */
export function generateDelivery(dice: Dice, secrets: RunSecrets): GeneratedDelivery {
  const body = generateBody(dice, secrets);
  const headers: [string, string][] = [
    ["Content-Type", "application/json"],
    ["Authorization", `Bearer ${secrets.ofDelivery}`],
    ["Cookie", `session=${secrets.ofDelivery}`],
  ];
  if (dice.chance(0.8))
    headers.push([dice.pick(["X-Delivery-Id", "x-delivery-id"]), dice.pick(["4a6b", "", secrets.ofDelivery])]);
  if (dice.chance(0.2)) headers.push(["X-Test-Notification", dice.pick(TEST_VALUES)]);
  const signed = dice.chance(0.25) && body.length > 0;
  if (!signed) {
    const name = dice.pick(["X-Signature-SHA256", "x-signature-sha256", "X-Signature", "x-signature-sha-256"]);
    if (dice.chance(0.9)) headers.push([name, dice.chance(0.15) ? dice.pick(FORGERIES)(body, dice) : dice.pick(CHEAP)]);
    return { body, headers, isSigned: false };
  }
  headers.push([dice.pick(["X-Signature-SHA256", "x-signature-sha256", "X-SIGNATURE-SHA256"]), createSignature(body)]);
  if (dice.chance(0.15)) return { body: mutate(body, dice, corpus), headers, isSigned: false };
  return { body, headers, isSigned: true };
}

function generateBody(dice: Dice, { ofDelivery }: RunSecrets): Buffer {
  const body = dice.chance(0.35) ? dice.pick(corpus) : Buffer.from(dice.chance(0.95) ? eventText(dice) : anyText(dice));
  const text = body.toString("latin1");
  const quoting = dice.chance(0.3)
    ? Buffer.from(text.replace(/Card produced|35050a4a[\w-]*/, ofDelivery), "latin1")
    : body;
  return dice.chance(0.35) ? mutate(quoting, dice, corpus) : quoting;
}

/** Returns whether any value of the signature header signs the body, according to OpenSSL. */
export function isReallySigned({ body, headers }: Pick<GeneratedDelivery, "body" | "headers">): boolean {
  return headers
    .filter(([name]) => name.toLowerCase() === "x-signature-sha256")
    .some(([, value]) => verify("RSA-SHA256", body, publicKey, Buffer.from(value, "base64")));
}

/**
 * Checks what became of a delivery: it was accepted only if it is signed, and refused with an error of this package that shows
 * nothing of its headers.
 */
export function checkReceived(
  delivery: GeneratedDelivery,
  outcome: { readonly value: unknown } | { readonly thrown: unknown },
  secrets: RunSecrets,
): void {
  if ("value" in outcome) {
    mustHold(isReallySigned(delivery), "a delivery without a signature was accepted");
    return;
  }
  const { thrown } = outcome;
  checkError(thrown);
  const code = isKioskError(thrown) ? thrown.code : "";
  // Its purpose is to name the subscription and the client, which a mutation may have replaced.
  if (code !== "ERR_WEBHOOK_FOREIGN") refuseSecrets(thrown, secrets);
  const isRefused = code !== "ERR_WEBHOOK_PAYLOAD" && code !== "ERR_WEBHOOK_FOREIGN";
  mustHold(!(delivery.isSigned && isRefused), "a signed delivery was refused as unsigned", thrown);
  if (!isRefused) mustHold(isReallySigned(delivery), "a delivery without a signature was read");
}

/** Returns the headers in one of the forms that servers use. */
function toHeaders({ headers }: GeneratedDelivery, dice: Dice): Headers | Record<string, string | string[]> {
  const isPlain = headers.every(([, value]) => !/[^\t\x20-\xff]/.test(value));
  if (dice.chance(0.3) && isPlain) return new Headers(headers.map(([...field]) => field));
  const lists = dice.chance(0.3);
  return Object.fromEntries(headers.map(([name, value]) => [name, lists ? [value] : value]));
}

/** Headers that no server passes, but a careless caller may. */
const ODD_HEADERS: readonly unknown[] = [
  undefined,
  null,
  5,
  "X-Signature-SHA256: AAAA",
  [],
  [["X-Signature-SHA256", "AAAA"]],
  new Map([["X-Signature-SHA256", "AAAA"]]),
  { "X-Signature-SHA256": 5 },
  { "X-Signature-SHA256": [] },
  { "X-Signature-SHA256": [null] },
  { "X-Signature-SHA256": { toString: () => "AAAA" } },
  { "X-Signature-SHA256": "AAAA", "x-signature-sha256": "AAAA" },
  { get: 5 },
  { get: () => undefined },
  { get: () => 5 },
  Object.create({ "x-signature-sha256": "AAAA" }),
  Object.create(null),
  () => "AAAA",
];

/** Bodies that are not raw. */
const ODD_BODIES: readonly unknown[] = [undefined, null, 5, {}, [], [1, 2], new Date(0), () => "", Symbol("body"), 10n];

/** `KioskWebhooks.unwrap`, and what receivers do with an event. */
export const deliveriesTarget: FuzzTarget = {
  name: "deliveries",
  share: 240,
  run: async (dice, secrets) => {
    const receiver = dice.pick(RECEIVERS);
    const delivery = generateDelivery(dice, secrets);
    if (dice.chance(0.05)) {
      const [body, headers] = dice.chance(0.5)
        ? [delivery.body, dice.pick(ODD_HEADERS)]
        : [dice.pick(ODD_BODIES), toHeaders(delivery, dice)];
      const odd = await outcomeOf(() => receiver.unwrap(body as Buffer, headers as Headers));
      if ("value" in odd) throw new BrokenProperty("odd headers or an odd body were accepted");
      checkError(odd.thrown);
      return refuseSecrets(odd.thrown, secrets);
    }
    const outcome = await outcomeOf(() => receiver.unwrap(delivery.body, toHeaders(delivery, dice)));
    checkReceived(delivery, outcome, secrets);
    if ("value" in outcome) useEvent(outcome.value as KioskWebhookEvent);
    const parsed = await outcomeOf(() => receiver.parseUnverified(delivery.body));
    if ("thrown" in parsed) {
      checkError(parsed.thrown);
      refuseSecrets(parsed.thrown, secrets);
    }
  },
};

/** Does with an event what receivers do. None of it may throw. */
function useEvent(event: KioskWebhookEvent): void {
  if (event.type === "other") return;
  eventKey(event);
  adviceFor(event.production);
  describeProduction(event.production);
  const { state, outcome } = applyProductionEvent(null, event);
  if (state === undefined) mustHold(outcome === "unordered", "a card without a state");
  else
    mustHold(applyProductionEvent(state, event).outcome === "duplicate", "an event that is not a duplicate of itself");
}
