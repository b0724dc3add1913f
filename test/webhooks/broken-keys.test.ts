import { createPublicKey } from "node:crypto";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import {
  KioskArgumentError,
  type KioskWebhookHandlerOptions,
  KioskWebhookSignatureError,
  KioskWebhooks,
  type WebhookPublicKey,
} from "wise-card-kiosk/webhooks";
import { productionBody } from "../support/event-bodies.js";
import { createSignature, delivery, rsaKeyPair, signedHeaders, unusableKey, wise } from "../support/signed-delivery.js";

const body = productionBody();
const headers = signedHeaders(body);
const stranger = { "X-Signature-SHA256": createSignature(body, rsaKeyPair().privateKey) };

/** The second key of a rotation, with a typo. */
const broken = unusableKey();

/** A forged CryptoKey that only the runtime detects, when it verifies. */
const forged: WebhookPublicKey = {
  type: "public",
  extractable: true,
  usages: ["verify"],
  algorithm: Object.assign(
    { name: "RSASSA-PKCS1-v1_5" },
    {
      hash: { name: "SHA-256" },
      modulusLength: 2048,
      publicExponent: Uint8Array.of(1, 0, 1),
    },
  ),
};

const unusable: readonly (readonly [string, WebhookPublicKey])[] = [
  ["a key that cannot be imported", broken],
  ["a forged CryptoKey", forged],
];

function watchedHandler(webhooks: KioskWebhooks, options: Partial<KioskWebhookHandlerOptions> = {}) {
  const onProduction = vi.fn();
  const onError = vi.fn();
  return { handler: webhooks.handler({ onProduction, onError, ...options }), onProduction, onError };
}

describe.each(unusable)("%s beside a usable key", (name, key) => {
  it.each([
    ["before", [key, wise.publicKey]],
    ["after", [wise.publicKey, key]],
    ["before and after", [key, wise.publicKey, key]],
  ])(`matches a usable key with ${name} %s it`, async (_, publicKeys) => {
    const webhooks = new KioskWebhooks({ publicKeys });
    await expect(webhooks.verify(body, headers)).resolves.toBeUndefined();
    await expect(webhooks.unwrap(body, headers)).resolves.toMatchObject({ profileId: 123456 });
    await expect(webhooks.verify(body, stranger)).rejects.toMatchObject({ reason: "mismatch" });
  });

  it(`names ${name} in the error of a signature that does not match`, async () => {
    const webhooks = new KioskWebhooks({ publicKeys: [wise.publicKey, key] });
    await expect(webhooks.verify(body, stranger)).rejects.toThrow("publicKeys[1]");
    await expect(webhooks.verify(body, { "X-Signature-SHA256": "AAAA" })).rejects.toMatchObject({
      reason: "malformed",
    });
  });
});

