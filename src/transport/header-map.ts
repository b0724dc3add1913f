/** Header fields: by name from newer dispatchers; as a flat list of names and values, usually bytes, from older ones. */
export type HeaderFields = Record<string, string | string[] | undefined> | readonly (Uint8Array | string | string[])[];

/** Returns header fields by lower-case name. The values of a repeated field are joined with commas, as `fetch` does. */
export function headerMap(fields: HeaderFields): ReadonlyMap<string, string> {
  const map = new Map<string, string>();
  for (const [name, value] of Array.isArray(fields) ? namesAndValues(fields) : Object.entries(fields)) {
    if (value === undefined) continue;
    const key = headerText(name).toLowerCase();
    const before = map.get(key);
    map.set(key, before === undefined ? headerText(value) : `${before}, ${headerText(value)}`);
  }
  return map;
}

/** Yields the names and values of header fields in a flat list, in which they alternate. The last value may be missing. */
export function* namesAndValues<T>(flat: readonly T[]): Generator<[T, T | undefined]> {
  for (let at = 0; at < flat.length; at += 2) yield [flat[at] as T, flat[at + 1]];
}

/** Returns the text of a name or value. */
export function headerText(value: Uint8Array | string | readonly (Uint8Array | string)[]): string {
  if (typeof value === "string") return value;
  return isList(value) ? value.map(headerText).join(", ") : toBuffer(value).toString("latin1");
}

function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes);
}

/**
 * Returns whether a value is a list, not bytes. Bytes may come from another realm, so `instanceof Uint8Array` would not recognise
 * them.
 */
function isList<T>(value: Uint8Array | readonly T[]): value is readonly T[] {
  return Array.isArray(value);
}
