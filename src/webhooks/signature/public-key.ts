import { decode as decodeBase64Url } from "jose/base64url";
import { KioskArgumentError } from "../../errors/argument-error.js";
import { withLineBreaks } from "../../text/pem.js";
import { toBodyBytes } from "../http/raw-body.js";
import { decodeBase64 } from "./base64.js";
import { bitLength, rsaModulusBits } from "./rsa-modulus.js";

const MIN_BITS = 2048;

/** The algorithm that Wise signs with. */
export const VERIFICATION = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" } as const;

/** The last arguments of `importKey`. */
const AS_VERIFICATION_KEY = [VERIFICATION, true, ["verify"] as "verify"[]] as const;

const EXPECTED_KEY =
  "an RSA public key of 2048 bits or more, as SPKI PEM text (-----BEGIN PUBLIC KEY-----), JWK or CryptoKey";

/** An RSA public key as a JSON Web Key. */
export interface WebhookJwk {
  /** The key type: must be `RSA`. */
  readonly kty?: string | undefined;
  /** The modulus in base64url, of 2048 bits or more. */
  readonly n?: string | undefined;
  /** The exponent in base64url, normally `AQAB`. */
  readonly e?: string | undefined;
  /** The algorithm: `RS256` if present. */
  readonly alg?: string | undefined;
  /** The use: `sig` if present. */
  readonly use?: string | undefined;
  /** The operations: contain `verify` if present. */
  readonly key_ops?: readonly string[] | undefined;
}

/** The part that all implementations of `CryptoKey` share. */
export interface WebhookCryptoKey {
  /** Must be `public`. */
  readonly type: string;
  /** Must be `RSASSA-PKCS1-v1_5` with `SHA-256`, and 2048 bits or more. */
  readonly algorithm: {
    /** The name of the algorithm: `RSASSA-PKCS1-v1_5`. */
    readonly name: string;
  };
  /** Must contain `verify`. */
  readonly usages: readonly string[];
  /** Not read. */
  readonly extractable: boolean;
}

/**
 * An RSA public key of 2048 bits or more: SPKI PEM text (`-----BEGIN PUBLIC KEY-----`; line breaks may be escaped as `\n`, as in
 * environment variables), a JWK, or a `CryptoKey` for `RSASSA-PKCS1-v1_5` with `SHA-256` and the usage `verify`.
 */
export type WebhookPublicKey = string | WebhookJwk | WebhookCryptoKey;

/** The `CryptoKey` of the runtime. Not every set of types has that name. */
type NativeKey = Parameters<typeof crypto.subtle.verify>[1];

/** A key that can verify Wise signatures. */
export interface VerificationKey {
  /** The imported key. */
  readonly cryptoKey: NativeKey;
  /** The length of a signature, in bytes: that of the modulus. */
  readonly signatureLength: number;
  /** Returns the error for a key that the runtime fails to verify with. Only a forged `CryptoKey` gets this far. */
  readonly unusable: () => KioskArgumentError;
}

/** A key that was checked as far as possible without importing it. Key material never appears in an error. */
export interface CheckedKey {
  /**
   * Imports the key.
   *
   * @throws {KioskArgumentError} if the runtime cannot import it.
   */
  readonly load: () => Promise<VerificationKey>;
}

/**
 * Checks a public key as far as possible without importing it.
 *
 * @param key any value.
 * @param argument the name of the argument, for errors.
 * @throws {KioskArgumentError} if the value is not a key that can verify Wise signatures.
 */
export function checkPublicKey(key: unknown, argument: string): CheckedKey {
  const invalidKey = (fault: string) => new KioskArgumentError(argument, `${fault}: pass ${EXPECTED_KEY}`);
  if (typeof key === "string") {
    const spki = checkPem(key, invalidKey);
    return { load: () => importKey(() => crypto.subtle.importKey("spki", spki, ...AS_VERIFICATION_KEY), invalidKey) };
  }
  const cryptoKey = tryRead(() => parseCryptoKey(key));
  if (cryptoKey !== undefined) {
    const usable = checkCryptoKey(cryptoKey, invalidKey);
    return { load: async () => usable };
  }
  const jwk = tryRead(() => parseJwk(key));
  if (jwk === undefined) throw invalidKey("is not a key");
  const usable = checkJwk(jwk, invalidKey);
  return { load: () => importKey(() => crypto.subtle.importKey("jwk", usable, ...AS_VERIFICATION_KEY), invalidKey) };
}

async function importKey(load: () => Promise<unknown>, invalidKey: Refuse): Promise<VerificationKey> {
  const loaded = await load()
    .then(parseCryptoKey)
    .catch(() => undefined);
  if (loaded === undefined) throw invalidKey("is not a key that this runtime can import");
  return checkCryptoKey(loaded, invalidKey);
}

/** The properties of a `CryptoKey`, each read once: a forged one may return something else the next time, or throw. */
interface CryptoKeyFacts {
  readonly cryptoKey: NativeKey;
  readonly type: unknown;
  readonly usages: readonly unknown[];
  readonly name: unknown;
  readonly hash: unknown;
  readonly modulusLength: unknown;
  readonly exponentBits: number;
}

