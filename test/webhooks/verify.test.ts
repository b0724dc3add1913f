import { constants, createHash, createPublicKey, sign } from "node:crypto";
import { runInNewContext } from "node:vm";
import { beforeAll, describe, expect, it } from "vitest";
import { KioskWebhookSignatureError, KioskWebhooks, WISE_WEBHOOK_KEYS } from "wise-card-kiosk/webhooks";
import { productionBody } from "../support/event-bodies.js";
import { createSignature, rsaKeyPair, signedHeaders, wise } from "../support/signed-delivery.js";

const webhooks = new KioskWebhooks({ publicKeys: [wise.publicKey] });
const body = productionBody();
const signature = createSignature(body);

const verify = (rawBody: unknown, headers: unknown): Promise<void> =>
  webhooks.verify(rawBody as string, headers as Headers);

const refusal = (reason: string) => ({ name: "KioskWebhookSignatureError", code: "ERR_WEBHOOK_SIGNATURE", reason });

describe("a missing signature", () => {
  it.each([
    ["no headers", {}],
    ["undefined", undefined],
    ["null", null],
    ["a string", `X-Signature-SHA256: ${signature}`],
    ["a number", 1],
    ["an array", ["X-Signature-SHA256", signature]],
    ["an array of pairs", [["X-Signature-SHA256", signature]]],
    ["a function", () => signature],
    ["empty Headers", new Headers()],
    ["Headers with an empty value", new Headers({ "X-Signature-SHA256": "" })],
    ["an empty value", { "X-Signature-SHA256": "" }],
    ["spaces", { "X-Signature-SHA256": "  " }],
    ["undefined as the value", { "X-Signature-SHA256": undefined }],
    ["null as the value", { "X-Signature-SHA256": null }],
    ["an empty array", { "X-Signature-SHA256": [] }],
    ["the retired header alone", { "X-Signature": signature }],
    ["a similar name", { "X-Signature-SHA-256": signature, "X-Signature-SHA256 ": signature }],
    ["an inherited header", Object.create({ "X-Signature-SHA256": signature })],
    ["the request instead of its headers", { method: "POST", headers: { "X-Signature-SHA256": signature } }],
    ["a promise of headers", Promise.resolve({ "X-Signature-SHA256": signature })],
  ])("rejects headers without a signature: %s", async (_, headers) => {
    await expect(verify(body, headers)).rejects.toMatchObject(refusal("missing"));
  });

  it("ignores a signature header on Object.prototype", async () => {
    const polluted = { value: signature, configurable: true, enumerable: true, writable: true };
    Object.defineProperty(Object.prototype, "x-signature-sha256", polluted);
    const reason = await catchReason(verify(body, {}));
    Reflect.deleteProperty(Object.prototype, "x-signature-sha256");
    expect(reason).toBe("missing");
  });

  it("rejects a missing signature whatever the body is", async () => {
    for (const anyBody of ["", "x", new Uint8Array(), new ArrayBuffer(4)]) {
      await expect(verify(anyBody, {})).rejects.toMatchObject(refusal("missing"));
    }
  });
});

