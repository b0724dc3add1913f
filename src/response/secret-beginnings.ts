import { SHORTEST_SECRET } from "../text/shortest-secret.js";

/** Matches characters that no encoding but Base64 changes. Their Base64 text consists of letters and digits, at any offset. */
const UNCHANGED = /^[\w.-]+$/;

/** Matches a JSON text that may hold escapes, which could hide a secret. */
const ESCAPED = /[%&\\]/;

/**
 * Returns `false` only if it is certain that a redactor of these secrets would replace nothing in the values of a JSON text. It
 * takes a fraction of the time of a redactor, and almost every response is free of secrets.
 *
 * A redactor replaces only what holds the first 8 characters of a secret, or of its Base64 text at one of three offsets. Without
 * escapes these characters stand in the text as they are. They are the same for all forms of a secret if none of its first
 * characters is ever escaped; any other secret gets no such check.
 */
export function mayHoldSecret(json: string, secrets: Iterable<string>): boolean {
  if (ESCAPED.test(json)) return true;
  // No other whitespace stands in a JSON text as it is, and a redactor ignores it in Base64, like plus signs.
  const text = json.replace(/[ +]/g, "");
  for (const secret of secrets) {
    if (secret.length < SHORTEST_SECRET) continue;
    const beginning = secret.slice(0, SHORTEST_SECRET);
    if (!UNCHANGED.test(beginning) || toForms(beginning).some((form) => text.includes(form))) return true;
  }
  return false;
}

/** The latest beginning and its Base64 text. Most tokens of a client begin alike, as all signed JSON web tokens do. */
let latest: readonly string[] = [];

/** Returns a beginning, and 8 characters of its Base64 text after 0, 1 and 2 other bytes. */
function toForms(beginning: string): readonly string[] {
  if (latest[0] !== beginning) {
    // Encoding the three of them together is faster.
    const base64 = btoa(`${beginning}\0\0${beginning}\0\0${beginning}`);
    latest = [beginning, base64.slice(0, 8), base64.slice(14, 22), base64.slice(27, 35)];
  }
  return latest;
}
