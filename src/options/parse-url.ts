/**
 * Parses an absolute URL that is given as a string or as a `URL`; returns `undefined` for anything else.
 *
 * The `URL` may come from another realm: jsdom and happy-dom have one of their own, so `instanceof` says no to a good one.
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
