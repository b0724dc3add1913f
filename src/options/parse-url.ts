/**
 * Parses an absolute URL from a string or a `URL`. Returns `undefined` for anything else.
 *
 * The `URL` may come from another realm: jsdom and happy-dom have their own class, so `instanceof` would reject a valid one.
 */
export function parseUrl(value: unknown): URL | undefined {
  try {
    return typeof value === "string" || isUrl(value) ? new URL(String(value)) : undefined;
  } catch {
    return undefined;
  }
}

function isUrl(value: unknown): boolean {
  return typeof value === "object" && value !== null && "href" in value;
}
