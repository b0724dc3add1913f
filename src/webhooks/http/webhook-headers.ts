import type { HeadersLike } from "./web-types.js";

/** The headers of a delivery: a `Headers`, or a record with names in any letter case, such as `req.headers` of Node.js. */
export type WebhookHeaders = HeadersLike | Readonly<Record<string, string | readonly string[] | null | undefined>>;

/**
 * Returns the values of a header. For a record, only its own properties count, so that an inherited property cannot pass for a
 * header. A value that is not headers at all has none.
 *
 * @param name in lower case.
 */
export function headerValues(headers: unknown, name: string): readonly unknown[] {
  if (typeof headers !== "object" || headers === null) return [];
  const values = isHeadersLike(headers) ? [headers.get(name)] : ownValues(headers as Record<string, unknown>, name);
  return values.filter((value) => value !== null && value !== undefined);
}

/** Returns the value of a header if there is exactly one and it is a string; otherwise `null`. */
export function singleHeader(headers: unknown, name: string): string | null {
  const values = headerValues(headers, name);
  const [value] = values;
  return typeof value === "string" && values.length === 1 ? value : null;
}

function isHeadersLike(headers: object): headers is HeadersLike {
  return typeof (headers as HeadersLike).get === "function";
}

/** It creates no lists of entries and compares lengths first, because each delivery is searched three times. */
function ownValues(headers: Readonly<Record<string, unknown>>, name: string): unknown[] {
  const values: unknown[] = [];
  for (const key of Object.keys(headers)) {
    if (key.length !== name.length || key.toLowerCase() !== name) continue;
    const value = headers[key];
    for (const each of Array.isArray(value) ? value : [value]) values.push(each);
  }
  return values;
}
