import { toBytes } from "../../text/bytes.js";
import { toBodyBytes } from "./raw-body.js";

/**
 * Collects a body up to a limit, whatever was announced about its size. It copies: a body of 1 MiB in chunks of one byte must
 * not become a million objects.
 */
export class BodyBuffer {
  readonly #limit: number;
  #bytes = new Uint8Array(4096);
  #length = 0;

  /** @param limit how many bytes are kept; what goes beyond is only noticed. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /**
   * Adds a chunk. Gives `false`, and keeps nothing of it, where the body is now above the limit.
   *
   * @throws {KioskArgumentError} where it is neither bytes nor text, whose length could not be told.
   */
  append(chunk: unknown): boolean {
    const bytes = toBytes(chunk) ?? toBodyBytes(chunk);
    const length = this.#length + bytes.length;
    if (length > this.#limit) return false;
    if (length > this.#bytes.length) this.#grow(length);
    this.#bytes.set(bytes, this.#length);
    this.#length = length;
    return true;
  }

  /** What was collected. */
  bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length);
  }

  #grow(length: number): void {
    const larger = new Uint8Array(Math.max(length, Math.min(this.#limit, 2 * this.#bytes.length)));
    larger.set(this.bytes());
    this.#bytes = larger;
  }
}
