import type { KioskArgumentError } from "../../errors/argument-error.js";
import { KioskWebhookSignatureError } from "../../errors/webhook-errors.js";
import { type CheckedKey, VERIFICATION, type VerificationKey } from "./public-key.js";
import { malformed } from "./signature-header.js";

/**
 * The trusted keys, any of which may have made a signature. They are imported once. A key that the runtime cannot use does not
 * keep the others from matching; its fault is kept to be reported.
 */
export class VerificationKeys {
  readonly #checked: readonly CheckedKey[];
  readonly #faults: KioskArgumentError[] = [];
  readonly #faultOf = new Map<VerificationKey, KioskArgumentError>();
  #reported = 0;
  #imported: Promise<readonly VerificationKey[]> | undefined;

  constructor(keys: readonly CheckedKey[]) {
    this.#checked = keys;
  }

  /**
   * Resolves if one of the keys has signed this body: RSA PKCS#1 v1.5 with SHA-256 over the bytes.
   *
   * @throws {KioskWebhookSignatureError} `malformed` if the length fits none of the keys, else `mismatch`.
   * @throws {KioskArgumentError} if no key can be used, so that nothing is known about the signature.
   */
  async verify(body: Uint8Array<ArrayBuffer>, signature: Uint8Array<ArrayBuffer>): Promise<void> {
    this.#imported ??= this.#import();
    const keys = await this.#imported;
    const fitting = keys.filter(({ signatureLength }) => signatureLength === signature.length);
    if (fitting.length === 0) {
      throw malformed(`has ${signature.length} bytes, which no signature by these keys has${this.#hint()}`);
    }
    if (body.length === 0)
      throw mismatch("The body is empty, and Wise never sends an empty one: something read it before");
    let isChecked = false;
    for (const key of fitting) {
      try {
        if (await crypto.subtle.verify(VERIFICATION, key.cryptoKey, signature, body)) return;
        isChecked = true;
      } catch {
        this.#setAside(key);
      }
    }
    const [fault] = fitting.map((key) => this.#faultOf.get(key));
    if (!isChecked && fault !== undefined) throw fault;
    throw mismatch(
      "The signature is not one of this body by these keys: check that the environment is the one of the subscription, and " +
        `that the body arrives here exactly as it was sent${this.#hint()}`,
    );
  }

  /** The faults of keys that cannot be used, each of them once. */
  takeFaults(): readonly KioskArgumentError[] {
    const faults = this.#faults.slice(this.#reported);
    this.#reported = this.#faults.length;
    return faults;
  }

  /** @throws {KioskArgumentError} the fault of the first key, if none can be imported. */
  async #import(): Promise<readonly VerificationKey[]> {
    const keys: VerificationKey[] = [];
    for (const loaded of await Promise.allSettled(this.#checked.map(({ load }) => load()))) {
      if (loaded.status === "fulfilled") keys.push(loaded.value);
      else this.#faults.push(loaded.reason);
    }
    const [fault] = this.#faults;
    if (keys.length === 0 && fault !== undefined) throw fault;
    return keys;
  }

  #setAside(key: VerificationKey): void {
    if (this.#faultOf.has(key)) return;
    const fault = key.unusable();
    this.#faultOf.set(key, fault);
    this.#faults.push(fault);
  }

  /** For those who never hear of the faults: `unwrap` without `onError`. */
  #hint(): string {
    if (this.#faults.length === 0) return "";
    return ` (not usable: ${this.#faults.map((fault) => fault.argument).join(", ")})`;
  }
}

function mismatch(message: string): KioskWebhookSignatureError {
  return new KioskWebhookSignatureError("mismatch", message);
}