describe("a key that cannot be used", () => {
  const publicKeys = [broken, wise.publicKey, forged];
  const reports = [["publicKeys[0]"], ["publicKeys[2]"]];
  const listArguments = (listener: ReturnType<typeof vi.fn>) =>
    listener.mock.calls.map(([error]) => [(error as KioskArgumentError).argument]);

  /** Makes deliveries that need every key, because the usable one does not match. */
  const deliverAll = async (deliver: () => Promise<unknown>) => {
    await Promise.allSettled(Array.from({ length: 10 }, deliver));
    await deliver().catch(() => {});
  };

  it("reports each unusable key once to onError of KioskWebhooks, from verify and unwrap", async () => {
    for (const method of ["verify", "unwrap"] as const) {
      const onError = vi.fn();
      const webhooks = new KioskWebhooks({ publicKeys, onError });
      await deliverAll(() => webhooks[method](body, stranger));
      expect(listArguments(onError)).toEqual(reports);
      expect(onError.mock.calls[0]).toEqual([expect.any(KioskArgumentError)]);
    }
  });

  it("reports each unusable key once to onError of the handler, with the context of the delivery", async () => {
    const { handler, onError } = watchedHandler(new KioskWebhooks({ publicKeys }));
    const statuses = await Promise.all(
      Array.from({ length: 5 }, async () => (await handler(delivery(body, stranger))).status),
    );
    expect(statuses).toEqual([503, 503, 503, 503, 503]);
    const faults = onError.mock.calls.filter(([error]) => error instanceof KioskArgumentError);
    expect(faults.map(([error]) => error.argument)).toEqual(["publicKeys[0]", "publicKeys[2]"]);
    expect(faults[0]?.[1].headers.get("x-signature-sha256")).toBe(stranger["X-Signature-SHA256"]);
    expect(onError).toHaveBeenCalledTimes(7);
  });

  it("reports unusable keys to onError of KioskWebhooks, and deliveries to that of the handler, if both exist", async () => {
    const onKeyFault = vi.fn();
    const { handler, onError } = watchedHandler(new KioskWebhooks({ publicKeys, onError: onKeyFault }));
    await handler(delivery(body, stranger));
    await handler(delivery(body, stranger));
    expect(listArguments(onKeyFault)).toEqual(reports);
    expect(onKeyFault.mock.calls[0]?.[1].headers.get("x-signature-sha256")).not.toBeNull();
    expect(onError.mock.calls.map(([error]) => error.code)).toEqual(["ERR_WEBHOOK_SIGNATURE", "ERR_WEBHOOK_SIGNATURE"]);
  });

  it("reports unusable keys and deliveries to onError of KioskWebhooks if the handler has none", async () => {
    const onError = vi.fn();
    const handler = new KioskWebhooks({ publicKeys, onError }).handler({ onProduction() {}, onError: undefined });
    await handler(delivery(body, stranger));
    expect(onError.mock.calls.map(([error]) => error.code)).toEqual([
      "ERR_ARGUMENT",
      "ERR_ARGUMENT",
      "ERR_WEBHOOK_SIGNATURE",
    ]);
  });

  it("keeps an unusable key until a handler with onError can report it", async () => {
    const webhooks = new KioskWebhooks({ publicKeys: [broken, wise.publicKey] });
    await webhooks.verify(body, headers);
    await webhooks.unwrap(body, headers);
    await webhooks.handler({ onProduction() {} })(delivery());
    const { handler, onError } = watchedHandler(webhooks);
    expect((await handler(delivery())).status).toBe(200);
    expect(listArguments(onError)).toEqual([["publicKeys[0]"]]);
    expect((await handler(delivery())).status).toBe(200);
    expect(onError).toHaveBeenCalledOnce();
  });

  it("accepts an event despite an unusable key, even if onError throws or rejects", async () => {
    for (const onError of [
      () => {
        throw new Error("logger down");
      },
      () => Promise.reject(new Error("logger down")),
    ]) {
      const webhooks = new KioskWebhooks({ publicKeys: [broken, wise.publicKey], onError });
      await expect(webhooks.unwrap(body, headers)).resolves.toMatchObject({ profileId: 123456 });
      const { handler, onProduction } = watchedHandler(
        new KioskWebhooks({ publicKeys: [broken, wise.publicKey], onError }),
      );
      expect((await handler(delivery())).status).toBe(200);
      expect(onProduction).toHaveBeenCalledOnce();
    }
  });
});

it("unwraps an event after a second if onError never settles", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const onError = vi.fn(() => new Promise(() => {}));
  const unwrapped = new KioskWebhooks({ publicKeys: [broken, broken, wise.publicKey], onError }).unwrap(body, headers);
  await vi.waitUntil(() => onError.mock.calls.length === 2);
  vi.advanceTimersByTime(1000);
  await expect(unwrapped).resolves.toMatchObject({ profileId: 123456 });
});

