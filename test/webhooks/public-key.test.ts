import { createPublicKey, generateKeyPairSync, randomBytes, type webcrypto } from "node:crypto";
import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { isKioskError, KioskArgumentError, KioskWebhooks, type WebhookPublicKey } from "wise-card-kiosk/webhooks";
import { productionBody } from "../support/event-bodies.js";
import { createSignature, rsaKeyPair, signedHeaders, unusableKey, wise } from "../support/signed-delivery.js";

const body = productionBody();
const headers = signedHeaders(body);
const { subtle } = globalThis.crypto;

const exportPem = (type: "spki" | "pkcs1"): string =>
  createPublicKey(wise.publicKey).export({ type, format: "pem" }).toString();
const privatePem = (type: "pkcs8" | "pkcs1"): string => wise.privateKey.export({ type, format: "pem" }).toString();
const publicJwk = createPublicKey(wise.publicKey).export({ format: "jwk" });

const withKeys = (publicKeys: unknown): KioskWebhooks =>
  new KioskWebhooks({ publicKeys } as { publicKeys: WebhookPublicKey[] });

/** Returns the error for a key: thrown by the constructor or, if only the runtime detects it, reported at the first delivery. */
async function catchRefusal(key: unknown): Promise<KioskArgumentError> {
  const reported: unknown[] = [];
  try {
    const publicKeys = [wise.publicKey, key] as WebhookPublicKey[];
    await new KioskWebhooks({ publicKeys, onError: (error) => reported.push(error) }).verify(body, headers);
  } catch (error) {
    reported.push(error);
  }
  expect(reported).toEqual([expect.any(KioskArgumentError)]);
  return reported[0] as KioskArgumentError;
}

/** Checks that an error shows no key material: no 16 consecutive characters of its Base64. */
function expectHidden(secret: string, error: KioskArgumentError): void {
  const shown = [error.message, error.stack, JSON.stringify(error), String(error), inspect(error, { depth: 9 })].join(
    "\n",
  );
  const characters = secret.replaceAll(/-----[A-Z0-9 ]+-----|\\n|\s/g, "");
  for (let start = 0; start + 16 <= characters.length; start += 8) {
    expect(shown).not.toContain(characters.slice(start, start + 16));
  }
}

async function importRsa(name: string, hash: string, usages: KeyUsage[] = ["verify"]): Promise<webcrypto.CryptoKey> {
  const der = createPublicKey(wise.publicKey).export({ type: "spki", format: "der" });
  return subtle.importKey("spki", der, { name, hash }, true, usages);
}

type KeyUsage = webcrypto.KeyUsage;

/** Creates an object with a getter that throws a hostile value. */
function throwing(name: string, properties: object): object {
  return Object.defineProperty({ ...properties }, name, {
    enumerable: true,
    get() {
      throw hostileProxy();
    },
  });
}

/** Creates a proxy that throws on every access. */
function hostileProxy(): object {
  const traps = new Proxy(
    {},
    {
      get: () => () => {
        throw new TypeError("hostile");
      },
    },
  );
  return new Proxy({}, traps);
}

