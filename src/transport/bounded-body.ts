import { MAX_BODY_BYTES } from "./http-message.js";

/** Collects the chunks of a body up to {@link MAX_BODY_BYTES}. */
export class BoundedBody {
  readonly #chunks: Uint8Array[] = [];
  #length = 0;

  get oversized(): boolean {
    return this.#length > MAX_BODY_BYTES;
  }

  push(chunk: Uint8Array): void {
    if (this.oversized) return;
    this.#chunks.push(chunk);
    this.#length += chunk.byteLength;
  }

  bytes(): Uint8Array {
    return Buffer.concat(this.#chunks).subarray(0, MAX_BODY_BYTES);
  }
}
