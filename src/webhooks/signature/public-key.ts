import { base64url, importJWK, importSPKI } from "jose";
import { KioskArgumentError } from "../../errors/argument-error.js";
import { withLineBreaks } from "../../text/pem.js";
import { toBodyBytes } from "../http/raw-body.js";
import { decodeBase64 } from "./base64.js";
import { bitLength, rsaModulusBits } from "./rsa-modulus.js";

const MIN_BITS = 2048;

/** How Wise signs. */
export const VERIFICATION = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" } as const;

const EXPECTED_KEY =
  "an RSA public key of 2048 bits or more, as SPKI PEM text (-----BEGIN PUBLIC KEY-----), JWK or CryptoKey";

/** An RSA public key in the form of a JSON Web Key. */
export interface WebhookJwk {
  readonly kty?: string | undefined;
  readonly n?: string | undefined;
  readonly e?: string | undefined;
  readonly alg?: string | undefined;
  readonly use?: string | undefined;
}

/** What every implementation of `CryptoKey` has. */
export interface WebhookCryptoKey {
  readonly type: string;
  readonly algorithm: { readonly name: string };
  readonly usages: readonly string[];
  readonly extractable: boolean;
}

/**
 * An RSA public key of 2048 bits or more: SPKI PEM text (`-----BEGIN PUBLIC KEY-----`, its line breaks also written as `\n`, as
 * environment variables have them), a JWK, or a `CryptoKey` for `RSASSA-PKCS1-v1_5` with `SHA-256` and the usage `verify`.
 */
export type WebhookPublicKey = string | WebhookJwk | WebhookCryptoKey;

/** The `CryptoKey` of the runtime, whose name not every set of types has. */
type NativeKey = Parameters<typeof crypto.subtle.verify>[1];

/** A key that can verify signatures of Wise's. */
export interface VerificationKey {
  readonly cryptoKey: NativeKey;
  /** In bytes: a signature has the length of the modulus. */
  readonly signatureLength: number;
  /** The error that says that the runtime failed to verify with this key: only a forged `CryptoKey` gets so far. */
  readonly unusable: () => KioskArgumentError;
}

/** A key that was checked as far as that is possible without importing it. Nothing of it ever appears in an error. */
export interface CheckedKey {
  /** @throws {KioskArgumentError} if the runtime cannot import it. */
  readonly load: () => Promise<VerificationKey>;
}

/**
 * Checks a public key, as far as that is possible without importing it.
 *
 * @param argument the name of the argument, for errors.
 * @throws {KioskArgumentError} if it cannot verify signatures of Wise's, whatever it is.
 */
export function checkPublicKey(key: unknown, argument: string): CheckedKey {
  const invalidKey = (fault: string) => new KioskArgumentError(argument, `${fault}: give ${EXPECTED_KEY}`);
  if (typeof key === "string") {
    const pem = usablePem(key, invalidKey);
    return { load: () => importedKey(() => importSPKI(pem, "RS256"), invalidKey) };
  }
  const cryptoKey = attempt(() => parseCryptoKey(key));
  if (cryptoKey !== undefined) {
    const usable = usableKey(cryptoKey, invalidKey);
    return { load: async () => usable };
  }
  const jwk = attempt(() => parseJwk(key));
  if (jwk === undefined) throw invalidKey("is not a key");
  const usable = usableJwk(jwk, invalidKey);
  return { load: () => importedKey(() => importJWK(usable, "RS256"), invalidKey) };
}

async function importedKey(load: () => Promise<unknown>, invalidKey: Refuse): Promise<VerificationKey> {
  const loaded = await load()
    .then(parseCryptoKey)
    .catch(() => undefined);
  if (loaded === undefined) throw invalidKey("is not a key that this runtime can import");
  return usableKey(loaded, invalidKey);
}

/** What a `CryptoKey` says of itself. It is read once: a forged one may say something else the next time, or throw. */
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

/** What a JSON Web Key says of itself, read once. */
type JwkFacts = Readonly<Record<"kty" | "n" | "e" | "d" | "alg" | "use", unknown>>;

