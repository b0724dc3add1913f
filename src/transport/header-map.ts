/** Header fields by name, or names and values in turn, as bytes: the two generations of dispatchers give one or the other. */
export type HeaderFields = Record<string, string | string[] | undefined> | readonly (Uint8Array | string | string[])[];

/** Header fields by their name in lower case; the values of one that comes more than once are joined, as `fetch` does it. */
export function headerMap(fields: HeaderFields): ReadonlyMap<string, string> {
  const map = new Map<string, string>();
  for (const [name, value] of Array.isArray(fields) ? pairs(fields) : Object.entries(fields)) {
    if (value === undefined) continue;
    const key = headerText(name).toLowerCase();
    const before = map.get(key);
    map.set(key, before === undefined ? headerText(value) : `${before}, ${headerText(value)}`);
  }
  return map;
}

function* pairs<T>(flat: readonly T[]): Generator<[T, T]> {
  for (let at = 0; at + 1 < flat.length; at += 2) yield [flat[at] as T, flat[at + 1] as T];
}

function headerText(value: Uint8Array | string | readonly (Uint8Array | string)[]): string {
  if (typeof value === "string") return value;
  return isList(value) ? value.map(headerText).join(", ") : Buffer.from(value).toString("latin1");
}

/** Bytes are what is not a list: those of a dispatcher may come from another realm, where `instanceof Uint8Array` says no. */
function isList<T>(value: Uint8Array | readonly T[]): value is readonly T[] {
  return Array.isArray(value);
}
