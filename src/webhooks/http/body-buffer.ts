import { toBytes } from "../../text/bytes.js";
import { toBodyBytes } from "./raw-body.js";

/**
 * Collects a body up to a limit, whatever `Content-Length` says. It copies the chunks, so that a body of 1 MiB in chunks of one
 * byte does not become a million objects.
 *
 * `transport` has a buffer of its own for responses: nothing in `webhooks` may import it, because it needs Node.js.
 */
export class BodyBuffer {
  readonly #limit: number;
  #bytes = new Uint8Array(4096);
  #length = 0;

  /** @param limit the maximum length of the body, in bytes. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /**
   * Appends a chunk. Returns `false`, and keeps nothing of the chunk, if the body would exceed the limit.
   *
   * @throws {KioskArgumentError} if the chunk is neither bytes nor text, because its length is then unknown.
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

  /** Returns the bytes collected so far. */
  bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length);
  }

  #grow(length: number): void {
    const larger = new Uint8Array(Math.max(length, Math.min(this.#limit, 2 * this.#bytes.length)));
    larger.set(this.bytes());
    this.#bytes = larger;
  }
}