type Refuse = (fault: string) => KioskArgumentError;

function usablePem(text: string, invalidKey: Refuse): string {
  const pem = withLineBreaks(text).trim();
  if (pem.includes("PRIVATE KEY-----")) throw invalidKey("is a private key, which must never be here");
  if (pem.includes("-----BEGIN RSA PUBLIC KEY-----")) {
    throw invalidKey("is in PKCS#1 form (openssl rsa -RSAPublicKey_in -pubout converts it)");
  }
  if (pem.includes("-----BEGIN CERTIFICATE-----")) {
    throw invalidKey("is a certificate (openssl x509 -pubkey -noout takes the key out of it)");
  }
  const [, base64] = /^-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\s]+)-----END PUBLIC KEY-----$/.exec(pem) ?? [];
  const spki = decodeBase64(base64?.replaceAll(/\s/g, "") ?? "");
  const bits = spki && rsaModulusBits(spki);
  if (bits === undefined) throw invalidKey("is not one whole RSA public key in SPKI PEM form");
  refuseShort(bits, invalidKey);
  return pem;
}

function usableJwk(jwk: JwkFacts, invalidKey: Refuse): { kty: string; n: string; e: string } {
  const { kty, n, e, d, alg, use } = jwk;
  if (d !== undefined) throw invalidKey("is a private key, which must never be here");
  if (kty !== "RSA" || typeof n !== "string" || typeof e !== "string")
    throw invalidKey("is not the JWK of an RSA public key");
  if (alg !== "RS256" || use !== "sig") throw invalidKey("is a JWK for another purpose than RS256 signatures");
  const modulus = attempt(() => base64url.decode(n));
  if (modulus === undefined) throw invalidKey("is a JWK whose n is not base64url");
  refuseShort(bitLength(modulus), invalidKey);
  const exponent = attempt(() => base64url.decode(e));
  if (exponent === undefined) throw invalidKey("is a JWK whose e is not base64url");
  refuseTrivial(bitLength(exponent), invalidKey);
  return { kty, n, e };
}

function usableKey(facts: CryptoKeyFacts, invalidKey: Refuse): VerificationKey {
  const { cryptoKey, type, usages, name, hash, modulusLength, exponentBits } = facts;
  if (type !== "public") throw invalidKey("is not a public key");
  if (name !== VERIFICATION.name || hash !== VERIFICATION.hash) {
    throw invalidKey("is a CryptoKey for another algorithm than RSASSA-PKCS1-v1_5 with SHA-256");
  }
  if (!usages.includes("verify")) throw invalidKey("is a CryptoKey that may not be used to verify");
  if (!Number.isSafeInteger(modulusLength)) throw invalidKey("is a CryptoKey whose size is not known");
  refuseShort(Number(modulusLength), invalidKey);
  refuseTrivial(exponentBits, invalidKey);
  return {
    cryptoKey,
    signatureLength: Math.ceil(Number(modulusLength) / 8),
    unusable: () => invalidKey("is a CryptoKey with which this runtime cannot verify"),
  };
}

function refuseTrivial(exponentBits: number, invalidKey: Refuse): void {
  if (exponentBits < 2) throw invalidKey("has an exponent below 3: anyone could sign");
}

function refuseShort(bits: number, invalidKey: Refuse): void {
  if (bits < MIN_BITS) throw invalidKey(`is an RSA key of only ${bits} bits`);
}

/**
 * Reads a `CryptoKey`, recognised by its properties: test runners give keys from another realm, and not every runtime tags them.
 * What only pretends to be one is refused by the runtime when it verifies.
 */
function parseCryptoKey(key: unknown): CryptoKeyFacts | undefined {
  if (!isRecord(key) || !("algorithm" in key) || !("usages" in key)) return undefined;
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

function parseJwk(key: unknown): JwkFacts | undefined {
  if (!isRecord(key) || !("kty" in key)) return undefined;
  const { kty, n, e, d, alg = "RS256", use = "sig" } = key as JwkFacts;
  return { kty, n, e, d, alg, use };
}

/** `undefined` also if reading throws, as it may with an object that only pretends to be a key. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
