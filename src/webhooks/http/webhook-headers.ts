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
  const values = isHeadersLike(headers) ? [headers.get(name)] : ownValues(headers, name);
  return values.filter((value) => value !== null && value !== undefined);
}

/** Returns the value of a header if there is exactly one and it is a string; otherwise `null`. */
export function singleHeader(headers: unknown, name: string): string | null {
  const [value, ...more] = headerValues(headers, name);
  return typeof value === "string" && more.length === 0 ? value : null;
}

function isHeadersLike(headers: object): headers is HeadersLike {
  return "get" in headers && typeof headers.get === "function";
}

function ownValues(headers: object, name: string): unknown[] {
  // The length is compared first, because almost all headers differ in it, and every delivery is searched three times.
  const keys = Object.keys(headers).filter((key) => key.length === name.length && key.toLowerCase() === name);
  return keys.flatMap((key) => (headers as Record<string, unknown>)[key]);
}