describe("a malformed signature", () => {
  const urlSafe = signature.replaceAll("+", "-").replaceAll("/", "_");
  const bytes = Buffer.from(signature, "base64");

  it.each([
    ["a repeated header", { "X-Signature-SHA256": [signature, signature] }],
    ["the header in two letter cases", { "X-Signature-SHA256": signature, "x-signature-sha256": signature }],
    ["a repeated header with different values", { "X-Signature-SHA256": [signature, "AAAA"] }],
    ["a repeated header, joined", { "X-Signature-SHA256": `${signature}, ${signature}` }],
    ["missing padding", { "X-Signature-SHA256": signature.replace(/=+$/, "") }],
    ["extra padding", { "X-Signature-SHA256": `${signature}=` }],
    ["a line break at the end", { "X-Signature-SHA256": `${signature}\n` }],
    ["a leading space", { "X-Signature-SHA256": ` ${signature}` }],
    ["a space in the middle", { "X-Signature-SHA256": `${signature.slice(0, 9)} ${signature.slice(9)}` }],
    ["trailing garbage", { "X-Signature-SHA256": `${signature}AAAA` }],
    ["garbage after the padding", { "X-Signature-SHA256": `${signature}x` }],
    ["stray bits in the padding", { "X-Signature-SHA256": signature.replace(/.==$/, (end) => `${nextBase64(end)}==`) }],
    ["URL-safe Base64", { "X-Signature-SHA256": urlSafe }],
    ["hexadecimal", { "X-Signature-SHA256": bytes.toString("hex") }],
    ["another scheme", { "X-Signature-SHA256": `t=1700000000,v1=${signature}` }],
    ["another scheme with a prefix", { "X-Signature-SHA256": `sha256=${signature}` }],
    ["a JSON Web Signature", { "X-Signature-SHA256": "eyJhbGciOiJSUzI1NiJ9..c2lnbmF0dXJl" }],
    ["other text", { "X-Signature-SHA256": "käse" }],
    ["a number", { "X-Signature-SHA256": 5 }],
    ["an object", { "X-Signature-SHA256": { toString: () => signature } }],
    ["bytes", { "X-Signature-SHA256": bytes }],
    ["a byte too few", { "X-Signature-SHA256": bytes.subarray(1).toString("base64") }],
    ["a byte too many", { "X-Signature-SHA256": Buffer.concat([bytes, Buffer.of(0)]).toString("base64") }],
    ["a leading zero byte", { "X-Signature-SHA256": Buffer.concat([Buffer.of(0), bytes]).toString("base64") }],
    ["a signature by a longer key", { "X-Signature-SHA256": createSignature(body, rsaKeyPair(3072).privateKey) }],
  ])("rejects a malformed signature: %s", async (_, headers) => {
    await expect(verify(body, headers)).rejects.toMatchObject(refusal("malformed"));
  });

  it("rejects a signature header that was sent twice and joined by Headers", async () => {
    const headers = new Headers();
    headers.append("X-Signature-SHA256", signature);
    headers.append("X-Signature-SHA256", signature);
    await expect(verify(body, headers)).rejects.toMatchObject(refusal("malformed"));
  });

  it("names the length of a signature that fits no key, and each length that would fit once", async () => {
    const publicKeys = [wise.publicKey, rsaKeyPair().publicKey, rsaKeyPair(3072).publicKey];
    await expect(
      new KioskWebhooks({ publicKeys }).verify(body, { "X-Signature-SHA256": "AAAA" }),
    ).rejects.toMatchObject({
      message:
        "The X-Signature-SHA256 header has a signature of 3 bytes; signatures by the trusted keys have 256 or 384",
    });
  });
});

/** Returns another last character with the same significant bits. */
function nextBase64(end: string): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  return alphabet[alphabet.indexOf(end.charAt(0)) + 1] as string;
}

