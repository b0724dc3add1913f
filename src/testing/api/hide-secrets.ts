/** What takes the place of a secret. */
export const HIDDEN = "[hidden]";

const UNDERSCORE = String.raw`(?:_|%5f|\\u005f)`;

/** The names of credentials. In a response, the `code` of an error is none. */
const OF_RESPONSES = "access_token|refresh_token|client_secret|assertion".replaceAll("_", UNDERSCORE);
const OF_REQUESTS = `${OF_RESPONSES}|code|token`;

/** Matches the value of a JSON field, even if it is cut off. */
const JSON_VALUE = String.raw`"(?:[^"\\]|\\.)*"?|[[{][^]*|[^\s,}\]]+`;

/**
 * Hides the values of credentials in a text, by their names: in a query, in a form, and in JSON, even if it is cut off. Wise
 * accepts credentials in few places, but programs also send them to others by mistake.
 *
 * @param text a path, a header field or a body of at most a few KiB: the time for malformed text grows with its square.
 * @param isResponse whether it is the body of a response.
 */
export function hideSecrets(text: string, isResponse = false): string {
  const isJson = /^\s*["[{]/.test(text);
  const fields = isJson
    ? hide(text, `"(?:${isResponse ? OF_RESPONSES : OF_REQUESTS})"\\s*:\\s*`, JSON_VALUE, `"${HIDDEN}"`)
    : hide(text, String.raw`"(?:${OF_REQUESTS})"(?:[^\r\n]*\r?\n)+?\r?\n`, String.raw`[^\r\n]+`);
  const start = String.raw`(?<=^|[^\w-]|%[\da-f]{2})`;
  return hide(fields, `${start}(?:${OF_REQUESTS})(?:=|%3d)`, isJson ? String.raw`(?:[^&"\\]|\\.)+` : "[^&\\r\\n]+");
}

function hide(text: string, before: string, secret: string, instead = HIDDEN): string {
  return text.replace(new RegExp(`(${before})(?:${secret})`, "gi"), `$1${instead}`);
}
