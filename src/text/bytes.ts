/**
 * Returns a view of the bytes of a `Uint8Array`, of any other view, or of an `ArrayBuffer`; `undefined` for anything else.
 *
 * The value may come from another realm. Test environments such as jsdom, and `node:vm`, have a `Uint8Array` of their own, so
 * `instanceof` says no to bytes that are perfectly good.
 */
export function toBytes(value: unknown): Uint8Array<ArrayBuffer> | undefined {
  try {
    if (!ArrayBuffer.isView(value)) return isArrayBuffer(value) ? new Uint8Array(value) : undefined;
    return new Uint8Array(value.buffer as ArrayBuffer, value.byteOffset, value.byteLength);
  } catch {
    // The buffer was transferred to another thread.
    return undefined;
  }
}

/** The getter of `byteLength` accepts the buffers of every realm, and throws for an object that only claims to be one. */
function isArrayBuffer(value: unknown): value is ArrayBuffer {
  try {
    return Reflect.get(ArrayBuffer.prototype, "byteLength", value) !== undefined;
  } catch {
    return false;
  }
}
