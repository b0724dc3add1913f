import type { KioskArgumentError } from "../../errors/argument-error.js";
import { KioskWebhookSignatureError } from "../../errors/webhook-errors.js";
import { type CheckedKey, VERIFICATION, type VerificationKey } from "./public-key.js";
import { malformed } from "./signature-header.js";

/**
 * The trusted keys. A signature by any of them is accepted. They are imported once. A key that the runtime cannot use does not
 * keep the others from matching; its error is kept for reporting.
 */
export class VerificationKeys {
  readonly #checked: readonly CheckedKey[];
  readonly #faults: KioskArgumentError[] = [];
  readonly #faultByKey = new Map<VerificationKey, KioskArgumentError>();
  #reported = 0;
  #importing: Promise<readonly VerificationKey[]> | undefined;
  #imported: readonly VerificationKey[] | undefined;

  /** @param keys at least one. */
  constructor(keys: readonly CheckedKey[]) {
    this.#checked = keys;
  }

  /**
   * Resolves if one of the keys signed this body: RSA PKCS#1 v1.5 with SHA-256 over the bytes.
   *
   * @throws {KioskWebhookSignatureError} `malformed` if the length fits none of the imported keys, otherwise `mismatch`.
   * @throws {KioskArgumentError} if no key can be imported, or if the runtime cannot verify with any key of that length.
   */
  async verify(body: Uint8Array<ArrayBuffer>, signature: Uint8Array<ArrayBuffer>): Promise<void> {
    this.#importing ??= this.#import();
    this.#imported ??= await this.#importing;
    const keys = this.#imported;
    const fitting = keys.filter(({ signatureLength }) => signatureLength === signature.length);
    if (fitting.length === 0) {
      const lengths = [...new Set(keys.map(({ signatureLength }) => signatureLength))].join(" or ");
      throw malformed(
        `has a signature of ${signature.length} bytes; signatures by the trusted keys have ${lengths}${this.#hint()}`,
      );
    }
    if (body.length === 0) throw mismatch("The body is empty: it was probably read before");
    let isChecked = false;
    for (const key of fitting) {
      try {
        if (await crypto.subtle.verify(VERIFICATION, key.cryptoKey, signature, body)) return;
        isChecked = true;
      } catch {
        this.#setAside(key);
      }
    }
    // Each key that the runtime cannot verify with has a fault.
    const [fault] = fitting.map((key) => this.#faultByKey.get(key));
    if (!isChecked) throw fault;
    throw mismatch(
      "The signature does not match this body under any trusted key: check that the environment is that of the " +
        `subscription, and that the body arrives unchanged${this.#hint()}`,
    );
  }

  /** Returns the errors of keys that cannot be used, each of them once. */
  takeFaults(): readonly KioskArgumentError[] {
    const faults = this.#faults.slice(this.#reported);
    this.#reported = this.#faults.length;
    return faults;
  }

  /** @throws {KioskArgumentError} the error of the first key, if none can be imported. */
  async #import(): Promise<readonly VerificationKey[]> {
    const keys: VerificationKey[] = [];
    for (const loaded of await Promise.allSettled(this.#checked.map(({ load }) => load()))) {
      if (loaded.status === "fulfilled") keys.push(loaded.value);
      else this.#faults.push(loaded.reason);
    }
    const [fault] = this.#faults;
    if (keys.length === 0) throw fault;
    return keys;
  }

  #setAside(key: VerificationKey): void {
    if (this.#faultByKey.has(key)) return;
    const fault = key.unusable();
    this.#faultByKey.set(key, fault);
    this.#faults.push(fault);
  }

  /** Names the unusable keys in a signature error, because `unwrap` without `onError` reports them nowhere else. */
  #hint(): string {
    if (this.#faults.length === 0) return "";
    return ` (unusable keys: ${this.#faults.map((fault) => fault.argument).join(", ")})`;
  }
}

function mismatch(message: string): KioskWebhookSignatureError {
  return new KioskWebhookSignatureError("mismatch", message);
}
