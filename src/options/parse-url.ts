/**
 * Parses an absolute URL from a string or a `URL`. Returns `undefined` for anything else.
 *
 * The `URL` may come from another realm: jsdom and happy-dom have their own class, so `instanceof` would reject a valid one.
 */
export function parseUrl(value: unknown): URL | undefined {
  try {
    // For a primitive, `in` throws.
    return typeof value === "string" || "href" in (value as object) ? new URL(String(value)) : undefined;
  } catch {
    return undefined;
  }
}
