import { SHORTEST_SECRET } from "./secret-needles.js";

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
  const text = json.replaceAll(" ", "").replaceAll("+", "");
  for (const secret of secrets) {
    if (secret.length < SHORTEST_SECRET) continue;
    const beginning = secret.slice(0, SHORTEST_SECRET);
    if (!UNCHANGED.test(beginning) || holdsBeginning(text, beginning)) return true;
  }
  return false;
}

function holdsBeginning(text: string, beginning: string): boolean {
  return text.includes(beginning) || toBase64Parts(beginning).some((part) => text.includes(part));
}

/** The latest beginning and its Base64 text. Most tokens of a client begin alike, as all signed JSON web tokens do. */
let latest: { readonly beginning: string; readonly parts: readonly string[] } | undefined;

/** Returns 8 characters of the Base64 text of a beginning after 0, 1 and 2 other bytes. */
function toBase64Parts(beginning: string): readonly string[] {
  if (latest?.beginning !== beginning) {
    // Encoding the three of them together is faster.
    const base64 = btoa(`${beginning}\0\0${beginning}\0\0${beginning}`);
    latest = { beginning, parts: [base64.slice(0, 8), base64.slice(14, 22), base64.slice(27, 35)] };
  }
  return latest.parts;
}
