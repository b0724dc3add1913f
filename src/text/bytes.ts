/**
 * Returns a view of the bytes of a `Uint8Array`, any other view, or an `ArrayBuffer`; `undefined` for anything else.
 *
 * The value may come from another realm. `node:vm` and test environments such as jsdom have their own `Uint8Array`, so `instanceof`
 * would reject valid bytes.
 */
export function toBytes(value: unknown): Uint8Array<ArrayBuffer> | undefined {
  try {
    if (ArrayBuffer.isView(value)) {
      return new Uint8Array(value.buffer as ArrayBuffer, value.byteOffset, value.byteLength);
    }
    // This getter throws unless the value is an `ArrayBuffer` of any realm, and no object that only claims to be one.
    Reflect.get(ArrayBuffer.prototype, "byteLength", value);
    return new Uint8Array(value as ArrayBuffer);
  } catch {
    // It is something else, or the buffer was transferred, for example to another thread.
    return undefined;
  }
}