describe("a signature that does not match", () => {
  const { privateKey } = wise;
  const withPss = { key: privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };

  it.each([
    ["a signature over another body", createSignature(`${body} `)],
    ["a signature by another key", createSignature(body, rsaKeyPair().privateKey)],
    ["PSS", sign("sha256", Buffer.from(body), withPss).toString("base64")],
    ["SHA-1", sign("RSA-SHA1", Buffer.from(body), privateKey).toString("base64")],
    ["SHA-512", sign("RSA-SHA512", Buffer.from(body), privateKey).toString("base64")],
    ["zeros", Buffer.alloc(256).toString("base64")],
    ["the largest number", Buffer.alloc(256, 255).toString("base64")],
  ])("rejects a signature that does not match: %s", async (_, value) => {
    await expect(verify(body, { "X-Signature-SHA256": value })).rejects.toMatchObject(refusal("mismatch"));
  });

  it("rejects an empty body, even with a signature over it", async () => {
    for (const empty of ["", new Uint8Array(), Buffer.alloc(0), new ArrayBuffer(0)]) {
      await expect(verify(empty, signedHeaders(body))).rejects.toMatchObject(refusal("mismatch"));
      await expect(verify(empty, signedHeaders(""))).rejects.toMatchObject(refusal("mismatch"));
    }
  });

  it("rejects a body that was parsed and serialized again", async () => {
    const pretty = JSON.stringify(JSON.parse(body), null, 2);
    await expect(verify(body, signedHeaders(pretty))).rejects.toMatchObject(refusal("mismatch"));
  });

  it("rejects a signature with any bit flipped", { timeout: 60_000 }, async () => {
    const bytes = Buffer.from(signature, "base64");
    const outcomes = await Promise.all(
      Array.from({ length: bytes.length * 8 }, (_, bit) => {
        const flipped = Buffer.from(bytes);
        flipped.writeUInt8(flipped.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
        return catchReason(verify(body, { "X-Signature-SHA256": flipped.toString("base64") }));
      }),
    );
    expect(outcomes).toEqual(Array.from({ length: 2048 }, () => "mismatch"));
  });

  it("rejects a body with any byte changed", { timeout: 60_000 }, async () => {
    const bytes = Buffer.from(body);
    const outcomes = await Promise.all(
      Array.from(bytes, (byte, index) => {
        const changed = Buffer.from(bytes);
        changed.writeUInt8(byte ^ 1, index);
        return catchReason(verify(changed, { "X-Signature-SHA256": signature }));
      }),
    );
    expect(outcomes).toEqual(Array.from(bytes, () => "mismatch"));
  });
});

async function catchReason(verification: Promise<void>): Promise<string> {
  try {
    await verification;
    return "accepted";
  } catch (error) {
    return error instanceof KioskWebhookSignatureError ? error.reason : String(error);
  }
}

describe("a valid delivery", () => {
  it.each([
    ["a record", { "X-Signature-SHA256": signature }],
    ["a name in lower case", { "x-signature-sha256": signature }],
    ["a name in upper case", { "X-SIGNATURE-SHA256": signature }],
    ["an array of one value", { "x-signature-sha256": [signature] }],
    ["a record of another realm", runInNewContext("({ 'x-signature-sha256': [signature] })", { signature })],
    ["a record without a prototype", Object.assign(Object.create(null), { "x-signature-sha256": signature })],
    ["Headers", new Headers({ "x-signature-sha256": signature })],
    ["a Map with a name in lower case", new Map([["x-signature-sha256", signature]])],
    ["one among other headers", { get: "x", has: "y", "X-Signature": "old", "X-Signature-SHA256": signature }],
    ["one beside a name of the same length", { "X-Signature-SHA256": signature, "X-Signature-SHA512": "AAAA" }],
    ["one beside null and undefined", { "X-Signature-SHA256": [undefined, signature], "x-signature-sha256": null }],
  ])("accepts the signature header as %s", async (_, headers) => {
    await expect(verify(body, headers)).resolves.toBeUndefined();
  });

  const bytes = Buffer.from(body);
  const within = new Uint8Array([1, 2, ...bytes, 3]);

  it.each([
    ["a string", body],
    ["a Buffer", bytes],
    ["a Uint8Array", new Uint8Array(bytes)],
    ["a part of a larger buffer", within.subarray(2, -1)],
    ["an ArrayBuffer", new Uint8Array(bytes).buffer],
    ["a DataView", new DataView(within.buffer, 2, bytes.length)],
    ["a Uint8Array in shared memory", sharedCopy(bytes)],
    ["a Uint8Array of another realm, as in Jest", runInNewContext("new Uint8Array(bytes)", { bytes })],
    ["an ArrayBuffer of another realm", runInNewContext("new Uint8Array(bytes).buffer", { bytes })],
  ])("accepts the body as %s", async (_, rawBody) => {
    await expect(verify(rawBody, signedHeaders(body))).resolves.toBeUndefined();
  });

  it("verifies bytes unchanged, even if they are not UTF-8 or have a byte order mark", async () => {
    for (const raw of [Buffer.from([0xff, 0xfe, 0x80]), Buffer.from(`\uFEFF${body}`), Buffer.from([0])]) {
      await expect(verify(raw, signedHeaders(raw))).resolves.toBeUndefined();
      await expect(verify(raw.subarray(0, -1), signedHeaders(raw))).rejects.toMatchObject(refusal("mismatch"));
    }
    await expect(verify(body, signedHeaders(`\uFEFF${body}`))).rejects.toMatchObject(refusal("mismatch"));
  });

  it("verifies and parses a copy, so that later changes to the buffer have no effect", async () => {
    const buffer = Buffer.from(body);
    const unwrapped = webhooks.unwrap(buffer, signedHeaders(body));
    buffer.write("forged".repeat(9));
    await expect(unwrapped).resolves.toMatchObject({ production: { status: "PRODUCED" } });
  });

  it("accepts a signature by any of several keys of any size", async () => {
    const next = rsaKeyPair(3072);
    const rotating = new KioskWebhooks({ publicKeys: [wise.publicKey, next.publicKey, rsaKeyPair().publicKey] });
    await rotating.verify(body, { "X-Signature-SHA256": signature });
    await rotating.verify(body, { "X-Signature-SHA256": createSignature(body, next.privateKey) });
    const stranger = createSignature(body, rsaKeyPair().privateKey);
    await expect(rotating.verify(body, { "X-Signature-SHA256": stranger })).rejects.toMatchObject(refusal("mismatch"));
  });
});

function sharedCopy(bytes: Uint8Array): Uint8Array {
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
  shared.set(bytes);
  return shared;
}

describe("Wise's published keys", () => {
  it.each([
    ["production", "e86411cd96968b70488a1c11dcd22907075dfd25299800578c405c9010a0834a"],
    ["sandbox", "30bfe2d6312e1b03eedca03db05ee5d0ba3b57e648757b57d0d89a593f710edf"],
  ] as const)("contains the published key of %s, by its SHA-256", (environment, fingerprint) => {
    const der = createPublicKey(WISE_WEBHOOK_KEYS[environment]).export({ type: "spki", format: "der" });
    expect(createHash("sha256").update(der).digest("hex")).toBe(fingerprint);
  });

  it("protects Wise's published keys from changes by other code", () => {
    expect(() => Object.assign(WISE_WEBHOOK_KEYS, { production: wise.publicKey })).toThrow(TypeError);
  });

  it("trusts only the published key of the environment", async () => {
    for (const environment of ["production", "sandbox"] as const) {
      const published = new KioskWebhooks({ environment });
      await expect(published.verify(body, signedHeaders(body))).rejects.toMatchObject(refusal("mismatch"));
    }
  });

  it("trusts publicKeys instead of the published key", async () => {
    const replaced = new KioskWebhooks({ environment: "sandbox", publicKeys: [wise.publicKey] });
    await expect(replaced.verify(body, signedHeaders(body))).resolves.toBeUndefined();
  });
});

describe("a parsed body", () => {
  const parsed: unknown = JSON.parse(body);
  let refused: { argument: string; message: string };

  beforeAll(async () => {
    refused = await verify(parsed, signedHeaders(body)).then(
      () => expect.unreachable(),
      (error) => error,
    );
  });

  it("rejects a parsed body with an argument error", () => {
    expect(refused).toMatchObject({ name: "KioskArgumentError", code: "ERR_ARGUMENT", argument: "rawBody" });
  });

  it.each(["Express", "Fastify", "NestJS", "Hono", "Next.js", "AWS Lambda", "isBase64Encoded", "rawBody"])(
    "rejects a parsed body with advice that mentions %s",
    (word) => expect(refused.message).toContain(word),
  );

  it.each([[undefined], [null], [5], [[1, 2]], [{ type: "Buffer", data: [1] }], [new Blob(["x"])]])(
    "rejects a body of another type: %s",
    async (rawBody) => {
      await expect(verify(rawBody, signedHeaders(body))).rejects.toMatchObject({ argument: "rawBody" });
      await expect(webhooks.unwrap(rawBody as never, signedHeaders(body))).rejects.toMatchObject({
        argument: "rawBody",
      });
      expect(() => webhooks.parseUnverified(rawBody as never)).toThrow("rawBody must be");
    },
  );
});
