import { base64url, importJWK, importSPKI } from "jose";
import { KioskArgumentError } from "../errors/argument-error.js";
import { decodeBase64 } from "./base64.js";
import { bitLength, rsaModulusBits } from "./rsa-modulus.js";

const MIN_BITS = 2048;

/** How Wise signs. */
export const VERIFICATION = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" } as const;

const WANTED =
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
}

/** A key that has been checked and can be imported. Nothing of it ever appears in an error. */
export interface CheckedKey {
  /** @throws {KioskArgumentError} where the runtime does not take it. */
  readonly load: () => Promise<VerificationKey>;
}

/**
 * Checks a public key, as far as that goes without importing it.
 *
 * @param argument the name of the argument, for errors.
 * @throws {KioskArgumentError} where it can not serve to verify signatures of Wise's.
 */
export function checkPublicKey(key: unknown, argument: string): CheckedKey {
  const refuse = (fault: string) => new KioskArgumentError(argument, `${fault}: give ${WANTED}`);
  const imported = (load: () => Promise<unknown>): CheckedKey => ({
    load: async () => {
      const loaded = await load().catch(() => undefined);
      if (!isCryptoKey(loaded)) throw refuse("is not a key that this runtime can import");
      return usable(loaded, refuse);
    },
  });
  if (typeof key === "string") {
    const pem = usablePem(key, refuse);
    return imported(() => importSPKI(pem, "RS256"));
  }
  if (isCryptoKey(key)) {
    const checked = usable(key, refuse);
    return { load: async () => checked };
  }
  if (isObject(key) && "kty" in key) {
    const { kty, n, e } = usableJwk(key, refuse);
    return imported(() => importJWK({ kty, n, e }, "RS256"));
  }
  throw refuse("is not a key");
}

interface RsaAlgorithm {
  readonly name: string;
  readonly hash: { readonly name: string };
  readonly modulusLength: number;
  /** Not yet a `Uint8Array` under the compatibility dates of workerd before December 2023. */
  readonly publicExponent: Uint8Array | ArrayBuffer;
}

type Refuse = (fault: string) => KioskArgumentError;

function usablePem(text: string, refuse: Refuse): string {
  const pem = text.replaceAll("\\r", "\r").replaceAll("\\n", "\n").trim();
  if (pem.includes("PRIVATE KEY-----")) throw refuse("is a private key, which has no business here");
  if (pem.includes("-----BEGIN RSA PUBLIC KEY-----")) {
    throw refuse("is in PKCS#1 form (openssl rsa -RSAPublicKey_in -pubout converts it)");
  }
  if (pem.includes("-----BEGIN CERTIFICATE-----")) {
    throw refuse("is a certificate (openssl x509 -pubkey -noout takes the key out of it)");
  }
  const [, base64] = /^-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\s]+)-----END PUBLIC KEY-----$/.exec(pem) ?? [];
  const spki = decodeBase64(base64?.replaceAll(/\s/g, "") ?? "");
  const bits = spki && rsaModulusBits(spki);
  if (bits === undefined) throw refuse("is not one whole RSA public key in SPKI PEM form");
  refuseShort(bits, refuse);
  return pem;
}

function usableJwk(jwk: object, refuse: Refuse): { kty: string; n: string; e: string } {
  const { kty, n, e, d, alg = "RS256", use = "sig" } = jwk as Record<string, unknown>;
  if (d !== undefined) throw refuse("is a private key, which has no business here");
  if (kty !== "RSA" || typeof n !== "string" || typeof e !== "string")
    throw refuse("is not the JWK of an RSA public key");
  if (alg !== "RS256" || use !== "sig") throw refuse("is a JWK for another purpose than RS256 signatures");
  const modulus = decodeBase64Url(n);
  if (modulus === undefined) throw refuse("is a JWK whose n is not base64url");
  refuseShort(bitLength(modulus), refuse);
  return { kty, n, e };
}

function decodeBase64Url(text: string): Uint8Array | undefined {
  try {
    return base64url.decode(text);
  } catch {
    return undefined;
  }
}

function usable(cryptoKey: NativeKey, refuse: Refuse): VerificationKey {
  const { name, hash, modulusLength = 0, publicExponent = [] } = cryptoKey.algorithm as Partial<RsaAlgorithm>;
  if (cryptoKey.type !== "public") throw refuse("is not a public key");
  if (name !== VERIFICATION.name || hash?.name !== VERIFICATION.hash) {
    throw refuse("is a CryptoKey for another algorithm than RSASSA-PKCS1-v1_5 with SHA-256");
  }
  if (!cryptoKey.usages.includes("verify")) throw refuse("is a CryptoKey that may not be used to verify");
  refuseShort(modulusLength, refuse);
  if (bitLength(new Uint8Array(publicExponent)) < 2) throw refuse("has an exponent below 3: anyone could sign");
  return { cryptoKey, signatureLength: Math.ceil(modulusLength / 8) };
}

function refuseShort(bits: number, refuse: Refuse): void {
  if (bits < MIN_BITS) throw refuse(`is an RSA key of only ${bits} bits`);
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/**
 * By its properties: test runners give keys from another realm, and not every runtime tags them. What only pretends to be one is
 * refused by the runtime.
 */
function isCryptoKey(value: unknown): value is NativeKey {
  return isObject(value) && "algorithm" in value && isObject(value.algorithm) && "usages" in value;
}
