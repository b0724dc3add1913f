import {
  applyProductionEvent,
  applyProductionRead,
  eventKey,
  isKioskError,
  KioskWebhookSignatureError,
  KioskWebhooks,
  type WebhookPublicKey,
  WISE_WEBHOOK_KEYS,
} from "wise-card-kiosk/webhooks";
import { productionBody } from "../../support/event-bodies.js";
import { type Cases, equal, rejection } from "./assert.js";
import { signer } from "./signing.js";

const MIB = 2 ** 20;
const URL = "https://bank.example/wise";

const post = (body: ConstructorParameters<typeof Response>[0], headers: Record<string, string>): Request =>
  new Request(URL, { method: "POST", headers, body: body ?? null, duplex: "half" });

/** What `/webhooks` promises on any runtime that has WebCrypto and the Fetch API. */
export const conformance: Cases = {
  async "keys in every form verify a signature"() {
    const wise = await signer();
    const body = productionBody();
    const forms: WebhookPublicKey[] = [wise.pem, wise.pem.replaceAll("\n", "\\n"), wise.jwk, wise.publicKey];
    for (const key of forms) await new KioskWebhooks({ publicKeys: [key] }).verify(body, await wise.headers(body));
  },

  async "Wise's published keys can be imported"() {
    const wise = await signer();
    for (const environment of Object.keys(WISE_WEBHOOK_KEYS) as ["production", "sandbox"]) {
      const webhooks = new KioskWebhooks({ environment });
      const verification = async () => webhooks.verify("x", await wise.headers("x"));
      equal(await rejection(verification), "KioskWebhookSignatureError mismatch");
    }
  },

  async "unusable keys are rejected"() {
    const { privateJwk, jwk, pem } = await signer();
    const short = { ...jwk, n: jwk.n?.slice(0, 171) ?? "" };
    const pss = await crypto.subtle.importKey(
      "jwk",
      { kty: "RSA", n: jwk.n ?? "", e: "AQAB" },
      { name: "RSA-PSS", hash: "SHA-256" },
      true,
      ["verify"],
    );
    for (const key of [privateJwk, short, pss, pem.slice(0, 300), pem.replaceAll("PUBLIC", "PRIVATE")]) {
      equal(await rejection(() => new KioskWebhooks({ publicKeys: [key] })), "KioskArgumentError publicKeys[0]");
    }
  },

  async "a key that the runtime cannot use does not disable the others, and is reported once"() {
    const wise = await signer();
    const stranger = await signer();
    const body = productionBody();
    const forged = { type: "public", extractable: true, usages: ["verify"], algorithm: wise.publicKey.algorithm };
    for (const broken of [wise.brokenPem, forged]) {
      const reported: string[] = [];
      const onError = (error: unknown) => reported.push((error as { argument: string }).argument);
      const webhooks = new KioskWebhooks({ publicKeys: [broken, wise.pem], onError });
      for (let round = 0; round < 3; round += 1) {
        await webhooks.verify(body, await wise.headers(body));
        const refusal = await rejection(async () => webhooks.verify(body, await stranger.headers(body)));
        equal(refusal, "KioskWebhookSignatureError mismatch");
      }
      equal(reported, ["publicKeys[0]"]);
      const alone = new KioskWebhooks({ publicKeys: [broken] });
      equal(
        await rejection(async () => alone.verify(body, await wise.headers(body))),
        "KioskArgumentError publicKeys[0]",
      );
    }
  },

  async "invalid signatures are rejected with a reason"() {
    const wise = await signer();
    const webhooks = new KioskWebhooks({ publicKeys: [wise.pem] });
    const body = productionBody();
    const { "X-Signature-SHA256": signature = "" } = await wise.headers(body);
    const reason = (value: unknown) =>
      rejection(() => webhooks.verify(body, { "x-signature-sha256": value as string }));
    for (const value of [undefined, "", [], null]) equal(await reason(value), "KioskWebhookSignatureError missing");
    for (const value of [
      `${signature}\n`,
      `${signature}A`,
      signature.slice(0, -1),
      signature.slice(4),
      [signature, signature],
      "%",
    ]) {
      equal(await reason(value), "KioskWebhookSignatureError malformed");
    }
    const stranger = await (await signer()).headers(body);
    equal(await reason(stranger["X-Signature-SHA256"]), "KioskWebhookSignatureError mismatch");
  },

  async "every flipped bit of a signature is rejected"() {
    const wise = await signer();
    const webhooks = new KioskWebhooks({ publicKeys: [wise.pem] });
    const { "X-Signature-SHA256": signature = "" } = await wise.headers("body");
    const binary = atob(signature);
    for (let bit = 0; bit < binary.length * 8; bit += 1) {
      const bytes = Array.from(binary, (character) => character.charCodeAt(0));
      bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const flipped = btoa(String.fromCharCode(...bytes));
      const verification = () => webhooks.verify("body", { "X-Signature-SHA256": flipped });
      equal(await rejection(verification), "KioskWebhookSignatureError mismatch");
    }
  },

  async "bodies are accepted in every form and verified unchanged"() {
    const wise = await signer();
    const webhooks = new KioskWebhooks({ publicKeys: [wise.pem] });
    const text = productionBody({ data: { description: "Käse 💳" } });
    const bytes = new TextEncoder().encode(text);
    const headers = await wise.headers(text);
    const within = Uint8Array.of(0, ...bytes, 0).subarray(1, -1);
    const events = await Promise.all([text, bytes, bytes.buffer, within].map((body) => webhooks.unwrap(body, headers)));
    for (const event of events) equal(event, events[0]);
    const odd = Uint8Array.of(0xef, 0xbb, 0xbf, 0xff, 0xfe, 0);
    await webhooks.verify(odd, await wise.headers(odd));
    equal(await rejection(() => webhooks.verify(JSON.parse(text), headers)), "KioskArgumentError rawBody");
  },

  async "events are parsed, and malformed and foreign ones are rejected"() {
    const wise = await signer();
    const webhooks = new KioskWebhooks({ publicKeys: [wise.pem], clientIds: ["your-bank"] });
    const unwrap = async (body: string) => webhooks.unwrap(body, new Headers(await wise.headers(body)));
    equal(await unwrap(productionBody({ data: { status: "COLLECTED" } })), {
      type: "cards#card-production-status-change",
      schemaVersion: "4.0.0",
      subscriptionId: "01234567-89ab-cdef-0123-456789abcdef",
      sentAt: "2024-01-01T12:34:56.123Z",
      profileId: 123456,
      cardToken: "35050a4a-9521-426e-8109-1396e3687a3e",
      clientId: "your-bank",
      production: {
        status: "UNRECOGNIZED",
        rawStatus: "COLLECTED",
        kioskId: "WIS00001",
        occurredAt: "2024-01-01T12:24:56.789Z",
        description: "Card produced",
        errorCode: null,
      },
      deliveryId: "d",
      isTest: false,
    });
    equal(await rejection(() => unwrap("{")), "KioskWebhookPayloadError");
    equal(await rejection(() => unwrap(productionBody({ data: { status: 1 } }))), "KioskWebhookPayloadError");
    const foreign = productionBody().replace("your-bank", "other-bank");
    equal(await rejection(() => unwrap(foreign)), "KioskWebhookForeignError");
  },

  async "the handler returns every response, and stops reading an endless body"() {
    const wise = await signer();
    const reported: string[] = [];
    const handler = new KioskWebhooks({ publicKeys: [wise.pem] }).handler({
      onProduction: ({ production }) => {
        if (production.status !== "PRODUCED") throw new Error("database down");
        reported.push(production.status);
      },
      onError: (error) => reported.push(isKioskError(error) ? error.code : String(error)),
    });
    const responseTo = async (request: Request) => {
      const response = await handler(request);
      return `${response.status} ${response.headers.get("allow") ?? ""}${JSON.stringify(await response.json())}`;
    };
    const body = productionBody();
    const failing = productionBody({ data: { status: "READY" } });
    const malformed = productionBody({ data: { status: 1 } });
    const endless = new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(MIB / 8)) });
    equal(
      [
        await responseTo(new Request(URL)),
        await responseTo(post(endless, {})),
        await responseTo(post(body, {})),
        await responseTo(post(malformed, await wise.headers(malformed))),
        await responseTo(post(failing, await wise.headers(failing))),
        await responseTo(post(body, await wise.headers(body))),
      ],
      [
        '405 POST{"status":"error","message":"only POST is accepted"}',
        '413 {"status":"error","message":"the body is larger than 1 MiB"}',
        '503 {"status":"error","message":"the signature is missing"}',
        '500 {"status":"error","message":"the body is not an event"}',
        '500 {"status":"error","message":"the event could not be handled"}',
        '200 {"status":"ok"}',
      ],
    );
    const errors = ["ERR_ARGUMENT", "ERR_ARGUMENT", "ERR_WEBHOOK_SIGNATURE", "ERR_WEBHOOK_PAYLOAD"];
    equal(reported, [...errors, "Error: database down", "PRODUCED"]);
  },

  async "events are ordered, including one with the malformed documented time"() {
    const webhooks = new KioskWebhooks({ environment: "sandbox" });
    const event = (data: object) => {
      const parsed = webhooks.parseUnverified(productionBody({ data }));
      if (parsed.type === "other") throw new Error("not a production event");
      return parsed;
    };
    const started = event({ status: "IN_PROGRESS", occurred_at: "2024-01-01T12:24:56Z" });
    const produced = event({ occurred_at: "2024-01-01T12:24:560Z" });
    const lost = event({ occurred_at: "2024-02-30T12:24:56Z" });
    const { state } = applyProductionEvent(undefined, produced);
    equal(applyProductionEvent(state, started).outcome, "stale");
    equal(applyProductionEvent(state, produced).outcome, "duplicate");
    equal(applyProductionEvent(state, lost).outcome, "unordered");
    equal(applyProductionEvent(applyProductionEvent(undefined, started).state, produced).outcome, "applied");
    equal(eventKey(started) === eventKey(produced), false);
    const card = { profileId: 123456n, cardToken: "35050a4a-9521-426e-8109-1396e3687a3e" };
    equal(applyProductionRead(state, card, started.production).outcome, "stale");
    equal(applyProductionRead(state, card, produced.production).outcome, "duplicate");
    equal(applyProductionRead(null, card, lost.production).outcome, "applied");
  },

  async "errors are recognised by class"() {
    const webhooks = new KioskWebhooks({ environment: "sandbox" });
    const error = await webhooks.verify("x", {}).catch((thrown: unknown) => thrown);
    equal([error instanceof KioskWebhookSignatureError, isKioskError(error)], [true, true]);
  },
};