describe("a receiver without any usable key", () => {
  it.each(unusable)("rejects every delivery with an argument error if the only key is %s", async (_, key) => {
    const onError = vi.fn();
    const webhooks = new KioskWebhooks({ publicKeys: [key], onError });
    for (const signed of [headers, stranger]) {
      await expect(webhooks.verify(body, signed)).rejects.toMatchObject({
        code: "ERR_ARGUMENT",
        argument: "publicKeys[0]",
      });
    }
    await expect(webhooks.unwrap(body, headers)).rejects.toBeInstanceOf(KioskArgumentError);
    expect(onError).toHaveBeenCalledOnce();
  });

  it("responds with 500 if no key can be used, and reports each delivery once", async () => {
    const webhooks = new KioskWebhooks({ publicKeys: [broken, broken] });
    const { handler, onError, onProduction } = watchedHandler(webhooks, { invalidSignatureStatus: 400 });
    expect((await handler(delivery())).status).toBe(500);
    expect(onError.mock.calls.map(([error]) => error.argument).sort()).toEqual(["publicKeys[0]", "publicKeys[1]"]);
    expect((await handler(delivery())).status).toBe(500);
    expect(onError).toHaveBeenCalledTimes(3);
    expect(onProduction).not.toHaveBeenCalled();
  });

  it("reports a delivery that no key can verify to onError of the handler too, if KioskWebhooks has its own", async () => {
    const onKeyFault = vi.fn();
    const webhooks = new KioskWebhooks({ publicKeys: [broken], onError: onKeyFault });
    const { handler, onError } = watchedHandler(webhooks);
    await handler(delivery());
    expect(onKeyFault).toHaveBeenCalledExactlyOnceWith(expect.any(KioskArgumentError), expect.anything());
    expect(onError.mock.calls).toEqual(onKeyFault.mock.calls);
  });

  it("reports a missing signature as missing even if no key can be used", async () => {
    const webhooks = new KioskWebhooks({ publicKeys: [broken] });
    await expect(webhooks.verify(body, {})).rejects.toMatchObject({ reason: "missing" });
  });
});

describe("a key that is one bit or one character off", () => {
  const der = createPublicKey(wise.publicKey).export({ type: "spki", format: "der" });
  const jwk = createPublicKey(wise.publicKey).export({ format: "jwk" });
  const pem = wise.publicKey;

  const flippedBit = (bit: number): WebhookPublicKey => {
    const bytes = Buffer.from(der);
    bytes.writeUInt8(bytes.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
    return `-----BEGIN PUBLIC KEY-----\n${bytes.toString("base64")}\n-----END PUBLIC KEY-----`;
  };
  const flippedCharacter = (text: string, index: number) =>
    text.slice(0, index) + String.fromCharCode(text.charCodeAt(index) ^ 1) + text.slice(index + 1);

  /** Returns whether the constructor rejected the key. If not, checks that the usable key still works as if it were alone. */
  async function findOutcome(key: WebhookPublicKey): Promise<"refused" | "reported" | "unnoticed"> {
    const reported: unknown[] = [];
    let webhooks: KioskWebhooks;
    try {
      webhooks = new KioskWebhooks({ publicKeys: [key, wise.publicKey], onError: (error) => reported.push(error) });
    } catch (error) {
      expect(error).toMatchObject({ code: "ERR_ARGUMENT", argument: "publicKeys[0]" });
      return "refused";
    }
    await webhooks.verify(body, headers);
    const refusal = await webhooks.verify(body, stranger).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(KioskWebhookSignatureError);
    expect(reported.length).toBeLessThanOrEqual(1);
    return reported.length === 0 ? "unnoticed" : "reported";
  }

  it("keeps the usable key working, whichever bit of the other key's DER is flipped", {
    timeout: 120_000,
  }, async () => {
    const outcomes = await Promise.all(
      Array.from({ length: der.length * 8 }, (_, bit) => findOutcome(flippedBit(bit))),
    );
    expect(new Set(outcomes)).toEqual(new Set(["refused", "reported", "unnoticed"]));
  });

  it("keeps the usable key working, whichever character of the other key's PEM is changed", {
    timeout: 120_000,
  }, async () => {
    const keys = Array.from(pem, (_, index) => flippedCharacter(pem, index));
    expect(await Promise.all(keys.map(findOutcome))).toContain("unnoticed");
  });

  it("keeps the usable key working, whichever character of the other key's JWK is changed", {
    timeout: 120_000,
  }, async () => {
    const texts = (["kty", "n", "e"] as const).flatMap((name) => {
      const text = String(jwk[name]);
      return Array.from(text, (_, index) => ({ ...jwk, [name]: flippedCharacter(text, index) }));
    });
    expect(await Promise.all(texts.map(findOutcome))).toContain("unnoticed");
  });
});
