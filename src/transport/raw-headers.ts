import { headerText } from "./header-map.js";
import type { HeaderLookup } from "./http-message.js";

/** Header fields as they arrived. Most of them are never read, so they are not converted before someone asks for them. */
export class RawHeaders implements HeaderLookup {
  readonly #fields: readonly (Uint8Array | string)[];

  /** @param fields a flat list in which names and values alternate. */
  constructor(fields: readonly (Uint8Array | string)[]) {
    this.#fields = fields;
  }

  has(name: string): boolean {
    return this.#find(name, 0) >= 0;
  }

  get(name: string): string | undefined {
    let found: string | undefined;
    for (let at = this.#find(name, 0); at >= 0; at = this.#find(name, at + 2)) {
      const text = headerText(this.#fields[at + 1] as Uint8Array | string);
      found = found === undefined ? text : `${found}, ${text}`;
    }
    return found;
  }

  /** Returns the index of the next field of that name, or -1. */
  #find(name: string, from: number): number {
    for (let at = from; at + 1 < this.#fields.length; at += 2) {
      if (isNamed(this.#fields[at] as Uint8Array | string, name)) return at;
    }
    return -1;
  }
}

/**
 * Returns whether a field has a name of lower-case letters, digits and hyphens. It compares bytes, because creating a text for
 * each field takes longer: `| 0x20` turns capitals into lower case, and changes no other character of a name. An interceptor may
 * pass texts.
 */
function isNamed(field: Uint8Array | string, name: string): boolean {
  if (typeof field === "string") return field.toLowerCase() === name;
  return field.length === name.length && field.every((byte, at) => (byte | 0x20) === name.charCodeAt(at));
}
