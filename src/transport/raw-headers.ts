import { type HeaderFields, headerText, namesAndValues } from "./header-map.js";
import type { HeaderLookup } from "./http-message.js";

/** Header fields as they arrived. Most of them are never read, so they are not converted before someone asks for them. */
export class RawHeaders implements HeaderLookup {
  readonly #fields: Extract<HeaderFields, readonly unknown[]>;

  /** @param fields a flat list in which names and values alternate. */
  constructor(fields: Extract<HeaderFields, readonly unknown[]>) {
    this.#fields = fields;
  }

  has(name: string): boolean {
    for (const [field] of namesAndValues(this.#fields)) if (isNamed(field, name)) return true;
    return false;
  }

  get(name: string): string | undefined {
    const values: string[] = [];
    for (const [field, value] of namesAndValues(this.#fields)) if (isNamed(field, name)) values.push(headerText(value));
    return values.length === 0 ? undefined : values.join(", ");
  }
}

/** Compares the lengths first: that is enough for most fields. */
function isNamed(field: Uint8Array | string | readonly string[], name: string): boolean {
  return field.length === name.length && headerText(field).toLowerCase() === name;
}