function revokedProxy(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

const RSA = {
  name: "RSASSA-PKCS1-v1_5",
  hash: { name: "SHA-256" },
  modulusLength: 2048,
  publicExponent: Uint8Array.of(1, 0, 1),
};

/** Creates an object that looks like a CryptoKey in every detail. */
function forgedCryptoKey() {
  return { type: "public", extractable: true, usages: ["verify"], algorithm: RSA };
}

describe("an invalid key", () => {
  const short = rsaKeyPair(1024).publicKey;
  const ec = generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey;
  const ed = generateKeyPairSync("ed25519").publicKey;
  const spki = { type: "spki", format: "pem" } as const;
  const secret = randomBytes(256).toString("base64");

  it.each<[string, string, unknown]>([
    ["a key of 1024 bits", "only 1024 bits", short],
    ["a key of 2047 bits", "only 2047 bits", rsaKeyPair(2047).publicKey],
    ["a key of 512 bits", "only 512 bits", rsaKeyPair(512).publicKey],
    ["a key of 1024 bits as a JWK", "only 1024 bits", createPublicKey(short).export({ format: "jwk" })],
    ["a private key in PKCS#8 format", "private key", privatePem("pkcs8")],
    ["a private key in PKCS#1 format", "private key", privatePem("pkcs1")],
    ["a private key with escaped line breaks", "private key", privatePem("pkcs8").replaceAll("\n", "\\n")],
    ["a public and a private key in one string", "private key", wise.publicKey + privatePem("pkcs8")],
    ["a private key as a JWK", "private key", wise.privateKey.export({ format: "jwk" })],
    ["a public key in PKCS#1 format", "PKCS#1", exportPem("pkcs1")],
    ["a certificate", "certificate", `-----BEGIN CERTIFICATE-----\n${secret}\n-----END CERTIFICATE-----`],
    ["an elliptic-curve key", "not a single, complete RSA public key", ec.export(spki)],
    ["an Ed25519 key", "not a single, complete RSA public key", ed.export(spki)],
    ["an elliptic-curve key as a JWK", "not the JWK of an RSA public key", ec.export({ format: "jwk" })],
    ["a symmetric key as a JWK", "not the JWK of an RSA public key", { kty: "oct", k: secret }],
    ["a JWK for encryption", "not a JWK for RS256", { ...publicJwk, use: "enc" }],
    ["a JWK with operations without verify", "not a JWK for RS256", { ...publicJwk, key_ops: ["encrypt", "wrapKey"] }],
    ["a JWK without operations", "not a JWK for RS256", { ...publicJwk, key_ops: [] }],
    ["a JWK with operations that are null", "not a JWK for RS256", { ...publicJwk, key_ops: null }],
    ["a JWK for PSS", "not a JWK for RS256", { ...publicJwk, alg: "PS256" }],
    ["a JWK for SHA-512", "not a JWK for RS256", { ...publicJwk, alg: "RS512" }],
    [
      "a JWK of another type with modulus and exponent",
      "not the JWK of an RSA public key",
      { ...publicJwk, kty: "EC" },
    ],
    ["a JWK without modulus", "not the JWK of an RSA public key", { kty: "RSA", e: "AQAB" }],
    ["a JWK without exponent", "not the JWK of an RSA public key", { kty: "RSA", n: publicJwk.n }],
    ["a JWK without type", "is not a key", { n: publicJwk.n, e: "AQAB" }],
    ["a JWK with an invalid modulus", "base64url", { kty: "RSA", n: "!".repeat(400), e: "AQAB" }],
    ["a key with an exponent that is not a number in DER", "this runtime can import", unusableKey()],
    ["a JWK with an empty exponent", "exponent", { ...publicJwk, e: "" }],
    ["a JWK with the exponent 1, with which anyone could sign", "exponent", { ...publicJwk, e: "AQ" }],
    ["a truncated key", "not a single, complete RSA public key", wise.publicKey.split("\n").toSpliced(2, 1).join("\n")],
    [
      "a key with an extra line",
      "not a single, complete RSA public key",
      wise.publicKey.replace("\n-----END", `\n${"A".repeat(64)}\n-----END`),
    ],
    ["two keys in one string", "not a single, complete RSA public key", wise.publicKey + wise.publicKey],
    [
      "a key without its PEM frame",
      "not a single, complete RSA public key",
      wise.publicKey.replaceAll(/-----.*-----/g, ""),
    ],
    ["an empty string", "not a single, complete RSA public key", ""],
    [
      "random bytes in a PEM frame",
      "not a single, complete RSA public key",
      `-----BEGIN PUBLIC KEY-----\n${secret}\n-----END PUBLIC KEY-----`,
    ],
    [
      "invalid Base64 in a PEM frame",
      "not a single, complete RSA public key",
      wise.publicKey.replace("\n-----END", "=\n-----END"),
    ],
    ["a Buffer", "is not a key", Buffer.from(wise.publicKey)],
    ["a KeyObject", "is not a key", createPublicKey(wise.publicKey)],
    ["undefined", "is not a key", undefined],
    ["null", "is not a key", null],
    ["a number", "is not a key", 5],
    ["an object", "is not a key", {}],
    ["an array of keys", "is not a key", [wise.publicKey]],
    ["a function", "is not a key", () => wise.publicKey],
    ["a symbol", "is not a key", Symbol(wise.publicKey)],
    ["a JWK with an invalid exponent", "base64url", { ...publicJwk, e: "!" }],
    ["an object with usages that are not iterable", "is not a key", { algorithm: {}, usages: 5 }],
    ["an object with a number as its exponent", "is not a key", { algorithm: { publicExponent: 2 ** 40 }, usages: [] }],
    ["a CryptoKey without a size", "size", { ...forgedCryptoKey(), algorithm: { ...RSA, modulusLength: Number.NaN } }],
    [
      "a CryptoKey with a string as its size",
      "size",
      { ...forgedCryptoKey(), algorithm: { ...RSA, modulusLength: "9999" } },
    ],
    ["an object with the property names of a CryptoKey", "is not a public key", { algorithm: {}, usages: [] }],
  ])("rejects %s without showing it", async (_, fault, key) => {
    const error = await catchRefusal(key);
    expect(error).toMatchObject({ code: "ERR_ARGUMENT", argument: "publicKeys[1]" });
    expect(error.message).toContain(fault);
    expect(error.message).toContain("-----BEGIN PUBLIC KEY-----");
    expect(error.message).toContain("2048 bits");
    expect(error.cause).toBeUndefined();
    if (typeof key === "string") expectHidden(key, error);
    if (typeof key === "object" && key !== null && "n" in key) expectHidden(String(key.n), error);
  });

  it.each<[string, unknown]>([
    ["an object with a kty that throws", throwing("kty", { n: "", e: "" })],
    ["an object with a modulus that throws", throwing("n", { kty: "RSA", e: "AQAB" })],
    ["an object with an algorithm that throws", throwing("algorithm", { usages: [] })],
    ["a proxy that throws on every access", hostileProxy()],
    ["a revoked proxy", revokedProxy()],
  ])("rejects %s as a key", (_, key) => {
    expect(() => withKeys([key])).toThrow(expect.objectContaining({ code: "ERR_ARGUMENT", argument: "publicKeys[0]" }));
  });

  it("rejects an invalid key in the constructor, unless only the runtime detects it", () => {
    expect(() => withKeys([short])).toThrow(KioskArgumentError);
    expect(() => withKeys([privatePem("pkcs8")])).toThrow(KioskArgumentError);
    expect(() => withKeys([exportPem("pkcs1")])).toThrow(KioskArgumentError);
    expect(() => withKeys([revokedProxy()])).toThrow(KioskArgumentError);
    expect(() => withKeys([unusableKey()])).not.toThrow();
    expect(() => withKeys([forgedCryptoKey()])).not.toThrow();
  });

  it("rejects a CryptoKey of another algorithm, hash, usage, type or size", async () => {
    const pair = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256", publicExponent: Uint8Array.of(1, 0, 1) };
    const made = await subtle.generateKey({ ...pair, modulusLength: 1024 }, true, ["sign", "verify"]);
    expect((await catchRefusal(made.publicKey)).message).toContain("only 1024 bits");
    expect((await catchRefusal(made.privateKey)).message).toContain("not a public key");
    expect((await catchRefusal(await importRsa("RSA-PSS", "SHA-256"))).message).toContain("not a CryptoKey for");
    expect((await catchRefusal(await importRsa("RSASSA-PKCS1-v1_5", "SHA-1"))).message).toContain(
      "not a CryptoKey for",
    );
    expect((await catchRefusal(await importRsa("RSASSA-PKCS1-v1_5", "SHA-512"))).message).toContain(
      "not a CryptoKey for",
    );
    expect((await catchRefusal(await importRsa("RSA-OAEP", "SHA-256", ["encrypt"]))).message).toContain(
      "not a CryptoKey for",
    );
    expect((await catchRefusal(await importRsa("RSASSA-PKCS1-v1_5", "SHA-256", []))).message).toContain(
      "without the `verify` usage",
    );
    const hmac = await subtle.generateKey({ name: "HMAC", hash: "SHA-256" }, true, ["sign", "verify"]);
    expect((await catchRefusal(hmac)).message).toContain("not a public key");
  });
});

describe("a valid key", () => {
  it.each<[string, unknown]>([
    ["SPKI PEM", wise.publicKey],
    ["SPKI PEM with escaped line breaks", wise.publicKey.replaceAll("\n", "\\n")],
    ["SPKI PEM with escaped Windows line breaks", wise.publicKey.replaceAll("\n", "\\r\\n")],
    ["SPKI PEM with Windows line breaks", wise.publicKey.replaceAll("\n", "\r\n")],
    ["SPKI PEM in one line", wise.publicKey.replaceAll("\n", " ")],
    ["SPKI PEM with surrounding whitespace", `\n  ${wise.publicKey}\n\n`],
    ["a JWK", publicJwk],
    ["a JWK with its purpose", { ...publicJwk, alg: "RS256", use: "sig", kid: "1", key_ops: ["verify"] }],
  ])("accepts a key as %s", async (_, key) => {
    await expect(withKeys([key]).verify(body, headers)).resolves.toBeUndefined();
  });

  it("accepts a key as a CryptoKey", async () => {
    const key = await importRsa("RSASSA-PKCS1-v1_5", "SHA-256");
    await expect(new KioskWebhooks({ publicKeys: [key] }).verify(body, headers)).resolves.toBeUndefined();
  });

  it("accepts a key with the exponent 3 as PEM and as a JWK", async () => {
    const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048, publicExponent: 3 });
    const signed = { "X-Signature-SHA256": createSignature(body, privateKey) };
    for (const key of [publicKey.export({ type: "spki", format: "pem" }), publicKey.export({ format: "jwk" })]) {
      await expect(withKeys([key]).verify(body, signed)).resolves.toBeUndefined();
    }
  });

  it.each([2049, 3072, 4096])("accepts a key of %i bits", { timeout: 60_000 }, async (bits) => {
    const longer = rsaKeyPair(bits);
    const signed = { "X-Signature-SHA256": createSignature(body, longer.privateKey) };
    await expect(withKeys([longer.publicKey]).verify(body, signed)).resolves.toBeUndefined();
  });
});