interface RsaAlgorithm {
  readonly name: string;
  readonly hash: { readonly name: string };
  readonly modulusLength: number;
  /** Not yet a `Uint8Array` under the compatibility dates of workerd before December 2023. */
  readonly publicExponent: Uint8Array | ArrayBuffer;
}

/** The properties of a JSON Web Key, each read once. */
interface JwkFacts extends Readonly<Record<"kty" | "n" | "e" | "d", unknown>> {
  readonly isForSignatures: boolean;
}

type Refuse = (fault: string) => KioskArgumentError;

/** Returns the bytes of a key in SPKI format. */
function checkPem(text: string, invalidKey: Refuse): Uint8Array<ArrayBuffer> {
  const pem = withLineBreaks(text).trim();
  if (pem.includes("PRIVATE KEY-----")) throw invalidKey("is a private key, which must never be used here");
  if (pem.includes("-----BEGIN RSA PUBLIC KEY-----")) {
    throw invalidKey("is in PKCS#1 format (openssl rsa -RSAPublicKey_in -pubout converts it)");
  }
  if (pem.includes("-----BEGIN CERTIFICATE-----")) {
    throw invalidKey("is a certificate (openssl x509 -pubkey -noout extracts the key)");
  }
  const base64 = /^-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\s]+)-----END PUBLIC KEY-----$/.exec(pem)?.[1] ?? "";
  const spki = decodeBase64(base64.replaceAll(/\s/g, "")) ?? new Uint8Array();
  const bits = rsaModulusBits(spki);
  if (bits === undefined) throw invalidKey("is not a single, complete RSA public key in SPKI PEM format");
  refuseShort(bits, invalidKey);
  return spki;
}

function checkJwk(jwk: JwkFacts, invalidKey: Refuse): { kty: string; n: string; e: string } {
  const { kty, n, e, d, isForSignatures } = jwk;
  if (d !== undefined) throw invalidKey("is a private key, which must never be used here");
  if (kty !== "RSA" || typeof n !== "string" || typeof e !== "string")
    throw invalidKey("is not the JWK of an RSA public key");
  if (!isForSignatures) throw invalidKey("is not a JWK for RS256 signatures");
  const [modulus, exponent] = [n, e].map((number) => tryRead(() => decodeBase64Url(number)));
  if (!modulus || !exponent) throw invalidKey("is a JWK with an n or e that is not base64url");
  refuseShort(bitLength(modulus), invalidKey);
  refuseTrivial(bitLength(exponent), invalidKey);
  return { kty, n, e };
}

function checkCryptoKey(facts: CryptoKeyFacts, invalidKey: Refuse): VerificationKey {
  const { cryptoKey, type, usages, name, hash, modulusLength, exponentBits } = facts;
  if (type !== "public") throw invalidKey("is not a public key");
  if (name !== VERIFICATION.name || hash !== VERIFICATION.hash) {
    throw invalidKey("is not a CryptoKey for RSASSA-PKCS1-v1_5 with SHA-256");
  }
  if (!usages.includes("verify")) throw invalidKey("is a CryptoKey without the `verify` usage");
  if (!Number.isSafeInteger(modulusLength)) throw invalidKey("is a CryptoKey of unknown size");
  refuseShort(Number(modulusLength), invalidKey);
  refuseTrivial(exponentBits, invalidKey);
  return {
    cryptoKey,
    signatureLength: Math.ceil(Number(modulusLength) / 8),
    unusable: () => invalidKey("is a CryptoKey that this runtime cannot verify with"),
  };
}

function refuseTrivial(exponentBits: number, invalidKey: Refuse): void {
  if (exponentBits < 2) throw invalidKey("has an exponent below 2, with which anyone could sign");
}

function refuseShort(bits: number, invalidKey: Refuse): void {
  if (bits < MIN_BITS) throw invalidKey(`is an RSA key of only ${bits} bits`);
}

/**
 * Reads the properties of a `CryptoKey`. It is recognised by its properties, because test runners pass keys from another realm, and
 * not every runtime tags them. The runtime rejects a forged one when it verifies.
 *
 * @throws {TypeError} if it is not one: it has no `algorithm`, or no list of `usages`.
 */
function parseCryptoKey(key: unknown): CryptoKeyFacts {
  const cryptoKey = key as NativeKey;
  const { type, usages } = cryptoKey;
  const {
    name,
    hash,
    modulusLength = 0,
    publicExponent = new Uint8Array(),
  } = cryptoKey.algorithm as Partial<RsaAlgorithm>;
  const exponentBits = bitLength(toBodyBytes(publicExponent));
  return { cryptoKey, type, usages: [...usages], name, hash: hash?.name, modulusLength, exponentBits };
}

/** @throws {TypeError} if the key is `null` or `undefined`. */
function parseJwk(key: unknown): JwkFacts | undefined {
  const { kty, n, e, d, alg = "RS256", use = "sig", key_ops = ["verify"] } = key as Readonly<Record<string, unknown>>;
  const isForSignatures = alg === "RS256" && use === "sig" && [key_ops].flat().includes("verify");
  return kty === undefined ? undefined : { kty, n, e, d, isForSignatures };
}

/** Returns what `read` returns; `undefined` if it throws, as it may for a forged key. */
function tryRead<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
