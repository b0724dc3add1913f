/**
 * Returns a view of the bytes of a `Uint8Array`, any other view, or an `ArrayBuffer`; `undefined` for anything else.
 *
 * The value may come from another realm. `node:vm` and test environments such as jsdom have their own `Uint8Array`, so `instanceof`
 * would reject valid bytes.
 */
export function toBytes(value: unknown): Uint8Array<ArrayBuffer> | undefined {
  try {
    if (!ArrayBuffer.isView(value)) return isArrayBuffer(value) ? new Uint8Array(value) : undefined;
    return new Uint8Array(value.buffer as ArrayBuffer, value.byteOffset, value.byteLength);
  } catch {
    // The buffer was transferred, for example to another thread.
    return undefined;
  }
}

/** Whether a value is an `ArrayBuffer` of any realm: the `byteLength` getter throws for an object that only claims to be one. */
function isArrayBuffer(value: unknown): value is ArrayBuffer {
  try {
    return Reflect.get(ArrayBuffer.prototype, "byteLength", value) !== undefined;
  } catch {
    return false;
  }
}
