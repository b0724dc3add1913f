import { MAX_RESPONSE_BYTES } from "./http-message.js";

/** Collects the chunks of a response body, up to {@link MAX_RESPONSE_BYTES}. */
export class BoundedBody {
  #chunks: Uint8Array[] = [];
  #length = 0;

  /** Whether the body is larger than {@link MAX_RESPONSE_BYTES}. Further chunks are then ignored. */
  get oversized(): boolean {
    return this.#length > MAX_RESPONSE_BYTES;
  }

  /**
   * Adds a chunk.
   *
   * @throws {TypeError} if the chunk cannot be converted to bytes.
   */
  push(chunk: unknown): void {
    if (this.oversized) return;
    const bytes = toChunkBytes(chunk);
    this.#length += bytes.byteLength;
    const count = this.#chunks.push(bytes);
    // Many small chunks take far more memory than their bytes. To join them more often would take quadratic time.
    if (count > Math.max(64, this.#length / 64)) this.#chunks = [Buffer.concat(this.#chunks)];
  }

  /** Returns the collected bytes, at most {@link MAX_RESPONSE_BYTES}. A body of one chunk is not copied. */
  bytes(): Uint8Array {
    const whole = this.#chunks.length === 1 ? (this.#chunks[0] as Uint8Array) : Buffer.concat(this.#chunks);
    return this.oversized ? whole.subarray(0, MAX_RESPONSE_BYTES) : whole;
  }
}

function toChunkBytes(chunk: unknown): Uint8Array {
  if (Buffer.isBuffer(chunk)) return chunk;
  if (ArrayBuffer.isView(chunk)) return new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  return Buffer.from(chunk as string);
}