describe("invalid options of KioskWebhooks", () => {
  it.each<[string, string, unknown]>([
    ["undefined as the options", "environment", undefined],
    ["null as the options", "environment", null],
    ["options with neither environment nor keys", "environment", {}],
    ["an unknown environment", "environment", { environment: "staging" }],
    ["an inherited name as the environment", "environment", { environment: "toString" }],
    ["an unknown environment beside keys", "environment", { environment: "live", publicKeys: [wise.publicKey] }],
    ["an empty list of keys", "publicKeys", { publicKeys: [] }],
    ["an empty list of keys beside an environment", "publicKeys", { environment: "production", publicKeys: [] }],
    ["a key that is not in an array", "publicKeys", { publicKeys: wise.publicKey }],
    ["an array that cannot be read", "publicKeys", { publicKeys: revokedProxy() }],
    [
      "an array with a hole in front",
      "publicKeys[0]",
      { publicKeys: Object.assign(new Array(2), { 1: wise.publicKey }) },
    ],
    ["an onError that is not a function", "onError", { environment: "sandbox", onError: "log" }],
    ["null as onError", "onError", { environment: "sandbox", onError: null }],
    ["an empty list of subscriptions", "subscriptionIds", { environment: "sandbox", subscriptionIds: [] }],
    ["an empty subscription id", "subscriptionIds", { environment: "sandbox", subscriptionIds: [""] }],
    ["a subscription id with a line break", "subscriptionIds", { environment: "sandbox", subscriptionIds: ["a\n"] }],
    [
      "a subscription id that is not in an array",
      "subscriptionIds",
      { environment: "sandbox", subscriptionIds: "abc" },
    ],
    [
      "a subscription id that is not a string",
      "subscriptionIds",
      { environment: "sandbox", subscriptionIds: [undefined] },
    ],
    ["null as subscriptions", "subscriptionIds", { environment: "sandbox", subscriptionIds: null }],
    ["an empty list of clients", "clientIds", { environment: "sandbox", clientIds: [] }],
  ])("rejects the options of KioskWebhooks: %s", (_, argument, options) => {
    const error = catchError(() => new KioskWebhooks(options as { environment: "sandbox" }));
    expect(isKioskError(error) && error.code === "ERR_ARGUMENT" && error.argument).toBe(argument);
  });
});

it("says which environments there are if KioskWebhooks gets neither environment nor keys", () => {
  expect(() => new KioskWebhooks({} as { environment: "sandbox" })).toThrow(
    "environment must be 'production' or 'sandbox' (unless you pass `publicKeys`), not undefined",
  );
});

function catchError(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return expect.unreachable("nothing was thrown");
}

describe("trusted keys", () => {
  it("imports a key once, however many deliveries there are", async () => {
    const importKey = subtle.importKey;
    let imports = 0;
    subtle.importKey = function (this: typeof subtle, ...args: Parameters<typeof importKey>) {
      imports += 1;
      return importKey.apply(this, args);
    } as typeof importKey;
    try {
      const webhooks = withKeys([wise.publicKey]);
      await Promise.all(Array.from({ length: 20 }, () => webhooks.verify(body, headers)));
      await webhooks.verify(body, headers);
    } finally {
      Reflect.deleteProperty(subtle, "importKey");
    }
    expect(imports).toBe(1);
  });

  it("does not show keys when the receiver is inspected", () => {
    const shown = inspect(withKeys([publicJwk]), { depth: 9, showHidden: true });
    expect(shown).not.toContain(String(publicJwk.n).slice(0, 16));
  });
});
